"""Taking an import of answers back: just what it wrote, of those whom nobody told or touched since.

Their registrations end with a line in their history, as everything here does, and the same file brings them in anew.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.registrations import ACTIVE, Status
from app.models import (
    AddressProof,
    AnswerSheet,
    AuditEntry,
    CheckIn,
    Claim,
    ConsentRecord,
    FreshProof,
    IntroductionCard,
    Meetup,
    OutboxMail,
    Payment,
    Person,
    PrintedBadge,
    Registration,
    RegistrationEvent,
    RegistrationNote,
    RegistrationTag,
    StoryQuote,
    SurveyReply,
    TableSeat,
    ToldChange,
)
from app.reading import among
from app.services import audit
from app.services.alumni.roster_uploads import KEPT_FOR
from app.services.elsewhere.reasons import BROUGHT_IN, TAKEN_BACK
from app.services.inviting.answers import forget_elsewhere
from app.services.registering import tickets
from app.services.registering.registration_changes import change
from app.services.seating import draw_entries, promotion
from app.services.seating.windows import require_ahead

ACT, UNDONE = "registrations.brought_in", "registrations.taken_back"
_WRITTEN_ON: tuple[Any, ...] = (
    CheckIn,
    ConsentRecord,
    FreshProof,
    IntroductionCard,
    Payment,
    PrintedBadge,
    RegistrationNote,
    RegistrationTag,
    StoryQuote,
    SurveyReply,
    TableSeat,
    ToldChange,
)


class Stays(enum.StrEnum):
    """Why a registration is not taken back; the first that fits."""

    ENDED = "ended"
    TOLD = "told"  # a mail about it is on its way or was sent
    SEEN = "seen"  # the person has proved their address here since
    TOUCHED = "touched"


@dataclass(frozen=True)
class Import:
    """One press, as the trail has it. `invitations`: those that say since that somebody can't come."""

    id: int
    at: dt.datetime
    actor: str
    registrations: tuple[int, ...]
    invitations: tuple[int, ...]
    given_up: int

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


def recent(meetup_id: int) -> list[Import]:
    """What can still be taken back, the latest first."""
    undone = {entry.details["of"] for entry in db.session.scalars(_entries(meetup_id, UNDONE))}
    found = map(_import, db.session.scalars(_entries(meetup_id, ACT)))
    return [each for each in found if each.id not in undone and (each.registrations or each.invitations)]


def newest(session: Session, meetup_id: int) -> int:
    """The id of the import that was noted last."""
    return session.scalars(_entries(meetup_id, ACT).with_only_columns(AuditEntry.id)).first() or 0


def find(meetup_id: int, import_id: int) -> Import | None:
    """Also one that can't be taken back any more."""
    named = AuditEntry.id == import_id, AuditEntry.subject == _subject(meetup_id), AuditEntry.act == ACT
    entry = db.session.scalars(select(AuditEntry).where(*named)).one_or_none()
    return _import(entry) if entry else None


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


def take_back(meetup_id: int, import_id: int, actor: str) -> int:
    """How many registrations go; nobody is mailed but those who move up. Twice is harmless."""
    of = find(meetup_id, import_id)
    if of is None or now() >= of.until:
        raise DomainError("import_stands")
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        require_ahead(meetup)
        draw_entries.close_if_due(session, meetup)
        going = [each.id for each in written(session, of) if each.stays is None]
        _end(session, going, actor)
        forgotten = forget_elsewhere(session, of.invitations)
        if not going and not forgotten:
            return 0
        audit.record(
            session,
            "registrations.taken_back",
            meetup,
            actor,
            program_id=meetup.program_id,
            of=of.id,
            registrations=going,
            declined=forgotten,
        )
        promotion.promote(session, meetup)
        return len(going)


def _end(session: Session, ids: Sequence[int], actor: str) -> None:
    if not ids:
        return
    query = select(Registration).where(among(Registration.id, ids)).order_by(Registration.id)
    rows = session.scalars(query.with_for_update()).all()
    checks = [row.id for row in rows if row.status is Status.PENDING]
    change(session, rows, Status.DECLINED, actor, TAKEN_BACK)
    tickets.revoke(session, *ids)
    decided = {"decided_at": now(), "decided_by": actor, "reason": ""}
    session.execute(update(Claim).where(among(Claim.registration_id, checks)).values(decided))


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
        *(exists().where(table.registration_id == Registration.id) for table in _WRITTEN_ON),
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


def _import(entry: AuditEntry) -> Import:
    said = entry.details
    registrations, invitations = (tuple(said.get(each, ())) for each in ("registrations", "invitations"))
    return Import(
        entry.id, entry.at, entry.actor, registrations, invitations, given_up=said.get("given_up", 0)
    )
