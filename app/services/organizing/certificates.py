"""Certificates of attendance: who has earned one, how they look, and whether a number is one of ours.

A number is a registration's reference and a code derived from it under a key: it is stored nowhere, nobody can guess one, and
what it says is read each time. So it ends by itself where the check-in is undone, the person is erased or the meetup's
data is destroyed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.destruction import SHOWN_NONE
from app.domain.errors import DomainError
from app.domain.printing import certificates
from app.domain.writing.words import NO_WORDS, Words
from app.keys import keys
from app.models import CertificateDesign, Cohort, Meetup, Person, Registration
from app.services import audit
from app.services.organizing import attendees, images
from app.services.organizing.filters import Filter
from app.services.organizing.stored_filters import kinds
from app.services.personal import keeping

SAVED, PRINTED = "certificates.designed", "certificates.printed"
MOST = 2_000
"""In one file."""


@dataclass(frozen=True)
class Design:
    """What organizers say. Words left empty are the usual ones; `seal_id` is an image's."""

    is_on: bool = False
    signer: Words = NO_WORDS
    position: Words = NO_WORDS
    words: Words = NO_WORDS
    seal_id: int | None = None


def of_meetup(meetup_id: int) -> Design:
    kept = _kept(db.session(), meetup_id)
    if kept is None:
        return Design()
    return Design(
        kept.is_on,
        Words(kept.signer_ko, kept.signer_en),
        Words(kept.position_ko, kept.position_en),
        Words(kept.words_ko, kept.words_en),
        kept.seal_id,
    )


def seal_of(meetup_id: int) -> str | None:
    """The digest of the seal's picture."""
    kept = _kept(db.session(), meetup_id)
    return kept.seal.sha256 if kept and kept.seal else None


def seal_bytes(meetup_id: int) -> bytes:
    """The seal's picture; empty where there is none."""
    digest = seal_of(meetup_id)
    path = images.path_of(digest) if digest else None
    return path.read_bytes() if path and path.exists() else b""


def number_earned(meetup_id: int, wanted: Filter | None = None) -> int:
    """Of all, or of these whom a filter finds."""
    query = select(func.count()).select_from(Registration)
    query = query.where(Registration.meetup_id == meetup_id, *earned())
    if wanted is not None:
        query = query.where(Registration.id.in_(attendees.ids(meetup_id, wanted)))
    return db.session.scalar(query) or 0


def save(meetup_id: int, design: Design, actor: str) -> bool:
    """Whether anything changed. Certificates that are out are not: what they say is read when they are made."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if design == of_meetup(meetup_id):
            return False
        kept = _kept(session, meetup_id) or CertificateDesign(meetup_id=meetup_id)
        session.add(kept)
        kept.is_on, kept.seal_id, kept.changed_at = design.is_on, design.seal_id, now()
        for name in ("signer", "position", "words"):
            said: Words = getattr(design, name)
            setattr(kept, f"{name}_ko", said.ko)
            setattr(kept, f"{name}_en", said.en)
        audit.record(session, SAVED, meetup, actor, program_id=meetup.program_id, is_on=design.is_on)
        return True


def copy(session: Session, original: int, meetup_id: int) -> None:
    """The words and the seal; whether people take theirs is decided anew."""
    if kept := _kept(session, original):
        names = ("signer_ko", "signer_en", "position_ko", "position_en", "words_ko", "words_en", "seal_id")
        values = {name: getattr(kept, name) for name in names}
        session.add(CertificateDesign(meetup_id=meetup_id, is_on=False, changed_at=now(), **values))


def number_of(reference: str) -> str:
    return certificates.spelled(reference, tokens.certificate_code(keys().link, reference))


def found(typed: str) -> Registration | None:
    """Whose certificate it is, if it stands. The code is judged before anything is looked up."""
    parts = certificates.split_number(typed)
    if parts is None:
        return None
    reference, code = parts
    if not tokens.same(tokens.certificate_code(keys().link, reference), code):
        return None
    query = _whole().where(Registration.reference == reference, *earned())
    return db.session.scalars(query).one_or_none()


def own(registration: Registration) -> bool:
    """Whether this person gets theirs at their link now."""
    return stands(registration) and of_meetup(registration.meetup_id).is_on


def stands(registration: Registration) -> bool:
    """Whether this person has earned one."""
    return registration.admitted_at is not None and (
        db.session.scalar(select(Registration.id).where(Registration.id == registration.id, *earned()))
        is not None
    )


def until(registration: Registration, days: Mapping[int, dt.date]) -> dt.date | None:
    """The last day on which it can be checked; None: for as long as the data is there. `days`: of the meetup."""
    return days.get(registration.notice_version or SHOWN_NONE)


def days(meetup: Meetup) -> Mapping[int, dt.date]:
    """The last days of the meetup's data, by what people were told."""
    return keeping.remaining(db.session(), meetup)


