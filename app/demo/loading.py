"""Live through the demo with the real services: import, publish, register, wait, cancel, check in."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import select, update

from app import clock
from app.clock import now
from app.db import db, end_reading, transaction
from app.demo import story
from app.domain import tokens
from app.domain.meetup_drafts import Draft
from app.domain.registering.registrations import Status
from app.domain.registering.said import Said
from app.domain.rosters import Hints
from app.keys import keys
from app.models import (
    Account,
    Cohort,
    DeviceRole,
    MailState,
    Meetup,
    OutboxMail,
    PersonAddress,
    Program,
    Registration,
    RosterEntry,
)
from app.services.alumni import cohorts, rosters
from app.services.door import checkins, devices
from app.services.organizing import meetup_states, meetups, notices, programs
from app.services.registering import proof_answers, proofs, question_sets, registrations, tickets
from app.services.staff import accounts

OWNER = "owner@example.com"
ROSTERS = Path(__file__).parent / "rosters"
FILES = ("cohort-1-2020-cp949.csv", "cohort-2-2021.xlsx", "cohort-3-2022-sheets.csv")
PROVENANCE = "Invented people, made for the demo"
SHOWN_MAILS = 12


def is_empty() -> bool:
    """Whether nobody has used this database yet: no account and no programme."""
    used = (
        db.session.execute(select(Program.id).limit(1)).first()
        or db.session.execute(select(Account.id).limit(1)).first()
    )
    end_reading()
    return used is None


def load(say: Callable[[str], None] = print) -> None:
    """Load the whole demo into an empty database. `say` is told each step."""
    chance = random.Random(2023)  # noqa: S311 - the same demo every time
    fields = programs.Fields(
        "bootcamp", "머신러닝 부트캠프", "Machine Learning Bootcamp", contact_address="office@example.com"
    )
    owner = accounts.create_owner(OWNER, name="한운영", program=fields)
    program = db.session.scalars(select(Program).where(Program.slug == "bootcamp")).one()
    actor = f"account:{owner.id}"
    cohorts.add_several(program.id, 1, 3, first_year=2020, actor=actor)
    for ordinal, name in enumerate(FILES, start=1):
        source = rosters.Source((ROSTERS / name).read_bytes(), name)
        record = rosters.apply(
            program.id, source, Hints(), fixed_cohort=ordinal, actor=actor,
            provenance=PROVENANCE, account_id=owner.id,
        )  # fmt: skip
        say(f"demo: {name}: {record.counts['new']} people")
    alumni = _alumni(program.id)
    chance.shuffle(alumni)
    today = now().astimezone(story.ZONE).date()
    _past_meetup(program.id, owner, today - dt.timedelta(days=30), alumni[:36], chance)
    reunion = _published(program.id, actor, story.reunion, today + dt.timedelta(days=12))
    _register_all(reunion, alumni[20:47], dt.timedelta(days=-3))
    evening = _published(program.id, actor, story.workshop, today + dt.timedelta(days=5))
    _register_all(evening, alumni[60:85], dt.timedelta(days=-6))
    _one_cancels(evening)
    _quiet_mails()
    say("demo: three meetups")


def _past_meetup(
    program_id: int, owner: Account, day: dt.date, people: Sequence[str], chance: random.Random
) -> None:
    """A meetup of last month, prepared, held and checked in at the time."""
    start = dt.datetime.combine(day, dt.time(14), story.ZONE)
    with clock.shifted(start - now() - dt.timedelta(days=14)):
        meetup = _published(program_id, f"account:{owner.id}", story.first_meetup, day)
        seated = _register_all(meetup, people, dt.timedelta(0))
    with clock.shifted(start - now() - dt.timedelta(minutes=25)):
        enrolment = devices.open_door(meetup.id, DeviceRole.SUPERVISE, owner.id)
        _device, secret = devices.enrol(devices.link_token(enrolment), "1번 입구")
    for registration in seated[:27]:
        minutes = chance.gauss(-4, 9)
        with clock.shifted(start - now() + dt.timedelta(minutes=minutes)):
            _scan(meetup, registration, secret)


def _scan(meetup: Meetup, registration: Registration, secret: str) -> None:
    ticket = tickets.current(registration.id)
    if ticket is None:
        return
    item = {
        "id": str(uuid.uuid4()),
        "code": tickets.code_of(ticket),
        "registration": None,
        "kind": "entry",
        "scanned_at": now().isoformat(),
        "gate": None,
        "method": "camera",
        "payload": None,
    }
    checkins.record([tokens.hashed(secret)], meetup.slug, [item], now().isoformat())


def _published(
    program_id: int, actor: str, draft: Callable[[dt.date, frozenset[int]], Draft], day: dt.date
) -> Meetup:
    everyone = frozenset(db.session.scalars(select(Cohort.id).where(Cohort.program_id == program_id)))
    meetup = meetups.create(program_id, draft(day, everyone), actor)
    notice = story.notice(notices.current(meetup))
    notices.save(meetup.id, notice, actor, based_on=meetup.notice_version)
    for number, question in enumerate(story.questions()):
        question_sets.save(meetup.id, question, actor, based_on=number)
    return meetup_states.publish(meetup.id, actor)


def _register_all(meetup: Meetup, addresses: Sequence[str], ago: dt.timedelta) -> list[Registration]:
    """Walk each address through proof and registration, a few hours apart."""
    done = []
    for number, address in enumerate(addresses):
        with clock.shifted(clock.shift() + ago + dt.timedelta(minutes=37 * number)):
            done.append(_register(meetup, address))
    return done


def _register(meetup: Meetup, address: str) -> Registration:
    uid = proofs.ask(meetup.id, address, locale="ko", client=f"demo:{address}")
    if uid is None:
        raise RuntimeError("the demo asked too often")
    proof_answers.answer([uid])
    code = tokens.verification_code(keys().link, uid)
    proofs.check_code(meetup.id, [uid], code, client=f"demo:{address}")
    phone = f"010-0000-{int(uid[:4], 16) % 10_000:04d}" if meetup.asks_phone else None
    return registrations.register(meetup.id, uid, phone=phone, said=_said(meetup, int(uid[4:8], 16)))


def _said(meetup: Meetup, chance: int) -> Said:
    """What somebody ticks and answers: some everything, some nothing."""
    boxes = {key: bool(chance >> bit & 1) for bit, key in enumerate(notices.current(meetup).boxes)}
    return Said(
        notice=meetup.notice_version,
        boxes=boxes,
        questions=meetup.questions_version,
        answers=story.answers(chance),
    )


def _one_cancels(meetup: Meetup) -> None:
    """Somebody with a seat gives it up, and the first in line moves up."""
    first = db.session.scalars(
        select(Registration)
        .where(Registration.meetup_id == meetup.id, Registration.status == Status.CONFIRMED)
        .order_by(Registration.rank)
    ).first()
    if first:
        registrations.cancel(first.id)


def _alumni(program_id: int) -> list[str]:
    """The addresses of those who completed a cohort, in a fixed order."""
    return list(
        db.session.scalars(
            select(PersonAddress.address)
            .join(RosterEntry, RosterEntry.person_id == PersonAddress.person_id)
            .join(Cohort, Cohort.id == RosterEntry.cohort_id)
            .where(Cohort.program_id == program_id, RosterEntry.completed)
            .order_by(PersonAddress.address_key)
        )
    )


def _quiet_mails() -> None:
    """Owe nobody a mail but the latest few about registrations, so that the outbox page shows some."""
    latest = (
        select(OutboxMail.id)
        .where(OutboxMail.kind.like("registration_%"))
        .order_by(OutboxMail.id.desc())
        .limit(SHOWN_MAILS)
    )
    with transaction() as session:
        kept = set(session.scalars(latest))
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.id.not_in(kept))
            .values(state=MailState.DROPPED)
            .execution_options(synchronize_session=False)
        )
