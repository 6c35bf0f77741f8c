"""Rows for tests, made through the real models in one transaction each."""

from __future__ import annotations

import dataclasses
import datetime as dt
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.door import tickets
from app.domain.registering.notices import CONSENT_WORDS, Consent, ConsentKind, Notice
from app.domain.registering.questions import Option, Question, QuestionKind
from app.domain.writing.addresses import address_key
from app.domain.writing.names import search_key
from app.domain.writing.words import Words
from app.keys import keys
from app.models import (
    Account,
    AccountSession,
    Cohort,
    Device,
    DeviceRole,
    Meetup,
    MeetupMembership,
    MeetupMove,
    MeetupState,
    Membership,
    Person,
    PersonAddress,
    Program,
    Registration,
    Role,
    RosterEntry,
    Status,
    Ticket,
)
from app.services.organizing import notices
from app.services.registering import question_sets

_numbers = count(1)
FAMILY = "김이박최정강조윤장임"
GIVEN = ("민준", "서연", "도윤", "하은", "시우", "지유", "주원", "수아", "예준", "다은")


def _save(*rows: Any) -> None:
    with transaction() as session:
        session.add_all(rows)


def _name() -> str:
    n = next(_numbers)
    return FAMILY[n % 10] + GIVEN[n // 10 % 10]


def make_program(**fields: Any) -> Program:
    n = next(_numbers)
    values = {"slug": f"bootcamp-{n}", "name_ko": f"머신러닝 부트캠프 {n}", "name_en": f"ML Bootcamp {n}"}
    program = Program(**(values | fields))
    _save(program)
    return program


def make_cohort(program: Program | None = None, ordinal: int | None = None, **fields: Any) -> Cohort:
    program = program or make_program()
    n = next(_numbers) if ordinal is None else ordinal
    values = {"year": 2019 + n, "name_ko": f"{n}기", "name_en": f"Cohort {n}"}
    cohort = Cohort(program_id=program.id, ordinal=n, **(values | fields))
    _save(cohort)
    return cohort


def make_account(address: str | None = None, **fields: Any) -> Account:
    address = address or f"organizer{next(_numbers)}@example.com"
    account = Account(address=address, address_key=address_key(address), **({"name": _name()} | fields))
    _save(account)
    return account


def make_member(program: Program | None = None, role: Role = Role.ORGANIZER, **account: Any) -> Account:
    """An account with a role in the programme."""
    program = program or make_program()
    member = make_account(**account)
    _save(Membership(program_id=program.id, account_id=member.id, role=role))
    return member


def make_helper(meetup: Meetup, role: Role = Role.ORGANIZER, **account: Any) -> Account:
    """An account with a role at this meetup alone."""
    helper = make_account(**account)
    _save(MeetupMembership(meetup_id=meetup.id, account_id=helper.id, role=role))
    return helper


def make_person(
    program: Program | None = None, name: str | None = None, address: str | None = None
) -> Person:
    """A person with one address."""
    program = program or make_program()
    name, address = name or _name(), address or f"person{next(_numbers)}@example.com"
    person = Person(program_id=program.id, name=name, search_key=search_key(name))
    person.addresses = [
        PersonAddress(program_id=program.id, address=address, address_key=address_key(address))
    ]
    person.phones = []
    _save(person)
    return person


def make_entry(
    cohort: Cohort | None = None, person: Person | None = None, *, completed: bool = True
) -> RosterEntry:
    """A person's entry in a cohort's roster."""
    cohort = cohort or make_cohort()
    with transaction() as session:
        program = session.get_one(Program, cohort.program_id)
    person = person or make_person(program)
    with transaction() as session:
        session.add_all((cohort, person))
        key = person.addresses[0].address_key
        entry = RosterEntry(
            cohort_id=cohort.id,
            person_id=person.id,
            address_key=key,
            name=person.name,
            completed=completed,
        )
        session.add(entry)
    return entry


def make_alumnus(cohort: Cohort | None = None, name: str | None = None, address: str | None = None) -> Person:
    """A person who completed the cohort."""
    return _enrolled(cohort, name, address, completed=True)


def make_participant(
    cohort: Cohort | None = None, name: str | None = None, address: str | None = None
) -> Person:
    """A person who took part in the cohort and did not complete it."""
    return _enrolled(cohort, name, address, completed=False)


def _enrolled(cohort: Cohort | None, name: str | None, address: str | None, *, completed: bool) -> Person:
    cohort = cohort or make_cohort()
    with transaction() as session:
        program = session.get_one(Program, cohort.program_id)
    person = make_person(program, name, address)
    make_entry(cohort, person, completed=completed)
    return person


def make_meetup(
    program: Program | None = None,
    capacity: int = 40,
    state: MeetupState = MeetupState.PUBLISHED,
    cohorts: list[Cohort] | None = None,
    **fields: Any,
) -> Meetup:
    """A meetup in two weeks, open for registration; all cohorts of the programme may come unless told."""
    program = program or (make_program() if not cohorts else None)
    n, at = next(_numbers), now().replace(minute=0, second=0, microsecond=0)
    values: dict[str, Any] = {
        "slug": f"meetup-{n}",
        "title_ko": f"동문 밋업 {n}",
        "title_en": f"Alumni meetup {n}",
        "place_ko": "서울 강남구 예시홀",
        "place_en": "Example Hall, Seoul",
        "starts_at": at + dt.timedelta(days=14),
        "ends_at": at + dt.timedelta(days=14, hours=3),
        "zone": "Asia/Seoul",
        "published_at": None if state is MeetupState.DRAFT else at,
        "called_off_at": at if state is MeetupState.CALLED_OFF else None,
    }
    with transaction() as session:
        program_id = program.id if program else cohorts[0].program_id  # type: ignore[index]
        if cohorts is None:
            cohorts = list(session.get_one(Program, program_id).cohorts)
        session.add_all(cohorts)
        meetup = Meetup(program_id=program_id, capacity=capacity, state=state, **(values | fields))
        meetup.cohorts = list(cohorts)
        session.add(meetup)
    return meetup


def make_move(meetup: Meetup, **fields: Any) -> MeetupMove:
    """A change of the meetup's place that people were told of."""
    before = dataclasses.asdict(meetup.appointed()) | {"place_ko": "예전 예시홀"}
    values = {"actor": "account:1", "asks": False, "appointment": meetup.appointment} | before | fields
    move = MeetupMove(meetup_id=meetup.id, **values)
    _save(move)
    return move


def make_notice(meetup: Meetup, **changes: Any) -> Notice:
    """Give the meetup the ready-made notice, changed where told, as its next version."""
    before = db.session.scalars(select(Meetup.notice_version).where(Meetup.id == meetup.id)).one()
    notice = dataclasses.replace(
        notices.ready_made(db.session.get_one(Program, meetup.program_id)), **changes
    )
    notices.save(meetup.id, notice, "account:1", based_on=before)
    return notice


def make_consent(key: str = "photos", **changes: Any) -> Consent:
    """A whole consent; of the kind that its key begins with, where there is one."""
    name = key.partition("-")[0]
    kind = ConsentKind(name) if name in set(ConsentKind) else ConsentKind.OTHER
    words = {part: Words(f"{part}의 {key}", f"{part} of {key}") for part in CONSENT_WORDS}
    return Consent(key=key, kind=kind, **(words | changes))


def make_questions(meetup: Meetup, *questions: Question) -> None:
    """Let the meetup ask these, after what it asks already."""
    for question in questions:
        shown = select(Meetup.questions_version).where(Meetup.id == meetup.id)
        before = db.session.scalars(shown).one()
        question_sets.save(meetup.id, question, "account:1", based_on=before)


def make_question(key: str, kind: QuestionKind = QuestionKind.TEXT, *options: str, **fields: Any) -> Question:
    """A question; its options get the keys o1, o2, …"""
    label = Words(f"{key}번 질문", f"Question {key}")
    listed = tuple(Option(f"o{n}", Words(text, text)) for n, text in enumerate(options, 1))
    return Question(key=key, kind=kind, options=listed, **({"label": label} | fields))


def make_registration(
    meetup: Meetup | None = None,
    person: Person | None = None,
    status: Status = Status.CONFIRMED,
    cohort: Cohort | None = None,
    **fields: Any,
) -> Registration:
    """A registration as it stands after everything that led to it; a confirmed one has a ticket."""
    meetup = meetup or make_meetup()
    with transaction() as session:
        program = session.get_one(Program, meetup.program_id)
    person = person or make_person(program)
    n, at = next(_numbers), now()
    values = {"reference": tokens.reference(), "rank": n, "status_at": at} | fields
    with transaction() as session:
        session.add(person)
        address = values.pop("address", None) or person.addresses[0].address
        registration = Registration(
            meetup_id=meetup.id,
            person_id=person.id,
            cohort_id=cohort.id if cohort else None,
            status=status,
            address=address,
            **values,
        )
        session.add(registration)
    if status is Status.CONFIRMED:
        make_ticket(registration)
    return registration


def make_ticket(registration: Registration, revision: int = 1, *, revoked: bool = False) -> str:
    """One issue of the registration's ticket; its code, as the QR carries it."""
    uid = tokens.uid()
    code = tickets.derive_code(keys().ticket, uid, revision)
    _save(
        Ticket(
            uid=uid,
            registration_id=registration.id,
            revision=revision,
            digest=tickets.digest(code),
            revoked_at=now() if revoked else None,
        )
    )
    return code


def code_of(registration: Registration) -> str:
    """The code of the registration's newest ticket."""
    with transaction() as session:
        newest = session.scalars(
            select(Ticket).where(Ticket.registration_id == registration.id).order_by(Ticket.revision.desc())
        ).first()
    assert newest is not None
    return tickets.derive_code(keys().ticket, newest.uid, newest.revision)


def make_device(
    meetup: Meetup | None = None, role: DeviceRole = DeviceRole.SCAN, **fields: Any
) -> tuple[Device, str]:
    """A staff phone of the meetup's door, and the token that it carries."""
    meetup = meetup or make_meetup()
    token = tokens.mint(tokens.DEVICE)
    values = {"name": f"폰 {next(_numbers)}", "expires_at": meetup.ends_at + dt.timedelta(hours=6)} | fields
    device = Device(meetup_id=meetup.id, role=role, token_hash=tokens.hashed(token), **values)
    _save(device)
    return device, token


def sign_in(client: FlaskClient, account: Account) -> None:
    """Sign the client in as `account`, with a session of its own as after the mailed link."""
    carry_session(client, make_session(account))


def make_session(account: Account) -> str:
    """A session of the account; the token that a browser carries."""
    token = tokens.mint(tokens.SESSION)
    _save(
        AccountSession(
            account_id=account.id,
            token_hash=tokens.hashed(token),
            last_seen_at=now(),
            expires_at=now() + dt.timedelta(days=1),
        )
    )
    return token


def carry_session(client: FlaskClient, token: str) -> None:
    with client.session_transaction() as cookie:
        cookie["account"] = token
