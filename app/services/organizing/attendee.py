"""One attendee: what happened to a registration and who did it, its mails, and mailing them again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.db import db, transaction
from app.domain.door.walk_ins import WALK_IN_UNDONE, Check, check_of
from app.domain.errors import DomainError
from app.models import (
    Account,
    AuditEntry,
    Device,
    MailState,
    Meetup,
    OutboxMail,
    Person,
    Registration,
    RegistrationEvent,
    RosterEntry,
    Source,
    Status,
    Ticket,
)
from app.services import audit
from app.services.door import arrival_alerts, known_guests, walk_in_checks
from app.services.door.walk_ins import REASON as WALKED_IN
from app.services.elsewhere.reasons import BROUGHT_IN, GAVE_UP
from app.services.fees.deadlines import NOT_PAID
from app.services.mails import outbox
from app.services.organizing import conditions, desk_notes, joined_people, tags, told_changes
from app.services.organizing.door_moments import Moment, at_the_door
from app.services.organizing.told_changes import Told
from app.services.personal.erasing_rows import NEVER_DECIDED
from app.services.registering import companions, registrations
from app.services.registering.claims import MAIL as CLAIM_MAIL
from app.services.registering.still_coming import SAID_YES
from app.services.seating.approvals import DECIDED
from app.services.seating.draw_holding import DRAWN
from app.services.seating.seat_release import KEPT, KEPT_NO_MORE, NOT_ANSWERED, NOT_TOLD

TOLD = {
    "answers.changed": "answers_changed",
    desk_notes.ACT: "note_changed",
    tags.ACT: "tags_changed",
    KEPT: "seat_kept",
    KEPT_NO_MORE: "seat_kept_no_more",
    NOT_TOLD: "seat_kept_untold",
    "registration.corrected": "corrected",
    "registration.contact_corrected": "contact_corrected",
    known_guests.CONFIRMED: "guest_confirmed",
    known_guests.TAKEN_BACK: "guest_confirmation_taken_back",
    known_guests.RENAMED: "guest_renamed",
    "registration.link_renewed": "link_renewed",
    "registration.address_changed": "address_changed",
    "registration.address_put_back": "address_put_back",
    **{
        f"fee.{act}": f"fee_{act}"
        for act in (
            "paid",
            "waived",
            "taken_back",
            "refunded",
            "seat_kept",
            "seat_kept_no_more",
            "seat_kept_untold",
        )
    },
}

WITH_REASON = frozenset(
    {"registration.corrected", "registration.contact_corrected", desk_notes.ACT, tags.ACT}
)


def find(meetup_id: int, reference: str) -> Registration | None:
    """This meetup's registration of that number, with everything that its page shows of the person."""
    person = joinedload(Registration.person, innerjoin=True)
    return db.session.scalars(
        select(Registration)
        .where(Registration.meetup_id == meetup_id, Registration.reference == reference)
        .options(
            joinedload(Registration.cohort),
            person.options(selectinload(Person.addresses), selectinload(Person.phones)),
        )
    ).one_or_none()


def is_reached(registration: Registration) -> bool:
    """Whether mails arrive: there is an address, it isn't dead, and no mail of this registration was given up."""
    unreached = conditions.unreached(registration.meetup_id)
    query = select(Registration.id).where(Registration.id == registration.id, unreached)
    return db.session.scalar(query) is None


def is_on_roster(registration: Registration) -> bool:
    """Whether the roster of the registration's cohort has its person; a claimant only says so."""
    entry = select(RosterEntry.id).where(
        RosterEntry.cohort_id == registration.cohort_id, RosterEntry.person_id == registration.person_id
    )
    return db.session.scalar(entry) is not None


