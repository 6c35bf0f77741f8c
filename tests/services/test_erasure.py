"""Erasing somebody: nothing of them is left in any table, and what others rest on stays true."""

from __future__ import annotations

import datetime as dt
import json
import signal
import subprocess
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, statements, transaction
from app.domain.erasure import ERASED_NAME, Asked
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.domain.registering.moves import Appointment
from app.domain.rosters import Hints
from app.domain.seating.approvals import Decision, Wish
from app.domain.seating.draw_files import verify
from app.domain.seating.modes import Mode
from app.models import (
    AuditEntry,
    CheckIn,
    Cohort,
    DeviceRole,
    InvitationBatch,
    MailState,
    Meetup,
    MeetupMove,
    OutboxMail,
    Person,
    PersonPhone,
    Registration,
    RegistrationEvent,
    RosterEntry,
    RosterImport,
    Status,
)
from app.services import audit
from app.services.alumni import rosters
from app.services.door import door_list, walk_in_checks, walk_ins
from app.services.mails import outbox, writing
from app.services.organizing import desk_notes, saved_views, tags
from app.services.personal import erased_addresses, erasing_rows, erasure, fresh_proofs
from app.services.registering import answers, claim_decisions, proofs, registrations, tickets
from app.services.registering.registration_changes import note
from app.services.registering.still_coming import SAID_YES
from app.services.seating import approvals
from app.services.seating.seat_release import NOT_ANSWERED
from config import Settings
from tests.factories import (
    code_of,
    make_account,
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.claiming import claim
from tests.support.door import Phone, override_of, scan
from tests.support.draws import draw_of, drawing, hold_in_time, pseudonym
from tests.support.one_worker import known, python
from tests.support.registering import owed, proof_for, register, said_to
from tests.support.traces import traces_of

ORGANIZER = "account:7"
NAME, OTHER, ADDRESS, NEW = "한빛누리", "Hanbit Nuri", "bitnuri@school.example", "nuri.new@example.com"
PHONE, ANSWER, NOTE = "010-7777-4321", "갑각류를 못 먹어요", "2팀이었던 사람이에요"
WORDS = (NAME, OTHER, "bitnuri", "nuri.new", "7777-4321", "77774321", ANSWER, NOTE, "갑각류")


def erase(person: Person, **more: str) -> None:
    erasure.erase(person.id, "person", Asked.LINK, **more)
    end_reading()


def fresh(row: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, row.id, populate_existing=True)


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return make_cohort(None, 3)


@pytest.fixture
def meetup(cohort: Cohort) -> Meetup:
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    make_notice(meetup, consents=(make_consent("photos"),))
    make_questions(meetup, make_question("q1"))
    return meetup


@pytest.fixture
def person(cohort: Cohort) -> Person:
    """Somebody whom everything in the house knows something about."""
    person = make_alumnus(cohort, NAME, ADDRESS)
    with transaction() as session:
        session.add(PersonPhone(person_id=person.id, number=PHONE, digits="01077774321", last_four="4321"))
        entry = session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one()
        entry.other_name, entry.phone, entry.note = OTHER, PHONE, NOTE
    return person


def lived(app: Flask, meetup: Meetup, person: Person) -> list[Registration]:
    """A place at the meetup to come, one at a past one at whose door a lot was written, and a list check before it."""
    past = make_meetup(cohorts=list(meetup.cohorts), door_lists_people=True)
    checked = claim(past, NEW, name=NAME, former=ADDRESS, note=NOTE)
    claim_decisions.link(checked.id, person.id, ORGANIZER, f"{NAME} 본인")
    tickets.reissue(checked.id, ORGANIZER, f"{NAME} 님이 잃어버림")
    phone = Phone(app, past, DeviceRole.SUPERVISE)
    came = scan(code=code_of(checked), payload=f"BEGIN:VCARD {NAME}")
    phone.send(came, override_of(came["id"], reason=f"{NAME} 얼굴을 안다"))
    with transaction() as session:
        row = session.get_one(Meetup, past.id)
        row.starts_at, row.ends_at = (
            row.starts_at - dt.timedelta(days=30),
            row.ends_at - dt.timedelta(days=30),
        )
        session.get_one(Registration, checked.id).arrival_alert = f"VIP {NAME}"
    held = register(meetup, person, "photos", q1=ANSWER)
    beside = make_registration(meetup, status=Status.CANCELLED)
    tags.change(meetup.id, [held.id, beside.id], ORGANIZER, add=[NOTE, f"{NAME} 일행"])
    tags.change(meetup.id, [beside.id], ORGANIZER, remove=[NOTE])
    desk_notes.save(held.id, f"{ADDRESS}로만 연락", ORGANIZER)
    desk_notes.save(beside.id, f"{NAME} 님과 함께 앉기", ORGANIZER)
    saved_views.keep(meetup.program_id, make_account().id, "일행", {"tag": [f"{NAME} 일행"]}, shared=True)
    answers.change(held.id, {0: {"q1": [f"{ANSWER}!"]}}, shown=1, seen=answers.standing(held, at_desk=False))
    proofs.ask(meetup.id, ADDRESS.upper(), locale="ko", client="192.0.2.9")
    fresh_proofs.ask(held, Purpose.ERASURE, client="192.0.2.9", locale="ko")
    with statements() as connection:
        values = {"last_error": f"550 <{ADDRESS}> is no longer here", "params": {"note": NOTE}}
        connection.execute(OutboxMail.__table__.update().where(OutboxMail.kind == "claim_linked"), values)
    return [fresh(checked), fresh(held)]


def test_no_trace_is_left_in_any_column_of_any_table(app: Flask, meetup: Meetup, person: Person) -> None:
    rows = lived(app, meetup, person)
    references = [row.reference for row in rows]
    assert len(traces_of(WORDS)) > 30

    erase(person)

    assert traces_of([*WORDS, *references]) == []


def test_the_files_of_the_database_hold_no_trace_either(app: Flask, meetup: Meetup, person: Person) -> None:
    """Neither its log nor its free pages; PostgreSQL's own are its vacuum's business."""
    if db.engine.dialect.name != "sqlite":
        return
    lived(app, meetup, person)
    assert in_files(NAME)

    erase(person)

    assert [word for word in (NAME, "bitnuri@", "갑각류") if in_files(word)] == []


def in_files(word: str) -> bool:
    end_reading()
    name = db.engine.url.database or ""
    files = [Path(name), Path(f"{name}-wal"), Path(f"{name}-journal")]
    ways = (word.encode(), json.dumps(word)[1:-1].encode())
    return any(way in each.read_bytes() for each in files if each.exists() for way in ways)


def test_no_table_about_people_is_forgotten() -> None:
    """A new one that refers to a person or a registration is deleted from, emptied, or holds nothing but ids."""
    deleted = {each.__tablename__ for each in (*erasing_rows.OF_A_REGISTRATION, *erasing_rows.OF_A_PERSON)}
    emptied = {
        "registration",
        "registration_event",
        "check_in",
        "outbox_mail",
        "payment",
        "address_proof",
        "walk_in_check",
    }
    ids_alone = {"ticket", "tick_mark"}

    about_people = {
        table.name
        for table in db.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in {"person", "registration"}
    }

    assert about_people - deleted - emptied - ids_alone == set()


def test_counts_ledger_and_history_stay_without_a_name(app: Flask, meetup: Meetup, person: Person) -> None:
    came, held = lived(app, meetup, person)
    scans = db.session.scalars(select(CheckIn.id).order_by(CheckIn.id)).all()
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()

    erase(person)

    came, held = fresh(came), fresh(held)
    assert (came.status, came.admitted_count, came.cohort_id) == (Status.CONFIRMED, 1, meetup.cohorts[0].id)
    assert (held.status, held.person.name) == (Status.CANCELLED, ERASED_NAME)
    assert db.session.scalars(select(CheckIn.id).order_by(CheckIn.id)).all() == scans
    assert db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()[: len(acts)] == acts
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "person.erased")).one()
    assert entry.details == {"asked": "link", "registrations": 2, "cancelled": 1}
    assert [each.id for each in erasure.log(meetup.program_id, 10)] == [entry.id]


