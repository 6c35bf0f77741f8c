"""Taking an import of answers back: just what it wrote, of those whom nobody told or touched since.

Their registrations are deleted: nobody was refused or cancelled, so nothing may look like it, count it or mail about it. That
they were made and taken back stands in the audit trail; their ids are given to nobody else.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, Table, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import ACTIVE, Status
from app.models import (
    AddressProof,
    AnswerSheet,
    AuditEntry,
    Claim,
    DrawEntry,
    Meetup,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
    RegistrationEvent,
    Ticket,
)
from app.reading import among
from app.services import audit
from app.services.alumni.roster_uploads import KEPT_FOR
from app.services.elsewhere.reasons import BROUGHT_IN
from app.services.inviting import answers
from app.services.races import once_more
from app.services.seating import draw_entries, promotion
from app.services.seating.windows import require_ahead

ACT, UNDONE = "registrations.brought_in", "registrations.taken_back"
ONE_UNDONE = "registration.taken_back"  # of each person who is left
_WRITTEN: tuple[Any, ...] = (AnswerSheet, Claim, DrawEntry, RegistrationEvent, Ticket)


class Stays(enum.StrEnum):
    """Why a registration is not taken back; the first that fits."""

    ENDED = "ended"
    TOLD = "told"  # a mail about it is on its way or was sent
    SEEN = "seen"  # the person has proved their address here since
    TOUCHED = "touched"


@dataclass(frozen=True)
class Import:
    """One press, as the trail has it. `invitations`: those that say since `said_at` that somebody can't come, without those of
    `given_up` places, whose people were mailed."""

    id: int
    at: dt.datetime
    actor: str
    registrations: tuple[int, ...]
    invitations: tuple[int, ...]
    given_up: int
    said_at: dt.datetime | None
    is_undone: bool = False

    @property
    def until(self) -> dt.datetime:
        return self.at + KEPT_FOR


@dataclass(frozen=True)
class Written:
    """One of its registrations as it is now. `stays`: why it would not be taken back."""

    id: int
    reference: str
    name: str
    status: Status
    stays: Stays | None


@dataclass(frozen=True)
class TakenBack:
    """How many registrations, and of how many people it is no longer kept that they can't come."""

    registrations: int = 0
    declined: int = 0


def recent(meetup_id: int) -> list[Import]:
    """What can still be taken back, the latest first."""
    undone = _undone(db.session(), meetup_id)
    found = [_import(entry, undone) for entry in db.session.scalars(_entries(meetup_id, ACT))]
    return [each for each in found if not each.is_undone and (each.registrations or each.invitations)]


def newest(session: Session, meetup_id: int) -> int:
    """The id of the import that was noted last."""
    return session.scalars(_entries(meetup_id, ACT).with_only_columns(AuditEntry.id)).first() or 0


def find(meetup_id: int, import_id: int) -> Import | None:
    """Also one that can't be taken back any more."""
    named = AuditEntry.id == import_id, AuditEntry.subject == _subject(meetup_id), AuditEntry.act == ACT
    entry = db.session.scalars(select(AuditEntry).where(*named)).one_or_none()
    return _import(entry, _undone(db.session(), meetup_id)) if entry else None


def written(session: Session, of: Import) -> list[Written]:
    """All that it wrote and that is left, by name."""
    here = among(Registration.id, of.registrations)
    told = exists(OutboxMail.id).where(OutboxMail.registration_id == Registration.id)
    seen = exists(AddressProof.id).where(
        AddressProof.meetup_id == Registration.meetup_id,
        AddressProof.person_id == Registration.person_id,
        AddressProof.proved_at.is_not(None),
    )
    columns: tuple[Any, ...] = (
        Registration.id,
        Registration.reference,
        Person.name,
        Registration.status,
        told.label("told"),
        seen.label("seen"),
        _is_touched(of.actor).label("touched"),
    )
    query = select(*columns).join(Person, Person.id == Registration.person_id).where(here)
    rows = session.execute(query.order_by(Person.name, Registration.id))
    return [Written(row.id, row.reference, row.name, row.status, _why(row)) for row in rows]


def declining(session: Session, of: Import) -> list[int]:
    """The invitations by which it is still kept, as this import wrote it, that somebody can't come."""
    if of.is_undone or of.said_at is None:
        return []
    return answers.said_elsewhere(session, of.invitations, of.said_at, noted=of.id)


