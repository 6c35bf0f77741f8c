"""The table plan of a meetup, with the people who come and go."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.domain.seating.tables import Seating
from app.models import AuditEntry, DeviceRole, Meetup, Registration, TableSeat
from app.services.meeting import tables
from app.services.meeting.tables import Wanted
from app.services.personal import erasure
from app.services.registering import registrations
from tests.factories import (
    code_of,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.door import Phone
from tests.support.offline import SealedList

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"


def crowd(*sizes: int) -> tuple[Meetup, list[Registration]]:
    """So many of each of some cohorts, all with a seat."""
    program_cohorts = [make_cohort()]
    meetup = make_meetup(cohorts=program_cohorts)
    with transaction() as session:
        program = session.get_one(Meetup, meetup.id).program
    cohorts = [make_cohort(program) for _ in sizes]
    return meetup, [
        make_registration(meetup, cohort=cohort)
        for cohort, most in zip(cohorts, sizes, strict=True)
        for _ in range(most)
    ]


def plan_of(meetup: Meetup) -> dict[int, int | None]:
    return {row.id: row.number for row in tables.people(meetup.id)}


def test_cohorts_are_mixed_and_the_same_wishes_give_the_same_plan():
    meetup, rows = crowd(4, 4)

    tables.lay(meetup.id, Wanted("4x2", Seating.MIX), ACTOR)
    first = plan_of(meetup)
    tables.lay(meetup.id, Wanted("4x2", Seating.MIX), ACTOR)

    assert plan_of(meetup) == first
    assert set(Counter((first[row.id], row.cohort_id) for row in rows).values()) == {1}


def test_another_order_is_another_plan():
    meetup, _ = crowd(20)
    tables.lay(meetup.id, Wanted("10x2", Seating.RANDOM), ACTOR)
    first = plan_of(meetup)

    tables.lay(meetup.id, Wanted("10x2", Seating.RANDOM, anew=True), ACTOR)

    assert plan_of(meetup) != first


def test_whoever_registers_later_gets_a_free_seat_and_nobody_moves():
    meetup, rows = crowd(3)
    tables.lay(meetup.id, Wanted("2x2", Seating.MIX), ACTOR)
    before = plan_of(meetup)
    late = make_registration(meetup)

    unseated = plan_of(meetup)[late.id]
    tables.seat_late(meetup.id, ACTOR)

    after = plan_of(meetup)
    assert unseated is None
    assert {row.id: after[row.id] for row in rows} == before
    assert Counter(after.values()) == {1: 2, 2: 2}


def test_whoever_cancels_leaves_a_gap_that_a_late_one_may_take():
    meetup, rows = crowd(2)
    tables.lay(meetup.id, Wanted("2x1", Seating.MIX), ACTOR)
    gone_from = plan_of(meetup)[rows[0].id]
    registrations.cancel(rows[0].id)
    late = make_registration(meetup)

    tables.seat_late(meetup.id, ACTOR)

    assert plan_of(meetup) == {rows[1].id: 3 - gone_from, late.id: gone_from}


def test_what_was_put_right_by_hand_stays_when_the_tables_are_filled_anew():
    meetup, rows = crowd(4)
    tables.lay(meetup.id, Wanted("3x4", Seating.GROUP), ACTOR)

    tables.move(meetup.id, rows[0].id, 3, "", ACTOR)
    tables.lay(meetup.id, Wanted("3x4", Seating.GROUP, anew=True), ACTOR)

    assert plan_of(meetup)[rows[0].id] == 3


def test_a_full_table_and_one_that_is_not_there_are_refused():
    meetup, rows = crowd(3)
    tables.lay(meetup.id, Wanted("2, 1", Seating.MIX), ACTOR)
    single = next(row.id for row in rows if plan_of(meetup)[row.id] == 1)

    with pytest.raises(DomainError, match="table_full"):
        tables.move(meetup.id, single, 2, "", ACTOR)
    with pytest.raises(DomainError, match="no_such_table"):
        tables.move(meetup.id, single, 3, "", ACTOR)


def test_those_who_share_a_mark_sit_together_at_the_next_filling():
    meetup, rows = crowd(2, 2)
    tables.lay(meetup.id, Wanted("2x2", Seating.MIX), ACTOR)
    for row in rows[:2]:
        tables.move(meetup.id, row.id, None, "A", ACTOR)

    tables.lay(meetup.id, Wanted("2x2", Seating.MIX), ACTOR)

    found = plan_of(meetup)
    assert found[rows[0].id] == found[rows[1].id]


def test_a_mark_that_says_an_erased_name_says_it_no_more_and_still_seats_together():
    meetup, rows = crowd(3)
    tables.lay(meetup.id, Wanted("3x2", Seating.MIX), ACTOR)
    for row in rows[:2]:
        tables.move(meetup.id, row.id, None, "한빛누리 일행", ACTOR)
    listed = make_alumnus(db.session.get_one(Meetup, meetup.id).cohorts[0], "한빛누리")

    erasure.erase(listed.id, ACTOR, Asked.MAIL)

    marks = db.session.scalars(
        select(TableSeat.beside).where(TableSeat.registration_id.in_([r.id for r in rows[:2]]))
    )
    assert set(marks) == {"··· 일행"}


def test_companions_take_seats_of_their_own():
    meetup = make_meetup(cohorts=[make_cohort()])
    party = make_registration(meetup, companions=2)

    made = tables.lay(meetup.id, Wanted("2, 2", Seating.MIX), ACTOR)

    assert (made.left, plan_of(meetup)) == ((party.id,), {party.id: None})


def test_a_person_reads_their_table_once_it_is_shown_and_so_does_the_door(app: Flask):
    meetup, rows = crowd(1)
    tables.lay(meetup.id, Wanted("1", Seating.MIX), ACTOR)
    page = f"/T/{code_of(rows[0])}"
    hidden = app.test_client().get(page, headers={"Accept-Language": "en"}).text

    tables.publish(meetup.id, True, ACTOR)
    shown = app.test_client().get(page, headers={"Accept-Language": "en"}).text
    person = scanned(app, meetup, rows[0])

    assert ("Table 1" in hidden, "Table 1" in shown, person["table"]) == (False, True, 1)


def scanned(app: Flask, meetup: Meetup, registration: Registration) -> dict[str, object]:
    person: dict[str, object] = Phone(app, meetup).scan(code=code_of(registration))["person"]
    return person


def test_the_door_says_nothing_of_tables_that_are_not_shown(app: Flask):
    meetup, rows = crowd(1)
    tables.lay(meetup.id, Wanted("1", Seating.MIX), ACTOR)

    assert "table" not in scanned(app, meetup, rows[0])


def test_a_phone_and_a_tablet_without_a_network_know_the_table_as_the_answer_does(app: Flask):
    meetup, rows = crowd(2)
    code = code_of(rows[0])
    tables.lay(meetup.id, Wanted("1, 1", Seating.MIX), ACTOR)
    lists = [SealedList(Phone(app, meetup)), SealedList(Phone(app, meetup, DeviceRole.KIOSK))]

    def told() -> list[int | None]:
        for held in lists:
            held.refresh()
        return [record.table for held in lists if (record := held.record(code))]

    hidden = told()
    tables.publish(meetup.id, True, ACTOR)
    app.extensions.pop("door_lists")
    number, shown = tables.number_of(rows[0]), told()
    person = lists[1].phone.scan(code=code)["person"]
    registrations.cancel(rows[1].id)
    app.extensions.pop("door_lists")
    lists[0].refresh()
    gone = lists[0].record(code_of(rows[1]))

    assert (hidden, shown) == ([None, None], [number, number])
    assert (set(person), person["table"]) == ({"name", "table"}, number)
    assert gone
    assert (gone.state, gone.table) == ("canceled", None)


def test_a_file_has_the_table(client: Browser):
    meetup, _ = crowd(1)
    tables.lay(meetup.id, Wanted("5", Seating.MIX), ACTOR)
    with transaction() as session:
        program = session.get_one(Meetup, meetup.id).program
    sign_in(client, make_member(program))

    answer = submit(
        client,
        f"/desk/{program.slug}/meetups/{meetup.slug}/export",
        {"columns": ["name", "table"], "kind": "csv", "reason": "자리"},
    )

    heading, *lines = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert [line[heading.index("Table")] for line in lines] == ["1"]


def test_erasing_a_person_empties_their_place(app: Flask):
    meetup, rows = crowd(2)
    tables.lay(meetup.id, Wanted("2", Seating.MIX), ACTOR)
    tables.move(meetup.id, rows[0].id, 1, "김하늘 옆", ACTOR)

    erasure.erase(db.session.get_one(Registration, rows[0].id).person_id, ACTOR, Asked.MAIL)

    left = db.session.scalars(select(TableSeat.registration_id)).all()
    assert left == [rows[1].id]


def test_taking_the_plan_away_leaves_nothing_of_it():
    meetup, _ = crowd(2)
    tables.lay(meetup.id, Wanted("2", Seating.MIX), ACTOR)

    tables.discard(meetup.id, ACTOR)

    acts = db.session.scalars(
        select(AuditEntry.act).where(AuditEntry.act.startswith("tables.")).order_by(AuditEntry.id)
    ).all()
    assert (tables.of_meetup(meetup.id), set(plan_of(meetup).values())) == (None, {None})
    assert acts == ["tables.laid", "tables.discarded"]


def test_only_those_with_a_seat_sit_somewhere():
    meetup, rows = crowd(1)
    make_registration(meetup, status=Status.WAITLISTED)

    tables.lay(meetup.id, Wanted("5", Seating.MIX), ACTOR)

    assert list(plan_of(meetup)) == [rows[0].id]