@pytest.mark.parametrize("reason", [NOT_ANSWERED, SAID_YES, "엄마가 편찮으시대요"])
def test_of_the_reasons_in_the_history_only_the_products_own_stay(
    meetup: Meetup, person: Person, reason: str
) -> None:
    held = register(meetup, person)
    with transaction() as session:
        note(session, [session.get_one(Registration, held.id)], Status.CONFIRMED, "worker", reason)

    erase(person)

    reasons = select(RegistrationEvent.reason).where(RegistrationEvent.registration_id == held.id)
    assert (reason in db.session.scalars(reasons).all()) is reason.isascii()


def test_the_freed_seat_goes_on_and_others_are_as_they_were(meetup: Meetup, person: Person) -> None:
    held, other = register(meetup, person), make_alumnus(meetup.cohorts[0], "김하늘", "haneul@example.com")
    next_one = register(meetup, other)
    assert next_one.status is Status.WAITLISTED

    erase(person)

    assert [fresh(held).status, fresh(next_one).status] == [Status.CANCELLED, Status.CONFIRMED]
    assert fresh(next_one).address == "haneul@example.com"
    assert [mail.kind for mail in owed() if mail.address] == [
        "registration_waitlisted",
        "registration_promoted",
    ]


def test_links_tickets_and_what_was_owed_end(meetup: Meetup, person: Person) -> None:
    held = register(meetup, person)
    code = code_of(held)

    erase(person)

    found = tickets.find_by_code(code)
    assert found
    assert found.revoked_at
    assert (fresh(held).link_revision, fresh(held).address) == (2, "")
    assert [mail.state for mail in owed()] == [MailState.DROPPED]


