"""What a person leaves in every table, and how it goes: deleted where it is about them alone, emptied where a count or
the ledger needs the row. Organizers' words about them go too, wherever they were typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session

from app.clock import now
from app.domain import tokens
from app.domain.door.walk_ins import WALK_IN_UNDONE
from app.domain.erasure import ERASED_NAME
from app.models import (
    AddressChange,
    AddressProof,
    AnswerSheet,
    AuditEntry,
    CheckIn,
    Claim,
    ConsentRecord,
    DrawEntry,
    ExportJob,
    FreshProof,
    IntroductionCard,
    MailState,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Payment,
    Person,
    PersonAddress,
    PersonPhone,
    PrintedBadge,
    Registration,
    RegistrationEvent,
    RegistrationNote,
    RegistrationTag,
    ReservedSeat,
    RosterCorrection,
    RosterEntry,
    RosterUpload,
    StoryQuote,
    SurveyReply,
    TableSeat,
    Ticket,
    ToldChange,
    WalkInCheck,
)
from app.services.alumni import roster_uploads
from app.services.door.walk_ins import REASON as WALKED_IN
from app.services.elsewhere.reasons import BROUGHT_IN, GAVE_UP
from app.services.fees.deadlines import NOT_PAID
from app.services.mails.accounts import ACCOUNT_KINDS
from app.services.organizing import export_jobs, tags, told_changes
from app.services.personal import erasing_words
from app.services.personal.erasing_words import Named, overwrite
from app.services.registering.still_coming import SAID_YES
from app.services.seating.draw_holding import DRAWN
from app.services.seating.promotion import PROMOTION
from app.services.seating.seat_release import NOT_ANSWERED

NEVER_DECIDED = "never decided"
# Reasons that the product itself writes.
CODES = (
    BROUGHT_IN,
    DRAWN,
    GAVE_UP,
    NEVER_DECIDED,
    NOT_ANSWERED,
    NOT_PAID,
    PROMOTION,
    SAID_YES,
    WALKED_IN,
    WALK_IN_UNDONE,
)
OF_A_REGISTRATION: tuple[Any, ...] = (
    FreshProof,
    Claim,
    AnswerSheet,
    ConsentRecord,
    DrawEntry,
    IntroductionCard,
    RegistrationNote,
    RegistrationTag,
    StoryQuote,
    SurveyReply,
    TableSeat,
    ToldChange,
    PrintedBadge,
)
OF_A_PERSON: tuple[Any, ...] = (
    AddressChange,
    MeetupInvitation,
    PersonAddress,
    PersonPhone,
    ReservedSeat,
    RosterCorrection,
    RosterEntry,
)


@dataclass(frozen=True)
class Traces:
    """By what a person is found in the tables. `keys`: of every address that is theirs, or that one of
    their registrations or changes names; not of one that was removed from the person before."""

    person: Person
    registrations: Sequence[Registration]
    keys: frozenset[str]

    @property
    def ids(self) -> list[int]:
        return [row.id for row in self.registrations]


def wipe(session: Session, traces: Traces) -> list[Named]:
    """In the caller's transaction, which holds the person, their registrations and the meetups of these. What was
    written to many and said their name."""
    _empty_words(session, traces)
    named = erasing_words.forget(session, traces.person, traces.keys)
    _forget_as_former(session, traces)
    # Any of these may name them: a list, and what an export of any meetup was searched for.
    roster_uploads.forget(session, RosterUpload.program_id == traces.person.program_id)
    export_jobs.forget(session, ExportJob.program_id == traces.person.program_id)
    theirs = func.lower(OutboxMail.address).in_(traces.keys)
    empty_mails(session, OutboxMail.program_id == traces.person.program_id, theirs)
    for of_person in OF_A_PERSON:
        session.execute(delete(of_person).where(of_person.person_id == traces.person.id))
    wipe_places(session, traces.registrations)
    for column, value in nameless().items():
        setattr(traces.person, column, value)
    session.flush()
    return named


def wipe_places(session: Session, rows: Sequence[Registration]) -> None:
    """What registrations say of their person; what they hold of a person who is known otherwise stays with that person."""
    ids = [row.id for row in rows]
    _empty_words_of_places(session, rows)
    meetups = {row.meetup_id for row in rows}
    export_jobs.forget(session, ExportJob.meetup_id.in_(meetups))  # they may stand in each of these files
    roster_uploads.forget(session, RosterUpload.meetup_id.in_(meetups))
    empty_mails(session, OutboxMail.registration_id.in_(ids))
    # Whoever was found on the roster after they walked in said a name at the door, too.
    came_as = select(WalkInCheck.came_as_id).where(WalkInCheck.registration_id.in_(ids))
    overwrite(session, Person, Person.id.in_(came_as), **nameless())
    called = told_changes.tags_of(session, ids)
    for of_registration in OF_A_REGISTRATION:
        session.execute(delete(of_registration).where(of_registration.registration_id.in_(ids)))
    tags.drop_unused(session, {row.meetup_id for row in rows})
    told_changes.forget_unused(session, called)
    overwrite(session, Payment, Payment.registration_id.in_(ids), depositor="", refund_account="")
    for row in rows:
        row.address, row.phone, row.arrival_alert = "", None, None
        row.companion_names, row.host_listed = [], None
        row.reference, row.link_revision = tokens.reference(), row.link_revision + 1
    session.flush()


def nameless() -> dict[str, Any]:
    """What is left of somebody's own row."""
    return {"name": ERASED_NAME, "search_key": "", "erased_at": now()}