@once_more
def take_back(meetup_id: int, import_id: int, actor: str) -> TakenBack:
    """Nobody is mailed but those who move up. Twice is harmless."""
    of = find(meetup_id, import_id)
    if of is None or now() >= of.until:
        raise DomainError("import_stands")
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        draw_entries.close_if_due(session, meetup)
        if of.id in _undone(session, meetup_id):
            return TakenBack()
        here = among(Registration.id, of.registrations)
        session.execute(select(Registration.id).where(here).order_by(Registration.id).with_for_update())
        going = [each.id for each in written(session, of) if each.stays is None]
        _delete(session, meetup, going, actor)
        forgotten = answers.forget_elsewhere(session, meetup, declining(session, of), actor)
        if not going and not forgotten:
            return TakenBack()
        audit.record(
            session,
            UNDONE,
            meetup,
            actor,
            program_id=meetup.program_id,
            of=of.id,
            registrations=going,
            declined=forgotten,
        )
        promotion.promote(session, meetup)
        return TakenBack(len(going), forgotten)


def _delete(session: Session, meetup: Meetup, ids: Sequence[int], actor: str) -> None:
    """These registrations with all that the import wrote, also whoever is there by such a list check alone."""
    people = list(session.scalars(select(Registration.person_id).where(among(Registration.id, ids))))
    for table in _WRITTEN:
        session.execute(delete(table).where(among(table.registration_id, ids)))
    session.execute(delete(Registration).where(among(Registration.id, ids)))
    known = or_(*_hanging(Person, besides=[PersonAddress]))
    alone = list(session.scalars(select(Person.id).where(among(Person.id, people), ~known)))
    session.execute(delete(PersonAddress).where(among(PersonAddress.person_id, alone)))
    session.execute(delete(Person).where(among(Person.id, alone)))
    left = sorted(set(people) - set(alone))
    acts = [(ONE_UNDONE, f"{Person.__tablename__}:{number}") for number in left]
    audit.record_each(session, acts, actor, program_id=meetup.program_id, meetup=meetup.id)


def _hanging(model: Any, *, besides: Sequence[Any]) -> list[ColumnElement[bool]]:
    """For each foreign key to the model's rows that isn't one of `besides`: whether one names the row of the statement."""
    own, left_out = cast("Table", model.__table__), {each.__table__ for each in besides}
    return [
        exists().where(key.parent == own.c.id).correlate(own)
        for table in db.metadata.sorted_tables
        if table not in left_out
        for key in sorted(table.foreign_keys, key=lambda key: key.parent.name)
        if key.column is own.c.id
    ]


def _is_touched(importer: str) -> Any:
    """Whether anything stands on the registration that the import did not write."""
    event, sheet = RegistrationEvent, AnswerSheet
    of_registration = sheet.registration_id == Registration.id
    sheets = select(func.count()).select_from(sheet).where(of_registration)
    others = or_(event.reason != BROUGHT_IN, event.actor != importer)
    return or_(
        Registration.admitted_at.is_not(None),
        Registration.phone.is_not(None),
        Registration.host_entry.is_not(None),
        Registration.arrival_alert.is_not(None),
        Registration.companions > 0,
        Registration.link_revision > 1,
        exists(event.id).where(and_(event.registration_id == Registration.id, others)),
        sheets.correlate(Registration).scalar_subquery() > 1,
        exists(Ticket.id).where(Ticket.registration_id == Registration.id, Ticket.revision > 1),
        *_hanging(Registration, besides=[*_WRITTEN, OutboxMail]),
    )


def _why(row: Any) -> Stays | None:
    if row.status not in ACTIVE:
        return Stays.ENDED
    if row.told:
        return Stays.TOLD
    if row.seen:
        return Stays.SEEN
    return Stays.TOUCHED if row.touched else None


def _entries(meetup_id: int, act: str) -> Select[AuditEntry]:
    since = AuditEntry.at > now() - KEPT_FOR
    query = select(AuditEntry).where(AuditEntry.subject == _subject(meetup_id), since, AuditEntry.act == act)
    return query.order_by(AuditEntry.id.desc())


def _subject(meetup_id: int) -> str:
    return f"{Meetup.__tablename__}:{meetup_id}"


def _undone(session: Session, meetup_id: int) -> set[int]:
    """The imports that were taken back."""
    return {entry.details["of"] for entry in session.scalars(_entries(meetup_id, UNDONE))}


def _import(entry: AuditEntry, undone: set[int]) -> Import:
    said = entry.details
    registrations, invitations = (tuple(said.get(each, ())) for each in ("registrations", "invitations"))
    return Import(
        entry.id,
        entry.at,
        entry.actor,
        registrations,
        invitations,
        given_up=said.get("given_up", 0),
        said_at=dt.datetime.fromisoformat(said["said_at"]) if "said_at" in said else None,
        is_undone=entry.id in undone,
    )