def test_a_phones_sealed_list_names_nobody_at_its_next_sync(
    app: Flask, meetup: Meetup, person: Person
) -> None:
    register(meetup, person)
    before = door_list.of(meetup.id, called_off=False, label=str, have=None)

    erase(person)

    app.extensions.pop("door_lists")  # what a process holds for two seconds
    after = door_list.of(meetup.id, called_off=False, label=str, have=before.tags)
    texts = [line.text.decode() for bucket in after.buckets for line in bucket]
    assert after.tags != before.tags
    assert [(NAME in text, ERASED_NAME in text, "admitted" in text) for text in texts] == [
        (False, True, False)
    ]


def test_erasing_twice_and_erasing_nobody_change_nothing(meetup: Meetup, person: Person) -> None:
    register(meetup, person)
    erase(person, told=ADDRESS)
    entries = db.session.scalars(select(AuditEntry.id)).all()

    erase(person, told=ADDRESS)

    assert db.session.scalars(select(AuditEntry.id)).all() == entries
    assert len(owed("erased")) == 1


def test_the_last_mail_says_so_and_its_address_is_forgotten_after_it(meetup: Meetup, person: Person) -> None:
    register(meetup, person)
    erase(person, told=ADDRESS, locale="ko")
    assert traces_of(WORDS) == ["outbox_mail.address: bitnuri"]

    (mail,) = outbox.claim("a worker", 10)
    (message,) = writing.write([mail]).messages.values()
    outbox.settle_sent([mail.id], {mail.id: message.decode()})

    assert NAME not in message.decode()
    assert traces_of(WORDS) == []


@pytest.mark.parametrize("permanent", [True, False])
def test_a_last_mail_that_is_refused_is_forgotten_when_it_is_given_up(
    meetup: Meetup, person: Person, permanent: bool
) -> None:
    erase(person, told=ADDRESS)
    (mail,) = outbox.claim("a worker", 10)

    outbox.settle_failed(mail, f"550 no <{ADDRESS}>", permanent=permanent)

    assert traces_of(WORDS) == ([] if permanent else ["outbox_mail.address: bitnuri"])
    assert outbox.requeue_failed() == 0