def walk_in(meetup: Meetup, registration: Registration) -> Check | None:
    """Whether somebody stands behind a walk-in's word on who they are; None for whoever registered."""
    if registration.source is not Source.WALK_IN:
        return None
    check = walk_in_checks.of_registration(registration.id)
    return check_of(
        says_cohort=registration.cohort_id is not None and registration.person.erased_at is None,
        verifies=meetup.door_verifies_walk_ins,
        decided=check is not None,
        found=check is not None and check.person_id is not None,
    )


def history(registration_id: int) -> list[Moment]:
    """Everything that happened to the registration, its tickets and at the door; the latest first."""
    events = db.session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.registration_id == registration_id)
    )
    source = db.session.scalar(select(Registration.source).where(Registration.id == registration_id))
    asked = registrations.asked_to_cancel(registration_id)
    moments = [Moment(event.at, _became(event, source, asked), event.actor, _why(event)) for event in events]
    moments += at_the_door(registration_id) + _reissues(registration_id) + _companions(registration_id)
    moments += _alerts(registration_id) + _consents(registration_id)
    words = told_changes.of_registration(registration_id)
    moments += [_told(entry, words) for entry in _tagged_with_others(registration_id)]
    moments += joined_people.moments(registration_id)
    moments += [_told(entry, words) for act in TOLD for entry in _audited(registration_id, act)]
    moments += [
        Moment(entry.at, act, entry.actor, entry.reason)
        for act in (walk_in_checks.FOUND, walk_in_checks.NOT_LISTED, walk_in_checks.TAKEN_BACK)
        for entry in _audited(registration_id, act)
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def _told(entry: AuditEntry, words: Mapping[str, Sequence[Told]]) -> Moment:
    """With what an edited list says of itself, why it was brought in, and what was changed into what."""
    reason = entry.reason if entry.act in WITH_REASON else ""
    told = words.get(entry.details.get("change", ""), ())
    said = {part for part, _before, _after in told}
    parts = tuple(part for part in entry.details.get("parts", ()) if part not in said)
    return Moment(entry.at, TOLD[entry.act], entry.actor, reason, parts=parts, told=told)


def _tagged_with_others(registration_id: int) -> list[AuditEntry]:
    """What was done to many stands with their meetup."""
    meetup_id = select(Registration.meetup_id).where(Registration.id == registration_id).scalar_subquery()
    subject = f"{Meetup.__tablename__}:{db.session.scalar(select(meetup_id))}"
    entries = select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.act == tags.ACT)
    return [
        entry
        for entry in db.session.scalars(entries)
        if registration_id in entry.details.get("registrations", ())
    ]


BY_REASON = {
    SAID_YES: "said_still_coming",
    NOT_ANSWERED: "seat_released",
    NOT_PAID: "seat_unpaid",
    GAVE_UP: "given_up_elsewhere",
    NEVER_DECIDED: "never_decided",
    WALK_IN_UNDONE: "walk_in_undone",
}


def _became(event: RegistrationEvent, source: Source | None, asked: str | None) -> str:
    if event.reason == DRAWN:
        return "drawn" if event.after is Status.CONFIRMED else "not_drawn"
    if told := BY_REASON.get(event.reason):
        return told
    if event.before is None:
        return _began(event, source)
    if event.before is event.after:
        return "moved_in_line"
    if event.after is Status.DECLINED and event.before is Status.APPLIED:
        return "not_selected"
    return _taken_back(event) if event.before is Status.DECLINED else _ended(event, asked)


def _ended(event: RegistrationEvent, asked: str | None) -> str:
    """The state; where an organizer was `asked` to cancel, whose wish it was."""
    on_request = event.after is Status.CANCELLED and event.actor == asked
    return "cancelled_on_request" if on_request else event.after.value


def _taken_back(event: RegistrationEvent) -> str:
    return "decline_taken_back" if event.after in DECIDED else "cancellation_taken_back"


def _began(event: RegistrationEvent, source: Source | None) -> str:
    if event.reason == BROUGHT_IN:
        return "brought_in"
    if source is Source.ADDED:
        return "added" if event.after is Status.CONFIRMED else "added_without_seat"
    if event.reason == WALKED_IN:
        return "walked_in"
    return event.after.value