def names(meetup_id: int) -> Iterator[tuple[str, tuple[str]]]:
    """Reference and name of everybody who has earned one."""
    query = select(Registration.reference, Person.name).join(Person, Person.id == Registration.person_id)
    query = query.where(Registration.meetup_id == meetup_id, *earned()).order_by(Person.name, Registration.id)
    return ((row.reference, (row.name,)) for row in db.session.execute(query))


def people(
    meetup: Meetup,
    reference: str | None,
    cohorts: frozenset[int],
    actor: str,
    reason: str,
    wanted: Filter | None = None,
) -> Sequence[Registration]:
    """Everybody who has earned one, those of some cohorts (by ordinal), or the one with this reference, by name; of these
    whom a filter finds. Noted before anything leaves."""
    query = _whole().where(Registration.meetup_id == meetup.id, *earned())
    if reference:
        query = query.where(Registration.reference == reference)
    elif cohorts:
        query = query.where(Registration.cohort.has(Cohort.ordinal.in_(cohorts)))
    if wanted is not None:
        query = query.where(Registration.id.in_(attendees.ids(meetup.id, wanted)))
    rows = db.session.scalars(query.limit(MOST + 1)).all()
    if len(rows) > MOST:
        raise DomainError("list_too_long", limit=MOST)
    if not rows:
        raise DomainError("no_certificates")
    names = sorted(rows, key=lambda row: (row.person.name.casefold(), row.id))
    for row in rows:
        db.session.expunge(row)
    with transaction() as session:
        subject = names[0] if reference else meetup
        about = {"restricted_by": kinds(wanted, besides=("statuses",))} if wanted else {}
        audit.record(
            session,
            PRINTED,
            subject,
            actor,
            program_id=meetup.program_id,
            rows=len(rows),
            reason=reason,
            **about,
        )
    return names


def earned() -> Sequence[ColumnElement[bool]]:
    """Conditions: came in by the door, by a name that an address, the list or an organizer stands behind, and is known still;
    the meetup is over. What became of it afterwards takes nothing back: they were there."""
    over = select(Meetup.id).where(Meetup.ends_at <= now())
    known = select(Person.id).where(Person.id == Registration.person_id, Person.erased_at.is_(None))
    known = known.correlate(Registration)
    return (
        Registration.admitted_at.is_not(None),
        Registration.is_verified.is_(True),
        Registration.meetup_id.in_(over),
        known.exists(),
    )


def _whole() -> Select[Registration]:
    return select(Registration).options(
        joinedload(Registration.person, innerjoin=True),
        joinedload(Registration.cohort),
        joinedload(Registration.meetup, innerjoin=True).joinedload(Meetup.program, innerjoin=True),
    )


def _kept(session: Session, meetup_id: int) -> CertificateDesign | None:
    query = select(CertificateDesign).where(CertificateDesign.meetup_id == meetup_id)
    return session.scalars(query.options(joinedload(CertificateDesign.seal))).one_or_none()