def test_the_next_roster_reports_the_row_and_brings_nobody_back(meetup: Meetup, person: Person) -> None:
    erase(person)

    record = imported(meetup, "김하늘,haneul@example.com,O", f"{NAME},{ADDRESS.upper()},O")

    assert record.problems == [{"row": 3, "reason": "erased_at_own_wish", "params": {}}]
    assert traces_of(WORDS) == []
    assert record.counts["new"] == 1


def test_an_organizer_lets_a_roster_name_them_again_on_purpose(meetup: Meetup, person: Person) -> None:
    erase(person)
    with pytest.raises(DomainError, match="address_not_erased"):
        erased_addresses.allow_again(meetup.program_id, "other@example.com", ORGANIZER, "asked")

    erased_addresses.allow_again(meetup.program_id, f" {ADDRESS.upper()} ", ORGANIZER, "asked by mail")

    assert imported(meetup, f"{NAME},{ADDRESS},O").counts["new"] == 1
    assert erased_addresses.number(meetup.program_id) == 0
    again = db.session.scalars(select(Person).where(Person.name == NAME)).one()
    assert again.id != person.id


def imported(meetup: Meetup, *rows: str) -> RosterImport:
    source = rosters.Source("\n".join(("이름,이메일,수료", *rows)).encode(), "roster.csv")
    return rosters.apply(
        meetup.program_id,
        source,
        Hints(),
        fixed_cohort=3,
        actor="command",
        provenance="the office's own list",
    )


def test_whoever_comes_back_by_a_list_check_is_somebody_new_and_the_organizers_yes_lifts_the_mark(
    meetup: Meetup, person: Person
) -> None:
    erase(person)

    checked = claim(meetup, ADDRESS, name=NAME, cohort_id=meetup.cohorts[0].id)
    claim_decisions.add(checked.id, meetup.cohorts[0].id, NAME, ORGANIZER)

    assert checked.person_id != person.id
    assert erased_addresses.number(meetup.program_id) == 0


def test_a_note_about_many_names_nobody_who_is_gone_and_stays_with_the_others(cohort: Cohort) -> None:
    meetup = make_meetup(cohorts=[cohort], capacity=5, mode=Mode.APPROVAL)
    gone, other = (register(meetup, make_alumnus(cohort)) for _ in range(2))
    wish = Wish(decision=Decision.APPROVE, references=frozenset({gone.reference, other.reference}), note=NOTE)
    approvals.decide(meetup.id, wish, ORGANIZER)

    erase(gone.person)

    assert traces_of([NOTE]) == [f"registration_event.reason: {NOTE}"]
    assert [event.reason for event in events_of(other)] == ["", NOTE]


def test_what_was_mailed_to_many_is_kept_without_the_name(cohort: Cohort) -> None:
    meetup = make_meetup(cohorts=[cohort])
    gone = make_alumnus(cohort, NAME, ADDRESS)
    make_alumnus(cohort)
    for words in (f"{NAME} 님이 발표해요.", "모두 기다려요."):
        with transaction() as session:
            session.add(InvitationBatch(meetup_id=meetup.id, words=words, actor=ORGANIZER))
            before = {each: getattr(meetup, each) for each in Appointment.__dataclass_fields__}
            session.add(
                MeetupMove(
                    meetup_id=meetup.id, actor=ORGANIZER, asks=False, appointment=0, note=words, **before
                )
            )

    erase(gone)

    end_reading()
    for written in (InvitationBatch.words, MeetupMove.note):
        assert sorted(db.session.scalars(select(written))) == ["··· 님이 발표해요.", "모두 기다려요."]


