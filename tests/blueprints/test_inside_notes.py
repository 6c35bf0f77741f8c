"""Notes that only those who have a seat read, while they have it."""

from __future__ import annotations

from sqlalchemy import select

from app.db import db, end_reading
from app.domain.erasure import Asked
from app.models import AuditEntry, InsideNote, Role, Status
from app.services.personal import erasure, personal_links
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
from tests.support.registering import owed

SAID = "오픈채팅 https://example.com/chat, 와이파이 비밀번호 dongmun"


def test_who_has_a_seat_reads_the_notes_until_it_goes(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/inside-notes"
    seated = make_registration(meetup, make_alumnus(meetup.cohorts[0]))
    waiting = make_registration(meetup, make_alumnus(meetup.cohorts[0]), Status.WAITLISTED)
    code = code_of(seated)

    assert submit(client, desk, {"words_ko": "가" * 2001}).status_code == 422
    assert submit(client, desk, {"words_ko": SAID}).status_code == 303
    assert "Nothing changed" in submit(client, desk, {}, follow_redirects=True).text

    def reads(row: object) -> bool:
        return "비밀번호 dongmun" in client.get(link_of(row)).text

    assert reads(seated)
    assert 'href="https://example.com/chat"' in client.get(link_of(seated)).text
    assert not reads(waiting)
    for public in (f"/m/{meetup.slug}", f"/T/{code}"):
        assert "비밀번호" not in client.get(public).text
    registrations.cancel(seated.id)
    assert not reads(seated)
    assert "비밀번호" not in str([mail.params for mail in owed()])
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert acts.count("meetup.inside_note_saved") == 1
    assert submit(client, desk, {"words_ko": ""}).status_code == 303
    assert db.session.scalars(select(InsideNote)).all() == []


def test_an_erasure_leaves_a_note_that_names_the_person_and_says_where_it_is(client: Browser) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    desk = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/inside-notes"
    person = make_alumnus(meetup.cohorts[0], "강하늘")
    submit(client, desk, {"words_ko": "강하늘 님이 문에 있어요."})

    erasure.erase(person.id, "account:1", Asked.MAIL)

    end_reading()
    assert db.session.scalars(select(InsideNote.words_ko)).one() == "강하늘 님이 문에 있어요."
    assert "was left: please look" in client.get(f"/desk/{meetup.program.slug}/erasures").text


def link_of(row: object) -> str:
    return "/" + personal_links.url_of(row).split("/", 3)[3]  # type: ignore[arg-type]