def _why(event: RegistrationEvent) -> str:
    """The reason that somebody gave; of a draw, a "yes", a release and a walk-in it is what became of it."""
    began = {WALKED_IN} if event.before is None else set()
    return "" if event.reason in {DRAWN, *BY_REASON, BROUGHT_IN, *began} else event.reason


def names_of(actors: Iterable[str]) -> dict[str, str]:
    """The names of the accounts and staff phones among the actors, in two queries."""
    wanted = set(actors)
    accounts = db.session.scalars(select(Account).where(Account.id.in_(_ids(wanted, "account"))))
    devices = db.session.scalars(select(Device).where(Device.id.in_(_ids(wanted, "device"))))
    known = {f"account:{account.id}": account.name or account.address for account in accounts}
    return known | {f"device:{device.id}": device.name for device in devices}


def mails(registration_id: int) -> Sequence[OutboxMail]:
    """The mails about this registration, the latest first."""
    about = select(OutboxMail).where(OutboxMail.registration_id == registration_id)
    return db.session.scalars(about.order_by(OutboxMail.id.desc())).all()


MAILED_AGAIN = {**registrations.MAIL, Status.PENDING: CLAIM_MAIL}


def mail_again(registration_id: int, actor: str) -> None:
    """Owe the mail of the seat, of the place in line, or of the list check, once more."""
    with transaction() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        kind = MAILED_AGAIN.get(registration.status)
        if kind is None or not registration.address:
            raise DomainError("nothing_to_mail")
        waiting = select(OutboxMail.id).where(
            OutboxMail.registration_id == registration_id,
            OutboxMail.kind == kind,
            OutboxMail.state == MailState.QUEUED,
        )
        if session.scalars(waiting.limit(1)).first() is not None:
            raise DomainError("mail_on_its_way")
        program_id = registration.meetup.program_id
        outbox.enqueue(
            session,
            kind,
            registration.address,
            registration.locale,
            program_id=program_id,
            meetup_id=registration.meetup_id,
            registration_id=registration_id,
        )
        audit.record(session, "registration.mailed_again", registration, actor, program_id=program_id)


def _reissues(registration_id: int) -> list[Moment]:
    tickets = db.session.scalars(select(Ticket.id).where(Ticket.registration_id == registration_id))
    subjects = [f"{Ticket.__tablename__}:{ticket_id}" for ticket_id in tickets]
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.subject.in_(subjects), AuditEntry.act == "ticket.reissued")
    )
    return [Moment(entry.at, "ticket_reissued", entry.actor, entry.reason) for entry in entries]


def _companions(registration_id: int) -> list[Moment]:
    return [
        Moment(
            entry.at, "companions_set", entry.actor, f"+{entry.details['before']} → +{entry.details['after']}"
        )
        for entry in _audited(registration_id, companions.ACT)
    ]


def _alerts(registration_id: int) -> list[Moment]:
    return [
        Moment(entry.at, "alert_set" if entry.details["set"] else "alert_cleared", entry.actor)
        for entry in _audited(registration_id, arrival_alerts.ACT)
    ]


def _consents(registration_id: int) -> list[Moment]:
    """Changes after registering; what was said then stands with the registration."""
    return [
        Moment(entry.at, "consent_given" if given else "consent_withdrawn", entry.actor, entry.reason)
        for entry in _audited(registration_id, "consents.changed")
        for given in entry.details["given"].values()
    ]


def _audited(registration_id: int, act: str) -> Iterable[AuditEntry]:
    subject = f"{Registration.__tablename__}:{registration_id}"
    return db.session.scalars(select(AuditEntry).where(AuditEntry.subject == subject, AuditEntry.act == act))


def _ids(actors: Iterable[str], kind: str) -> list[int]:
    split = (actor.partition(":") for actor in actors)
    return [int(number) for found, _, number in split if found == kind and number.isdecimal()]