def test_a_note_that_the_trail_kept_with_the_meetup_is_emptied_with_the_person(meetup: Meetup) -> None:
    """As it was written until notes were left to the registrations."""
    gone, other = (register(meetup, make_alumnus(meetup.cohorts[0])) for _ in range(2))
    with transaction() as session:
        for row in (gone, other):
            act, about = "applications.decline", {"registrations": [row.id], "declined": 1}
            audit.record(session, act, meetup, ORGANIZER, program_id=meetup.program_id, reason=NOTE, **about)

    erase(gone.person)

    query = select(AuditEntry.reason).where(AuditEntry.act == "applications.decline")
    assert db.session.scalars(query.order_by(AuditEntry.id)).all() == ["", NOTE]


def events_of(row: Registration) -> Sequence[RegistrationEvent]:
    query = select(RegistrationEvent).where(RegistrationEvent.registration_id == row.id)
    return db.session.scalars(query.order_by(RegistrationEvent.id)).all()


@pytest.mark.parametrize("checked", [True, False])
def test_a_refusal_of_somebody_erased_is_not_taken_back(
    meetup: Meetup, person: Person, checked: bool
) -> None:
    row = claim(meetup, NEW, name=NAME) if checked else register(meetup, person)
    if checked:
        claim_decisions.refuse(row.id, "모르는 분", ORGANIZER)
    else:
        registrations.decline(row.id, ORGANIZER, "왜")
    erase(fresh(row).person)

    with pytest.raises(DomainError, match="person_erased"):
        approvals.take_back(row.id, ORGANIZER)

    assert fresh(row).status is Status.DECLINED


def test_who_is_in_stays_in_the_numbers_while_the_meetup_runs(
    app: Flask, meetup: Meetup, person: Person
) -> None:
    held = register(meetup, person)
    Phone(app, meetup).scan(code=code_of(held))

    erase(person)

    assert (fresh(held).status, fresh(held).admitted_count) == (Status.CONFIRMED, 1)
    assert traces_of(WORDS) == []


@pytest.mark.parametrize("over", [False, True])
def test_an_undone_check_in_of_somebody_erased_leaves_no_seat_to_nobody(
    app: Flask, meetup: Meetup, person: Person, over: bool
) -> None:
    """Once the meetup is over nobody can have the seat any more: it stays in the numbers."""
    held, waiting = register(meetup, person), register(meetup, make_alumnus(meetup.cohorts[0]))
    phone, came = Phone(app, meetup, DeviceRole.SUPERVISE), scan(code=code_of(held))
    phone.send(came)
    erase(person)
    if over:
        with transaction() as session:
            row = session.get_one(Meetup, meetup.id)
            row.starts_at, row.ends_at = now() - dt.timedelta(hours=3), now()

    undo = {"id": str(uuid.uuid4()), "undoes": came["id"], "reason": "mistaken"}
    assert phone.post("undo", undo).status_code == 200

    assert [fresh(held).status, fresh(waiting).status] == (
        [Status.CONFIRMED, Status.WAITLISTED] if over else [Status.CANCELLED, Status.CONFIRMED]
    )
    assert fresh(held).admitted_at is None


def test_a_list_check_under_another_address_forgets_the_former_one(meetup: Meetup, person: Person) -> None:
    claim(meetup, "another@example.com", name="김하늘", former=ADDRESS.upper())

    erase(person)

    assert traces_of(["bitnuri"]) == []


def test_a_walk_in_and_an_open_list_check_can_be_erased_too(meetup: Meetup) -> None:
    checked = claim(meetup, NEW, name=NAME, note=NOTE)

    erase(checked.person)

    assert fresh(checked).status is Status.CANCELLED
    assert traces_of(WORDS) == []


