"""A meetup inside a larger event that has a registration of its own: told on the way, and said by each."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain.registering.host_events import HostEntry
from app.models import Registration
from app.services.running import schedule
from tests.factories import code_of, make_alumnus, make_cohort, make_meetup, make_member, make_notice, sign_in
from tests.services.test_reminders import written
from tests.support.client import Browser, submit
from tests.support.offers import later
from tests.support.registering import owed, prove_in, register
from tests.support.smtp import html_of, text_of

URL = "https://week.example/register"
DAY = dt.timedelta(days=1)


def test_the_larger_event_is_on_every_step_and_each_says_whether_they_have_a_place(
    app: Any, client: Browser
) -> None:
    cohort = make_cohort()
    at = now().replace(minute=0, second=0, microsecond=0)
    meetup = make_meetup(
        cohorts=[cohort], host_event_en="Example AI Week", host_event_url=URL, reminds_day=True,
        host_event_closes_at=at + 13 * DAY + dt.timedelta(hours=6), day_reminder_at=at + 13 * DAY,
    )  # fmt: skip
    make_notice(meetup)
    person = make_alumnus(cohort, "김하늘")
    public = client.get(f"/m/{meetup.slug}").text
    assert URL in public
    assert "It has a registration of its own, until" in public

    prove_in(client, meetup, person.addresses[0].address)
    check = f"/m/{meetup.slug}/check"
    made = submit(client, check, {"host_entry": "not_yet"}, action=f"/m/{meetup.slug}/registrations")

    assert made.status_code == 303
    (row,) = db.session.scalars(select(Registration)).all()
    assert row.host_entry is HostEntry.NOT_YET
    assert URL in client.get(f"/T/{code_of(row)}").text
    with later(13 * DAY):
        schedule.run_due()
        mail = written(owed("reminder")[0])
        for body in (text_of(mail), html_of(mail)):
            assert URL in body
            assert "Say on your registration's page whether you have registered there." in body
    own = made.location
    submit(client, own, {"host_entry": "registered"}, action=f"{own}/host-entry")
    end_reading()
    assert db.session.get_one(Registration, row.id).host_entry is HostEntry.REGISTERED
    with later(13 * DAY):
        again = text_of(written(owed("reminder")[0]))
        assert URL in again
        assert "until" not in again
    nothing = submit(client, own, {"host_entry": "maybe"}, f"{own}/host-entry", follow_redirects=True)
    assert "Choose one of the answers" in nothing.text

    sign_in(client, make_member(meetup.program))
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"
    assert "Who has registered for the larger event" in client.get(desk).text
    assert "김하늘" in client.get(f"{desk}/attendees?host=registered").text
    assert "김하늘" not in client.get(f"{desk}/attendees?host=not_yet").text
    for kind in ("csv", "xlsx"):
        wanted = {"kind": kind, "reason": "명찰", "columns": ["name", "host_entry"]}
        assert table_of(submit(client, f"{desk}/export", wanted).data, kind)[1][1:] == [
            "김하늘",
            "Registered there",
        ]


def table_of(data: bytes, kind: str) -> list[list[str]]:
    if kind == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet
    return [[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


@pytest.mark.parametrize(
    ("closes_in", "said", "reminds"),
    [(None, "It may need a registration of its own.", True), (-DAY, "Its own registration ended on", False)],
)
def test_without_a_deadline_people_are_told_of_it_and_after_it_of_nothing_more_to_do(
    app: Any, client: Browser, closes_in: dt.timedelta | None, said: str, reminds: bool
) -> None:
    closes_at = closes_in and now() + closes_in
    cohort = make_cohort()
    meetup = make_meetup(
        cohorts=[cohort], host_event_en="Example AI Week", host_event_url=URL, host_event_closes_at=closes_at
    )
    make_notice(meetup)

    register(meetup, make_alumnus(cohort))

    public = client.get(f"/m/{meetup.slug}").text
    assert said in public
    assert ("It has a registration of its own, until" in public) is False
    body = text_of(written(owed("registration_confirmed")[0]))
    assert ("그쪽에 등록했는지" in body) is reminds