def forget_proofs(session: Session, person: Person, keys: frozenset[str]) -> None:
    """Whoever is registering at this moment is waited for, and nobody begins to: a proof is what they register with."""
    meetups = select(Meetup.id).where(Meetup.program_id == person.program_id)
    theirs = or_(AddressProof.person_id == person.id, AddressProof.address_key.in_(keys))
    session.execute(
        delete(AddressProof)
        .where(AddressProof.meetup_id.in_(meetups), theirs)
        .execution_options(synchronize_session=False)
    )


def _empty_words(session: Session, traces: Traces) -> None:
    """Reasons that somebody typed about the person or their roster entries."""
    entries = session.scalars(select(RosterEntry.id).where(RosterEntry.person_id == traces.person.id))
    subjects = [
        f"{Person.__tablename__}:{traces.person.id}",
        *(f"{RosterEntry.__tablename__}:{number}" for number in entries),
    ]
    overwrite(session, AuditEntry, AuditEntry.subject.in_(subjects), reason="")


def _empty_words_of_places(session: Session, rows: Sequence[Registration]) -> None:
    """Reasons that somebody typed, and what a phone's camera read."""
    ids = [row.id for row in rows]
    tickets = session.scalars(select(Ticket.id).where(Ticket.registration_id.in_(ids)))
    subjects = [
        *(f"{Registration.__tablename__}:{number}" for number in ids),
        *(f"{Ticket.__tablename__}:{number}" for number in tickets),
    ]
    overwrite(session, AuditEntry, AuditEntry.subject.in_(subjects), reason="")
    overwrite(session, AuditEntry, AuditEntry.id.in_(_notes_about(session, rows)), reason="")
    typed = RegistrationEvent.registration_id.in_(ids), RegistrationEvent.reason.not_in(CODES)
    overwrite(session, RegistrationEvent, *typed, reason="")
    overwrite(session, WalkInCheck, WalkInCheck.registration_id.in_(ids), reason="")
    overwrite(session, CheckIn, CheckIn.registration_id.in_(ids), reason=None, payload=None)


def _notes_about(session: Session, rows: Sequence[Registration]) -> list[int]:
    """Entries about a meetup whose reason was given for one of these registrations: the others have it in their history."""
    meetups = {f"{Meetup.__tablename__}:{row.meetup_id}" for row in rows}
    query = select(AuditEntry.id, AuditEntry.details).where(
        AuditEntry.subject.in_(meetups), AuditEntry.reason != ""
    )
    ids = {row.id for row in rows}
    return [
        key for key, details in session.execute(query) if ids.intersection(details.get("registrations", ()))
    ]


def _forget_as_former(session: Session, traces: Traces) -> None:
    """A list check under another address, which is nobody known yet, may name one of these addresses."""
    here = (
        select(Registration.id)
        .join(Meetup, Meetup.id == Registration.meetup_id)
        .where(Meetup.program_id == traces.person.program_id)
    )
    named = func.lower(Claim.former_address).in_(traces.keys)
    overwrite(session, Claim, named, Claim.registration_id.in_(here), former_address="")


def empty_mails(session: Session, *which: ColumnElement[bool]) -> None:
    """Kind, time and fate stay; nothing of what is still owed goes out. Mails of the office to its own are not theirs."""
    theirs = (*which, OutboxMail.kind.not_in(ACCOUNT_KINDS))
    overwrite(session, OutboxMail, *theirs, OutboxMail.state == MailState.QUEUED, state=MailState.DROPPED)
    emptied: dict[str, Any] = {
        "address": "",
        "params": {},
        "last_error": None,
        "copy": None,
        "leased_until": None,
    }
    overwrite(session, OutboxMail, *theirs, **emptied)