@pytest.mark.parametrize("verdict", ["open", "found", "not on the roster"])
def test_a_walk_in_who_was_verified_leaves_the_name_said_at_the_door_no_more_than_their_own(
    meetup: Meetup, person: Person, verdict: str
) -> None:
    ordinal = str(meetup.cohorts[0].ordinal)
    told = {"id": str(uuid.uuid4()), "name": NAME, "cohort": ordinal, "over": True}
    came = walk_ins.admit_at_desk(meetup.id, make_account().id, told).outcome.person
    assert came
    held = walk_in_checks.find(meetup.id, came.reference)
    assert held
    if verdict == "found":
        walk_in_checks.match(held.id, person.id, ORGANIZER)
    if verdict == "not on the roster":
        walk_in_checks.not_listed(held.id, NOTE, ORGANIZER)

    for each in {fresh(held).person_id, person.id}:
        erase(db.session.get_one(Person, each))

    assert traces_of(WORDS) == []
    end_reading()
    assert walk_in_checks.number_waiting(db.session.get_one(Meetup, meetup.id)) == 0


@pytest.mark.parametrize("when", ["before", "between", "after"])
def test_a_published_draw_still_verifies_and_nobody_is_behind_the_pseudonym(app: Flask, when: str) -> None:
    meetup, rows = drawing(people=5)
    gone, name = rows[2], pseudonym(rows[2])
    if when == "before":
        erase(gone.person)
    draw = hold_in_time(meetup, between=lambda: erase(gone.person) if when == "between" else None)
    if when == "after":
        erase(gone.person)

    draw = draw_of(meetup)
    assert (name in (draw.entries or "")) is (when != "before")
    verify(draw.files)
    assert traces_of([name]) == (
        [] if when == "before" else ["draw.entries: " + name, "draw.result: " + name]
    )
    left = [fresh(row).status for row in rows if row.id != gone.id]
    assert left.count(Status.CONFIRMED) == 2


def test_what_fails_in_the_middle_leaves_everything_as_it_was(
    app: Flask, meetup: Meetup, person: Person, settings: Settings, tmp_path: Path
) -> None:
    """Killed just before the commit, when every row is wiped already."""
    lived(app, meetup, person)
    before = traces_of(WORDS)
    lines = (
        "from sqlalchemy import event\n"
        "    from sqlalchemy.orm import Session\n"
        "    from app.domain.erasure import Asked\n"
        "    from app.services.personal import erasure\n"
        "    event.listen(Session, 'before_commit', lambda _: os.kill(os.getpid(), signal.SIGKILL))\n"
        f"    erasure.erase({person.id}, 'person', Asked.LINK, told='{ADDRESS}')"
    )
    killed = subprocess.run(python(settings, tmp_path, lines), env=known(settings), timeout=60, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert traces_of(WORDS) == before

    erase(person)
    assert traces_of(WORDS) == []


def test_rush_of_registering_importing_and_erasing_leaves_no_name(app: Flask, meetup: Meetup) -> None:
    """Whoever is quicker: a place is gone with the person, or there was none to get."""
    people = [make_alumnus(meetup.cohorts[0], NAME, f"bitnuri{n}@school.example") for n in range(12)]
    rush = [(person.id, proof_for(meetup, person)) for person in people]
    meetup_id, said = meetup.id, said_to(meetup)
    end_reading()

    def act(number: int, person_id: int, proof: str) -> None:
        with app.app_context():
            try:
                if number % 2:
                    registrations.register(meetup_id, proof, said=said)
                else:
                    erasure.erase(person_id, "person", Asked.LINK)
            except DomainError as refusal:
                assert refusal.code == "proof_expired"  # noqa: PT017 - in a thread
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(act, number, *each) for each in rush for number in (0, 1)]
        for each in done:
            each.result(60)

    assert traces_of(WORDS) == []
    end_reading()
    taken = select(Registration.id).where(Registration.status == Status.CONFIRMED)
    assert db.session.scalars(taken).all() == []


def test_somebody_who_asks_for_the_code_needs_it_for_this_very_act(meetup: Meetup, person: Person) -> None:
    held = register(meetup, person)

    with pytest.raises(DomainError, match="proof_expired"):
        erasure.erase_by_link(fresh(held), "", locale="ko")

    assert fresh(held).status is Status.CONFIRMED
