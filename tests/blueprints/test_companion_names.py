"""The names of those who come along: asked for where the meetup wants them, and seen where somebody needs them."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.domain.erasure import Asked
from app.models import AuditEntry, Registration
from app.services.personal import erasure
from app.services.registering import companions
from tests.blueprints.test_checkin_people_list import asked, everybody
from tests.blueprints.test_host_events import table_of
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_notice, sign_in
from tests.support.client import Browser, submit
from tests.support.door import Phone
from tests.support.fresh import path_of
from tests.support.registering import register


def test_names_are_asked_for_changed_seen_at_the_door_and_in_files_and_go_with_their_seat(
    app: Flask, client: Browser
) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], capacity=9, door_lists_people=True)
    make_notice(meetup)
    sign_in(client, make_member(meetup.program))
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}"
    submit(
        client,
        f"{desk}/seats",
        {"companions": "2", "companion_names": "required"},
        f"{desk}/seats/companions",
    )
    held = register(meetup, make_alumnus(meetup.cohorts[0], "김하늘"))
    page = f"{path_of(held)}/companions"

    refused = submit(client, page, {"companions": "2", "name-1": "박지우", "name-2": " "})
    assert refused.status_code == 422
    assert "Write the name of this companion" in refused.text
    assert 'value="박지우"' in refused.text
    hidden = submit(client, page, {"companions": "1", "name-1": "900101-1234567"})
    assert hidden.status_code == 422
    assert (
        submit(client, page, {"companions": "2", "name-1": "박지우", "name-2": "최수아"}).status_code == 303
    )
    assert kept(held) == ["박지우", "최수아"]
    assert "박지우, 최수아" in client.get(path_of(held)).text
    assert (
        submit(client, page, {"companions": "2", "name-1": "박지우", "name-2": "한도윤"}).status_code == 303
    )

    assert "박지우, 한도윤" in client.get(f"{desk}/attendees").text
    assert "박지우, 한도윤" in client.get(f"{desk}/attendees/{held.reference}").text
    wanted = {"kind": "xlsx", "reason": "명찰", "columns": ["name", "companion_names"]}
    assert table_of(submit(client, f"{desk}/export", wanted).data, "xlsx")[1][1:] == [
        "김하늘",
        "박지우, 한도윤",
    ]
    (line,) = everybody(asked(Phone(app, meetup))).values()
    assert line["w"] == ["박지우", "한도윤"]

    companions.set_number(held.id, 1, "account:1")
    assert kept(held) == ["박지우"]
    assert not [entry for entry in db.session.scalars(select(AuditEntry)) if "박지우" in str(entry.details)]
    erasure.erase(held.person_id, "account:1", Asked.MAIL)
    assert kept(held) == []


def test_where_names_are_wanted_of_who_likes_or_of_nobody_none_is_owed(app: Flask, client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()], capacity=9, companions_most=2)
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    page = f"{path_of(held)}/companions"

    assert "name-1" not in client.get(page).text
    submit(client, page, {"companions": "1", "name-1": "박지우"})
    assert kept(held) == []
    companions.allow(meetup.id, 2, "account:1", companions.CompanionNames.OPTIONAL)
    submit(client, page, {"companions": "2", "name-2": "최수아"})
    assert kept(held) == ["", "최수아"]


def kept(held: Registration) -> list[str]:
    end_reading()
    return db.session.get_one(Registration, held.id, populate_existing=True).companion_names


def test_a_number_of_companions_beyond_all_numbers_is_refused_like_any_too_large_one(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    sign_in(client, make_member(meetup.program))
    seats = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/seats"

    answers = [
        submit(client, seats, {"companions": typed}, f"{seats}/companions") for typed in ("99", "9" * 5000)
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
