"""Draws: committed to before anybody enters, fixed at the deadline, held once, and checked by anybody."""

from __future__ import annotations

import csv
import datetime as dt
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, Unusable
from app.domain.seating import draw as rules
from app.domain.seating import draw_files
from app.domain.seating.approvals import Decision, Wish
from app.domain.seating.draw import Share
from app.domain.seating.modes import Mode
from app.models import AuditEntry, Draw, DrawEntry, Meetup, Registration, RegistrationEvent, Status
from app.services.organizing import meetup_states, meetups
from app.services.registering import registrations, tickets
from app.services.seating import (
    approvals,
    draw_holding,
    draws,
    line,
    promotion,
    seat_counts,
    seat_rules,
    waitlist,
)
from config import ROOT, Settings
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.support.counting import statements
from tests.support.draws import (
    DEADLINE,
    KNOWN,
    ORGANIZER,
    VALUE,
    by_draw,
    draw_of,
    draw_rules,
    drawing,
    hold,
    hold_in_time,
    of_cohorts,
    pass_deadline,
    pseudonym,
    seats_by,
    time_is_up,
)
from tests.support.offers import HOUR, fresh, history, later, states, with_companions
from tests.support.one_worker import known, python
from tests.support.registering import owed, proof_for, register

pytestmark = pytest.mark.usefixtures("app")
A, C, W, X = Status.APPLIED, Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED


def in_drawn_order(meetup: Meetup) -> list[int]:
    """The registrations, as the published result has them."""
    who = dict(db.session.execute(select(DrawEntry.pseudonym, DrawEntry.registration_id)).all())
    return [who[row["pseudonym"]] for row in csv.DictReader((draw_of(meetup).result or "").splitlines())]


def test_opening_a_draw_publishes_a_commitment_and_stores_no_secret() -> None:
    meetup, _ = drawing(seats=5)

    draw = draw_of(meetup)

    secret = draws.secret_of(draw)
    assert draw.commitment == rules.commitment(secret, draw.terms)
    assert "seats 5" in draw.terms
    assert list(draw.files) == ["terms.txt"]
    stored = [
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table))
        for value in row
    ]
    assert not any(secret in value for value in stored)


def test_whoever_registers_is_in_the_draw_and_is_told_a_pseudonym_of_their_own() -> None:
    meetup, people = drawing(3)

    assert states(meetup) == [A, A, A]
    assert len({pseudonym(person) for person in people}) == 3
    assert [mail.registration_id for mail in owed("registration_applied")] == [p.id for p in people]
    assert not {person.reference for person in people} & {pseudonym(person) for person in people}


def test_at_the_deadline_the_entries_are_published_and_later_comers_wait_behind_them_all() -> None:
    meetup, people = drawing(3, seats=1)
    registrations.cancel(people[1].id)

    with later(DEADLINE + HOUR):
        late = register(meetup, make_alumnus(meetup.cohorts[0]))
        pass_deadline()
        assert states(meetup) == [A, X, A, W], "nobody moves up before the draw"
        listed = draw_files.entries_of(draw_of(meetup).entries or "")
    with later(KNOWN + HOUR):
        hold(meetup)

    assert {entry.pseudonym for entry in listed} == {pseudonym(people[0]), pseudonym(people[2])}
    assert Counter(states(meetup)) == {C: 1, X: 1, W: 2}
    assert line.place_of(fresh(late)).place == 2


def test_the_draw_gives_seats_tickets_mails_and_a_line_in_drawn_order() -> None:
    meetup, _ = drawing(6, seats=2)

    draw = hold_in_time(meetup)

    order = [db.session.get_one(Registration, number) for number in in_drawn_order(meetup)]
    assert [row.status for row in order] == [C, C, W, W, W, W]
    assert [line.place_of(row).place for row in order[2:]] == [1, 2, 3, 4]
    assert [line.place_of(row).later for row in order[2:]] == [0, 0, 0, 0]
    assert all(tickets.current(row.id) for row in order[:2])
    assert {mail.registration_id for mail in owed("registration_drawn")} == {row.id for row in order[:2]}
    assert {mail.registration_id for mail in owed("registration_not_drawn")} == {r.id for r in order[2:]}
    assert history(order[0])[-1] == (C, ORGANIZER, draw_holding.DRAWN)
    assert history(order[5])[-1] == (W, ORGANIZER, draw_holding.DRAWN)
    assert (draw.held_by, draw.held_at is not None) == (ORGANIZER, True)
    assert sorted(row.rank for row in order) == [row.rank for row in order]


