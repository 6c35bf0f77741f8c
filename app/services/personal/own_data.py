"""Everything that the programme holds about one person, for that person: docs/privacy.md names every key.

Nothing of others, no secrets, and none of the organizers' own words that the desk promises to show to organizers alone: the
reasons that they wrote, whom they want to be told of. Tags and notes are in it, and the desk says so where they are typed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import answer_words
from app.clock import now
from app.db import db, transaction
from app.models import (
    AddressChange,
    AddressProof,
    AnswerSheet,
    CheckIn,
    Claim,
    Cohort,
    ConsentRecord,
    DrawEntry,
    FreshProof,
    IntroductionCard,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Payment,
    Person,
    PersonAddress,
    PersonPhone,
    PrintedBadge,
    Program,
    Registration,
    RegistrationEvent,
    RegistrationNote,
    RegistrationTag,
    ReservedSeat,
    RosterCorrection,
    RosterEntry,
    StoryQuote,
    SurveyReply,
    TableSeat,
    Ticket,
    TickMark,
    ToldChange,
)
from app.services import audit
from app.services.alumni import attendance
from app.services.alumni.attendance import Attended
from app.services.mails import opt_outs
from app.services.organizing import notices
from app.services.personal import own_rows
from app.services.registering import question_sets

FORMAT = 1
ACT = "person.downloaded"
Found = dict[str, Any]
OF_A_REGISTRATION: tuple[Any, ...] = (
    RegistrationEvent,
    AnswerSheet,
    ConsentRecord,
    Ticket,
    CheckIn,
    TickMark,
    Claim,
    DrawEntry,
    OutboxMail,
    FreshProof,
    Payment,
    IntroductionCard,
    RegistrationTag,
    RegistrationNote,
    StoryQuote,
    SurveyReply,
    TableSeat,
    ToldChange,
    PrintedBadge,
)


def collect(person_id: int, locale: str) -> Found:
    """As a tree of lists and dicts; instants are datetimes. A bounded number of statements."""
    person = db.session.get_one(Person, person_id)
    program = db.session.get_one(Program, person.program_id)
    attended, addresses = attendance.history(person.id), _of_person(PersonAddress, person)
    return {
        "format": FORMAT,
        "made_at": now(),
        "program": program.name(locale),
        "name": person.name,
        "known_since": person.created_at,
        "addresses": [
            own_rows.taken(row, "address", "since:created_at", "no_mail_arrives_since:dead_since")
            for row in addresses
        ],
        "opted_out": opt_outs.has_opted_out(program.id, {row.address_key for row in addresses}),
        "phones": [
            own_rows.taken(row, "number", "since:created_at") for row in _of_person(PersonPhone, person)
        ],
        "roster_entries": [_entry(row) for row in _entries(person)],
        "roster_corrections": [
            own_rows.taken(row, "what:field", "former:was", "corrected_to:became", "at")
            for row in _of_person(RosterCorrection, person)
        ],
        "registrations": _registrations(person, locale, attended),
        "invitations": _invitations(person, locale),
        "attended": [
            {"meetup": _meetup(line.meetup, locale), "attendance": line.attendance.value} for line in attended
        ],
        "reserved_seats": _reserved(person, locale),
        "address_changes": [
            own_rows.taken(row, "former", "address", "at", "put_back_at:objected_at")
            for row in _of_person(AddressChange, person)
        ],
        "codes_asked": [
            own_rows.taken(row, "address", "asked_at:created_at", "proved_at")
            for row in _of_person(AddressProof, person)
        ],
    }


def note_download(program_id: int, person_id: int) -> None:
    """Leave an entry in the audit trail: the file leaves only if it was written."""
    with transaction() as session:
        audit.record(session, ACT, f"person:{person_id}", audit.PERSON, program_id=program_id)


def _of_person(model: Any, person: Person) -> Sequence[Any]:
    return db.session.scalars(select(model).where(model.person_id == person.id).order_by(model.id)).all()


def _entries(person: Person) -> Sequence[RosterEntry]:
    query = select(RosterEntry).join(RosterEntry.cohort).options(joinedload(RosterEntry.cohort))
    return db.session.scalars(query.where(RosterEntry.person_id == person.id).order_by(Cohort.ordinal)).all()


def _entry(row: RosterEntry) -> Found:
    said = own_rows.taken(
        row, "name", "other_name", "phone", "completed", "certificate", "note", "since:created_at"
    )
    return {"cohort": row.cohort.ordinal, "year": row.cohort.year, "address": row.address_key} | said


def _reserved(person: Person, locale: str) -> list[Found]:
    """Where they are named as a speaker or a guest, whether they registered or not."""
    query = select(ReservedSeat, Meetup).join(Meetup, Meetup.id == ReservedSeat.meetup_id)
    named = db.session.execute(query.where(ReservedSeat.person_id == person.id).order_by(ReservedSeat.id))
    return [
        {"meetup": _meetup(row.Meetup, locale), "reserved_as": row.ReservedSeat.role.value}
        | own_rows.taken(row.ReservedSeat, "since:created_at")
        for row in named
    ]


def _registrations(person: Person, locale: str, attended: Sequence[Attended]) -> list[Found]:
    meetup, cohort = joinedload(Registration.meetup, innerjoin=True), joinedload(Registration.cohort)
    query = select(Registration).where(Registration.person_id == person.id).options(meetup, cohort)
    rows = db.session.scalars(query.order_by(Registration.id)).all()
    parts = {model: _by_registration(model, [row.id for row in rows]) for model in OF_A_REGISTRATION}
    told = {line.registration.id: line.attendance.value for line in attended}
    return [
        _registration(row, {model: found[row.id] for model, found in parts.items()}, locale)
        | {"attendance": told.get(row.id)}
        for row in rows
    ]


def _invitations(person: Person, locale: str) -> list[Found]:
    query = select(MeetupInvitation, Meetup).join(Meetup, Meetup.id == MeetupInvitation.meetup_id)
    rows = db.session.execute(
        query.where(MeetupInvitation.person_id == person.id).order_by(MeetupInvitation.id)
    )
    return [{"meetup": _meetup(meetup, locale)} | own_rows.invitation(row) for row, meetup in rows]


def _by_registration(model: Any, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in db.session.scalars(
        select(model).where(model.registration_id.in_(ids)).order_by(*model.__table__.primary_key)
    ):
        found[row.registration_id].append(row)
    return found


def _registration(row: Registration, parts: Mapping[Any, list[Any]], locale: str) -> Found:
    told = {
        "meetup": _meetup(row.meetup, locale),
        "number": row.reference,
        "state": row.status.value,
        "state_since": row.status_at,
        "registered_at": row.created_at,
        "cohort": row.cohort.ordinal if row.cohort else None,
        "address": row.address,
        "phone": row.phone,
        "language": row.locale,
        "companions": row.companions,
        "companion_names": [name for name in row.companion_names if name],
        "larger_event": row.host_entry.value if row.host_entry else None,
        "on_hosts_list": row.host_listed.value if row.host_listed else None,
        "came_by": row.source.value,
        "verified": row.is_verified,
        "asked_to_answer_by": row.answer_by,
        "said_still_coming_at": row.coming_at,
        "stands_behind": row.stands_behind,
        "notice_version": row.notice_version,
    }
    return told | {
        "history": _each(parts[RegistrationEvent], _event),
        "answers": _answers(row, parts[AnswerSheet]),
        "consents": _consents(row, parts[ConsentRecord], locale),
        "list_check": _each(parts[Claim], own_rows.claim),
        "draw": _each(parts[DrawEntry], lambda each: own_rows.taken(each, "pseudonym", "place")),
        "tickets": _each(parts[Ticket], lambda each: own_rows.taken(each, "issued_at", "revoked_at")),
        "door": _each(parts[CheckIn], own_rows.check_in),
        "handed_out": _each(parts[TickMark], lambda each: own_rows.taken(each, "at", "given", "what:tick")),
        "mails": _each(parts[OutboxMail], own_rows.mail),
        "codes_asked": _each(parts[FreshProof], own_rows.code),
        "fee": _each(parts[Payment], own_rows.payment),
        "introduction": _each(parts[IntroductionCard], own_rows.introduction),
        "tags": sorted(each.tag.name for each in parts[RegistrationTag]),
        "notes": _each(
            parts[RegistrationNote], lambda each: own_rows.taken(each, "note:words", "changed_at")
        ),
        "changes": _each(
            parts[ToldChange], lambda each: own_rows.taken(each, "kind:part", "was:before", "is_now:after")
        ),
        "quotes": _each(parts[StoryQuote], own_rows.quote),
        "survey": _each(parts[SurveyReply], lambda _row: {"answered": True}),
        "tables": _each(parts[TableSeat], lambda each: own_rows.taken(each, "table:number")),
        "badges_printed": _each(parts[PrintedBadge], lambda each: own_rows.taken(each, "at", "companion")),
    }


def _each(rows: Iterable[Any], tell: Callable[[Any], Found]) -> list[Found]:
    return [tell(row) for row in rows]


def _meetup(meetup: Meetup, locale: str) -> Found:
    return {
        "title": meetup.title(locale),
        "place": meetup.place(locale),
        **own_rows.taken(meetup, "starts_at", "ends_at", "zone"),
    }


def _event(row: RegistrationEvent) -> Found:
    before = row.before.value if row.before else None
    return {"at": row.at, "before": before, "after": row.after.value, "by": _by(row.actor)}


def _answers(row: Registration, sheets: Sequence[AnswerSheet]) -> list[Found]:
    asked = question_sets.versions(row.meetup_id, {sheet.questions_version for sheet in sheets})
    return [
        {
            "at": sheet.at,
            "companion": sheet.companion,
            "by": _by(sheet.actor),
            "said": [
                {"question": told.label, "answer": told.answer}
                for told in answer_words.of_sheet(sheet, asked[sheet.questions_version])
            ],
        }
        for sheet in sheets
    ]


def _consents(row: Registration, records: Sequence[ConsentRecord], locale: str) -> list[Found]:
    texts = {number: notices.version(row.meetup_id, number) for number in {r.notice_version for r in records}}
    found = []
    for record in records:
        consent = texts[record.notice_version].consent(record.key)
        told = own_rows.taken(record, "at", "given", "text_version:notice_version")
        found.append(
            {"about": consent.label.read(locale) if consent else record.key, **told, "by": _by(record.actor)}
        )
    return found


def _by(actor: str) -> str:
    """Who did it, without saying which organizer."""
    kind = actor.partition(":")[0]
    return {audit.PERSON: "you", "account": "organizer", "device": "staff"}.get(kind, "system")
