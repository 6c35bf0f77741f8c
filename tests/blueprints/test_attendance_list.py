"""Who came how often, over the meetups of a programme whose data is kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.models import AuditEntry, Cohort, Destruction, Meetup, MeetupState, Person, Program, Role, Status
from app.services.alumni import attendance_lists
from app.services.alumni.attendance_lists import By, Wanted
from app.services.personal import erasure
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def cohort(program: Program) -> Cohort:
    return make_cohort(program, 1)


def held(program: Program, days_ago: int, **fields: Any) -> Meetup:
    starts = now() - dt.timedelta(days=days_ago)
    return make_meetup(program, starts_at=starts, ends_at=starts + dt.timedelta(hours=2), **fields)


def was_at(meetup: Meetup, *people: Person) -> None:
    for person in people:
        make_registration(meetup, person, admitted_at=meetup.starts_at)


def told(program: Program, **wanted: Any) -> list[tuple[str, int, int, int]]:
    end_reading()
    over = attendance_lists.over(program.id)
    page = attendance_lists.page(program.id, over.counted, Wanted(**wanted), start=0, size=50)
    assert not page.has_more
    return [(each.name, each.registered, each.came, each.missed) for each in page.lines]


def test_each_meetup_that_is_over_counts_once_for_everybody(program: Program, cohort: Cohort) -> None:
    loyal, missing, silent = (make_alumnus(cohort, name) for name in ("늘와요", "안왔어요", "조용해요"))
    first, second = held(program, 30), held(program, 3)
    coming = make_meetup(program)
    was_at(first, loyal, missing)
    make_registration(second, loyal, Status.CANCELLED)  # and came back after all
    was_at(second, loyal)
    make_registration(second, missing)
    make_registration(coming, silent)
    make_registration(held(make_program(), 3), make_person(name="남의과정"), admitted_at=now())

    assert told(program) == [("늘와요", 2, 2, 0), ("안왔어요", 2, 1, 1), ("조용해요", 0, 0, 0)]
    assert [each[0] for each in told(program, by=By.MISSED)] == ["안왔어요", "늘와요", "조용해요"]
    assert told(program, never_came=True) == [("조용해요", 0, 0, 0)]
    assert [each[0] for each in told(program, search="ㄴㅇㅇ")] == ["늘와요"]


def test_a_meetup_counts_only_where_it_is_known_who_came(program: Program, cohort: Cohort) -> None:
    person, other = make_alumnus(cohort, "가나다"), make_alumnus(cohort, "라마바")
    counted, unrecorded, destroyed, draft = (held(program, days) for days in (1, 2, 3, 4))
    for meetup in (counted, destroyed, draft):
        was_at(meetup, other)
    for meetup in (counted, unrecorded, destroyed, draft):
        make_registration(meetup, person)
    with transaction() as session:
        session.add(Destruction(meetup_id=destroyed.id, done_at=now()))
        session.get_one(Meetup, draft.id).state = MeetupState.CALLED_OFF
    end_reading()

    over = attendance_lists.over(program.id)

    assert [[each.id for each in some] for some in (over.counted, over.unrecorded, over.destroyed)] == [
        [counted.id],
        [unrecorded.id],
        [destroyed.id],
    ]
    assert told(program) == [("가나다", 1, 0, 1), ("라마바", 1, 1, 0)]


def test_people_are_listed_by_cohort_and_nobody_who_was_erased(program: Program, cohort: Cohort) -> None:
    second = make_cohort(program, 2)
    both, only = make_alumnus(cohort, "두기수"), make_alumnus(second, "이기수")
    make_entry(second, both)
    erased = make_alumnus(cohort, "지운이")
    was_at(held(program, 3), both, only, erased)
    end_reading()
    erasure.erase(erased.id, "account:1", Asked.MAIL)

    assert [each[0] for each in told(program, cohort=1)] == ["두기수"]
    assert [each[0] for each in told(program, search="2기")] == ["두기수", "이기수"]
    assert [each[0] for each in told(program, by=By.CAME)] == ["두기수", "이기수"]


@pytest.mark.one_database
def test_the_page_says_over_which_meetups_it_counts_and_leads_on(
    client: Browser, program: Program, cohort: Cohort
) -> None:
    sign_in(client, make_member(program, Role.ORGANIZER))
    meetup, gone = held(program, 3, title_en="Spring meetup"), held(program, 9, title_en="Long ago")
    was_at(meetup, *(make_alumnus(cohort) for _ in range(51)))
    with transaction() as session:
        session.add(Destruction(meetup_id=gone.id, done_at=now()))

    page = client.get(f"/desk/{program.slug}/attendance").text
    later = client.get(f"/desk/{program.slug}/attendance?start=50").text

    assert "Counted over 1 meetup that is over: Spring meetup" in page
    assert "because their personal data is destroyed as people were told: Long ago" in page
    assert page.count("<tr>") == 51
    assert "start=50" in page
    assert later.count("<tr>") == 2
    assert "attendance" in client.get(f"/desk/{program.slug}/cohorts").text
    end_reading()
    assert "attendance.listed" in db.session.scalars(select(AuditEntry.act)).all()


@pytest.mark.one_database
def test_the_list_leaves_as_a_file_for_a_reason(client: Browser, program: Program, cohort: Cohort) -> None:
    sign_in(client, make_member(program, Role.ORGANIZER))
    meetup = held(program, 3)
    was_at(meetup, make_alumnus(cohort, "가나다"))
    make_alumnus(cohort, "라마바")
    here = f"/desk/{program.slug}/attendance/file"

    refused = submit(client, here, {"reason": ""})
    text = submit(client, here, {"kind": "csv", "reason": "감사 인사"}).data.decode("utf-8-sig")
    never = submit(client, f"{here}?came=never", {"kind": "csv", "reason": "안부"}).data.decode("utf-8-sig")

    assert refused.status_code == 422
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["가나다", "Cohort 1", "1", "1", "0"],
        ["라마바", "Cohort 1", "0", "0", "0"],
    ]
    assert [row[0] for row in csv.reader(io.StringIO(never))][1:] == ["라마바"]
    end_reading()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.reason) == ("attendance.exported", "안부")
    assert entry.details == {
        "kind": "csv",
        "rows": 1,
        "meetups": [meetup.id],
        "restricted_by": ["never_came"],
    }


@pytest.mark.one_database
def test_the_page_asks_as_much_for_five_people_as_for_fifty(
    client: Browser, program: Program, cohort: Cohort
) -> None:
    sign_in(client, make_member(program, Role.ORGANIZER))
    meetup = held(program, 3)

    def asked() -> int:
        end_reading()
        with statements() as found:
            assert client.get(f"/desk/{program.slug}/attendance?by=came").status_code == 200
        return len([each for each in found if each.startswith("SELECT")])

    was_at(meetup, *(make_alumnus(cohort) for _ in range(4)))
    asked()
    few = asked()
    was_at(meetup, *(make_alumnus(cohort) for _ in range(45)))

    assert asked() == few