def test_a_seat_that_is_freed_after_the_draw_goes_on_in_drawn_order() -> None:
    meetup, _ = drawing(4, seats=1)
    hold_in_time(meetup)
    first, second, *_rest = in_drawn_order(meetup)

    registrations.cancel(first)

    assert db.session.get_one(Registration, second).status is C
    assert Counter(states(meetup)) == {C: 1, X: 1, W: 2}


def test_who_withdraws_after_the_deadline_stays_in_the_list_and_their_seat_goes_on() -> None:
    meetup, people = drawing(2, seats=1)

    hold_in_time(meetup, lambda: registrations.cancel(people[0].id))

    assert states(meetup) == [X, C]
    assert pseudonym(people[0]) in (draw_of(meetup).entries or "")
    assert len(in_drawn_order(meetup)) == 2


def test_who_withdraws_before_a_late_worker_came_is_in_the_list_all_the_same() -> None:
    meetup, people = drawing(2, seats=1)

    with later(DEADLINE + HOUR):
        registrations.cancel(people[0].id)

    draw = draw_of(meetup)
    assert draw.closed_at
    assert pseudonym(people[0]) in (draw.entries or "")


def test_a_party_gets_all_of_its_seats_or_waits() -> None:
    meetup, people = drawing(3, seats=3)
    with_companions(people[0], 1)

    hold_in_time(meetup)

    seated = [person for person in map(fresh, people) if person.status is C]
    assert sum(1 + person.companions for person in seated) <= 3
    assert f"{pseudonym(people[0])},{meetup.cohorts[0].ordinal},2" in (draw_of(meetup).entries or "")


@pytest.mark.parametrize(
    ("wait", "value", "code"),
    [
        (DEADLINE + HOUR, VALUE, "draw_value_not_known"),
        (KNOWN + HOUR, "not yet", "draw_value_without_digits"),
    ],
)
def test_no_draw_before_the_value_is_known(wait: object, value: str, code: str) -> None:
    meetup, _ = drawing(2)

    with later(wait), pytest.raises(DomainError, match=code):  # type: ignore[arg-type]
        hold(meetup, value)

    assert states(meetup) == [A, A]


def test_a_draw_is_held_once_and_the_value_stands() -> None:
    meetup, _ = drawing(4)
    before = (hold_in_time(meetup).result, states(meetup))

    with later(KNOWN + 2 * HOUR):
        hold(meetup, "2645.27")
        with pytest.raises(DomainError, match="draw_held_already"):
            hold(meetup, "2,645.28")

    assert (draw_of(meetup).result, states(meetup)) == before
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.act == "draw.held")).all()) == 1


def test_two_organizers_who_press_at_once_draw_once(app: Flask) -> None:
    meetup, people = drawing(8, seats=3)
    meetup_id, barrier = meetup.id, threading.Barrier(4)

    def press(number: int) -> str:
        with app.app_context():
            barrier.wait(30)
            try:
                draw_holding.hold(
                    meetup_id, draw_id, VALUE if number % 2 else "9,999.99", f"account:{number}"
                )
            except DomainError as refusal:
                return refusal.code
            return "held"

    with later(DEADLINE + HOUR):
        pass_deadline()
    draw_id = draw_of(meetup).id
    with later(KNOWN + HOUR), ThreadPoolExecutor(4) as pool:
        said = sorted(pool.map(press, range(4)))

    assert said == ["draw_held_already", "draw_held_already", "held", "held"]
    end_reading()
    drawn = db.session.scalars(
        select(RegistrationEvent).where(RegistrationEvent.reason == draw_holding.DRAWN)
    ).all()
    assert Counter(event.registration_id for event in drawn) == {person.id: 1 for person in people}
    assert len({event.actor for event in drawn}) == 1
    assert Counter(states(meetup)) == {C: 3, W: 5}


def killed(settings: Settings, folder: Path, code: str) -> None:
    done = subprocess.run(
        python(settings, folder, code), env=known(settings), cwd=ROOT, timeout=90, check=False
    )
    assert done.returncode == -signal.SIGKILL


def test_killed_while_the_entries_are_published_or_while_it_is_drawn_nothing_is_half_done(
    settings: Settings, tmp_path: Path
) -> None:
    meetup, _ = drawing(4, seats=1)
    time_is_up(meetup)
    draw_id, die = draw_of(meetup).id, "os.kill(os.getpid(), signal.SIGKILL)"

    killed(
        settings,
        tmp_path,
        f"draw_entries.audit.record = lambda *_, **__: {die}\n    schedule.run_due()",
    )
    assert draw_of(meetup).entries is None
    pass_deadline()
    listed = draw_of(meetup).entries
    killed(
        settings,
        tmp_path,
        f"draw_holding.promotion.promote = lambda *_: {die}\n"
        f"    draw_holding.hold({meetup.id}, {draw_id}, '{VALUE}', 'account:1')",
    )
    assert states(meetup) == [A] * 4
    assert draw_of(meetup).result is None
    assert owed("registration_drawn") == []

    hold(meetup)

    assert draw_of(meetup).entries == listed
    assert Counter(states(meetup)) == {C: 1, W: 3}


def test_registering_at_the_deadlines_moment_is_in_the_draw_or_in_the_line(app: Flask) -> None:
    meetup, _ = drawing(0, seats=2)
    meetup_id, proofs = meetup.id, [proof_for(meetup, make_alumnus(meetup.cohorts[0])) for _ in range(12)]
    with transaction() as session:
        soon = now() + dt.timedelta(seconds=0.5)
        session.get_one(Meetup, meetup.id).draw_until = soon
        session.scalars(select(Draw)).one().deadline = soon
    end_reading()

    def come(number: int) -> None:
        with app.app_context():
            registrations.register(meetup_id, proofs[number])
            pass_deadline()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(come, range(12)))
    while not draw_of(meetup).closed_at:
        pass_deadline()

    end_reading()
    listed = {entry.pseudonym for entry in draw_files.entries_of(draw_of(meetup).entries or "")}
    rows = db.session.execute(
        select(Registration.status, DrawEntry.pseudonym).outerjoin(
            DrawEntry, DrawEntry.registration_id == Registration.id
        )
    ).all()
    assert {row.pseudonym for row in rows if row.status is A} == listed
    assert {row.status for row in rows} <= {A, W}
    assert len(rows) == 12
    assert len(db.session.scalars(select(AuditEntry).where(AuditEntry.act == "draw.closed")).all()) == 1


def test_other_terms_are_another_commitment_and_the_earlier_one_stays_published() -> None:
    meetup, _ = drawing(2, seats=5)
    before = draw_of(meetup)

    seat_rules.save(meetup.id, by_draw(draw_rules(value="로또 1등 번호")), ORGANIZER)

    after = draw_of(meetup)
    assert after.id != before.id
    assert after.commitment != before.commitment
    assert draws.secret_of(after) != draws.secret_of(before)
    assert [draw.ended_at is None for draw in draws.all_of(meetup.id)] == [True, False]
    assert states(meetup) == [A, A]


def test_saving_the_same_terms_again_commits_to_nothing_new() -> None:
    meetup, _ = drawing()

    before = draw_of(meetup)
    seat_rules.save(meetup.id, by_draw(draws.rules_as_typed(before)), ORGANIZER)

    assert draw_of(meetup).id == before.id


def test_past_the_deadline_the_terms_stay_and_the_draw_can_be_given_up_for_all_to_see() -> None:
    meetup, _ = drawing(3, seats=2)

    with later(DEADLINE + HOUR):
        with pytest.raises(DomainError, match="draw_deadline_passed"):
            seat_rules.save(meetup.id, by_draw(draw_rules(value="다른 값")), ORGANIZER)
        assert states(meetup) == [A, A, A]
        seat_rules.save(meetup.id, seats_by(Mode.FIRST_COME), ORGANIZER)

    assert states(meetup) == [C, C, W]
    assert [bool(draw.ended_at) for draw in draws.all_of(meetup.id)] == [True]
    assert seat_counts.seating_of(db.session(), fresh_meetup(meetup)).promised == 0


def fresh_meetup(meetup: Meetup) -> Meetup:
    end_reading()
    return db.session.get_one(Meetup, meetup.id, populate_existing=True)


def test_from_choosing_to_drawing_those_who_applied_enter_and_are_told_their_pseudonyms() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1, mode=Mode.APPROVAL)
    people = [register(meetup, make_alumnus(cohort)) for _ in range(2)]

    seat_rules.save(meetup.id, by_draw(), ORGANIZER)

    assert {pseudonym(person) for person in people}
    assert len(owed("registration_applied")) == 4
    seat_rules.save(meetup.id, seats_by(Mode.APPROVAL), ORGANIZER)
    assert len(owed("registration_applied")) == 6
    assert states(meetup) == [A, A]


def test_from_first_come_to_drawing_nobody_loses_a_seat_or_a_place_and_the_rest_is_drawn() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=3)
    seated = [register(meetup, make_alumnus(cohort)) for _ in range(2)]

    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    registrations.cancel(seated[0].id)
    for _ in range(3):
        register(meetup, make_alumnus(cohort))

    assert "seats 1\n" in draw_of(meetup).terms
    hold_in_time(meetup)
    assert Counter(states(meetup)) == {X: 1, C: 3, W: 1}, "the seat that was freed meanwhile goes to the line"


def test_a_full_house_has_nothing_to_draw() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=1)
    register(meetup, make_alumnus(cohort))

    with pytest.raises(Unusable) as refusal:
        seat_rules.save(meetup.id, by_draw(), ORGANIZER)

    assert refusal.value.problems["draw_shares"].code == "draw_without_seats"
    assert fresh_meetup(meetup).mode is Mode.FIRST_COME


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"deadline": None}, "draw_deadline", "time_missing"),
        ({"known": None}, "draw_known", "time_missing"),
        ({"value": ""}, "draw_value", "draw_value_unnamed"),
        ({"deadline": draw_rules().deadline + 4 * HOUR}, "draw_deadline", "draw_deadline_after_closing"),  # type: ignore[operator]
        ({"deadline": draw_rules().deadline - 48 * HOUR}, "draw_deadline", "draw_deadline_in_the_past"),  # type: ignore[operator]
        ({"known": draw_rules().known - 10 * HOUR}, "draw_known", "draw_known_too_early"),  # type: ignore[operator]
        ({"known": draw_rules().known + 400 * HOUR}, "draw_known", "draw_known_after_start"),  # type: ignore[operator]
    ],
)
def test_terms_that_cannot_be_kept_are_refused_at_their_field(
    changes: dict[str, object], field: str, code: str
) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], closes_at=now() + DEADLINE + HOUR)

    with pytest.raises(Unusable) as refusal:
        seat_rules.save(meetup.id, by_draw(draw_rules(**changes)), ORGANIZER)

    assert {name: problem.code for name, problem in refusal.value.problems.items()} == {field: code}


def test_more_seats_before_the_deadline_are_other_terms_and_after_it_go_to_the_line() -> None:
    meetup, _ = drawing(5, seats=2)
    before = draw_of(meetup)

    set_seats(meetup, 3)
    assert "seats 3\n" in draw_of(meetup).terms
    assert draw_of(meetup).commitment != before.commitment
    hold_in_time(meetup, lambda: set_seats(meetup, 4))

    assert Counter(states(meetup)) == {C: 4, W: 1}
    assert (draw_of(meetup).result or "").count("seat\n") == 3


def test_fewer_seats_after_the_deadline_are_refused_until_the_draw_is_held() -> None:
    meetup, _ = drawing(3, seats=2)

    with later(DEADLINE + HOUR):
        pass_deadline()
        with pytest.raises(Unusable) as refusal:
            set_seats(meetup, 1)

    assert refusal.value.problems["capacity"].code == "draw_seats_promised"


def set_seats(meetup: Meetup, seats: int) -> None:
    """As the form of a meetup does it."""
    found = fresh_meetup(meetup)
    draft = Draft(
        title_ko=found.title_ko,
        starts=found.local(found.starts_at).replace(tzinfo=None),
        ends=found.local(found.ends_at).replace(tzinfo=None),
        place_ko=found.place_ko,
        place_en=found.place_en,
        contact_address="desk@example.com",
        cohort_ids=frozenset(cohort.id for cohort in found.cohorts),
        capacity=seats,
    )
    meetups.revise(found.id, found.version, draft, ORGANIZER)


def test_nobody_is_chosen_while_a_draw_decides() -> None:
    meetup, people = drawing(2)
    wish = Wish(decision=Decision.APPROVE, references=frozenset({people[0].reference}))

    with pytest.raises(DomainError, match="draw_decides"):
        approvals.decide(meetup.id, wish, ORGANIZER)

    assert states(meetup) == [A, A]


def test_seats_of_a_draw_are_nobody_elses_until_it_is_held() -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], capacity=2)
    waitlist.pause(meetup.id, "잠깐", ORGANIZER)
    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    waitlist.resume(meetup.id, ORGANIZER)
    for _ in range(3):
        register(meetup, make_alumnus(cohort))

    with later(DEADLINE + HOUR):
        late = register(meetup, make_alumnus(cohort))
        with pytest.raises(DomainError, match="no_free_seat"):
            waitlist.confirm(late.id, "연사", ORGANIZER)
        assert promotion.stopped(fresh_meetup(meetup), None) == "draw"


def test_a_declined_entrant_can_be_taken_back_before_the_deadline_only() -> None:
    _, people = drawing(2)
    known = pseudonym(people[0])
    registrations.decline(people[0].id, ORGANIZER, "착오")

    approvals.take_back(people[0].id, ORGANIZER)
    assert pseudonym(people[0]) == known
    registrations.decline(people[0].id, ORGANIZER, "착오")

    with later(DEADLINE + HOUR), pytest.raises(DomainError, match="draw_entries_fixed"):
        approvals.take_back(people[0].id, ORGANIZER)


def test_a_key_that_changed_is_noticed_and_nobody_is_drawn(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    meetup, _ = drawing(2)

    with later(KNOWN + HOUR):
        pass_deadline()
        monkeypatch.setitem(app.extensions, "keys", replace(app.extensions["keys"], link=b"another"))
        with pytest.raises(DomainError, match="draw_secret_lost"):
            hold(meetup)

    assert states(meetup) == [A, A]


def test_a_copy_asks_for_terms_of_its_own_before_it_is_published() -> None:
    meetup, _ = drawing()

    copy = meetups.copy(meetup.id, ORGANIZER)

    assert "lacks_draw" in meetup_states.missing(fresh_meetup(copy))
    assert "lacks_draw" not in meetup_states.missing(fresh_meetup(meetup))


def test_neither_secret_nor_pseudonym_is_in_the_audit_trail() -> None:
    meetup, people = drawing(2)
    with later(DEADLINE + HOUR):
        pass_deadline()
    secret = draws.secret_of(draw_of(meetup))
    with later(KNOWN + HOUR):
        hold(meetup)

    told = [
        f"{entry.subject} {entry.reason} {entry.details}" for entry in db.session.scalars(select(AuditEntry))
    ]
    hidden = [secret, *(pseudonym(person) for person in people)]
    assert not [text for text in told for word in hidden if word in text]


def publish(meetup: Meetup, folder: Path) -> None:
    for name, text in draw_of(meetup).files.items():
        (folder / name).write_bytes(text.encode())


def test_393_alumni_are_drawn_in_as_many_statements_as_12_and_anybody_repeats_it(tmp_path: Path) -> None:
    asked = []
    for sizes in ({1: 4, 2: 4, 3: 4}, {1: 101, 2: 140, 3: 152}):
        meetup = (
            of_cohorts(sizes, seats=40, minimum=8) if sizes[1] > 4 else of_cohorts(sizes, seats=6, minimum=1)
        )
        with later(DEADLINE + HOUR):
            pass_deadline()
        draw_id = draw_of(meetup).id
        with later(KNOWN + HOUR), statements() as seen:
            draw_holding.hold(meetup.id, draw_id, VALUE, ORGANIZER)
        asked.append(len(seen))

    publish(meetup, tmp_path)
    script = [sys.executable, str(ROOT / "docs/verify_draw.py"), str(tmp_path)]
    said = subprocess.run(script, capture_output=True, text=True, check=False)
    assert said.stdout == "verified: 40 of 393 entries got a seat\n", said.stderr
    seated = select(Registration.cohort_id).where(
        Registration.meetup_id == meetup.id, Registration.status == C
    )
    by_cohort = Counter(db.session.scalars(seated))
    assert by_cohort.total() == 40
    assert min(by_cohort.values()) >= 8
    assert asked[0] == asked[1] < 40


def test_a_weight_of_a_cohort_stands_in_the_published_terms() -> None:
    cohort = make_cohort(ordinal=3)
    meetup = make_meetup(cohorts=[cohort], capacity=4)

    seat_rules.save(meetup.id, by_draw(draw_rules({cohort.id: Share(3, 2)})), ORGANIZER)

    assert draw_of(meetup).terms.endswith("seats 4\ncohort 3 weight 3 minimum 2\n")
