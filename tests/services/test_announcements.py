"""Guests and talks that nobody reads of until they are announced."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import TalkDraft
from app.models import AuditEntry, Meetup, MeetupState, OutboxMail, Talk, TalkKind
from app.services.organizing import announcements, meetups
from app.services.personal import personal_links
from tests.factories import make_cohort, make_meetup, make_registration
from tests.services.test_meetups_life import UNTOLD, draft
from tests.support.crawling import alike, crawl, text_of

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"
GUEST, SUBJECT, OFFICE = "깜짝 손님 노아름", "아무도 모르는 강연", "비밀연구소"


def with_guest(**fields: Any) -> tuple[Meetup, Talk]:
    meetup = make_meetup(cohorts=[make_cohort()])
    with transaction() as session:
        guest = Talk(
            meetup_id=meetup.id,
            position=0,
            kind=TalkKind.SPECIAL_GUEST,
            title_ko=SUBJECT,
            speaker=GUEST,
            affiliation=OFFICE,
            hidden=True,
            **fields,
        )
        session.add(guest)
    return meetup, guest


def page(app: Flask, meetup: Meetup) -> str:
    return app.test_client().get(f"/m/{meetup.slug}").text


def everything(app: Flask, meetup: Meetup) -> str:
    """All that somebody with a seat can open, and all mails."""
    registration = make_registration(meetup)
    own = f"/r/{registration.reference}/{personal_links.secret_of(registration)}"
    starts = [f"/m/{meetup.slug}", f"/m/{meetup.slug}?lang=en", own, f"{own}/ticket"]
    went = [text_of(response) for _, response in crawl(app.test_client(), starts)]
    mails = [str((mail.params, mail.copy)) for mail in db.session.scalars(select(OutboxMail))]
    assert len(went) > 5
    return alike("\n".join(went + mails))


def test_nobody_reads_of_a_guest_before_they_are_announced_wherever_they_look(app: Flask):
    meetup, guest = with_guest()

    before = everything(app, meetup)
    announcements.announce(meetup.id, guest.id, ACTOR)
    after = everything(app, meetup)

    assert [word in before for word in map(alike, (GUEST, SUBJECT, OFFICE))] == [False] * 3
    assert [word in after for word in map(alike, (GUEST, SUBJECT, OFFICE))] == [True] * 3


def test_the_page_is_as_long_as_without_the_hidden_line(app: Flask):
    meetup, guest = with_guest()
    hidden = app.test_client().get(f"/m/{meetup.slug}").data

    with transaction() as session:
        session.delete(session.get_one(Talk, guest.id))

    assert len(app.test_client().get(f"/m/{meetup.slug}").data) == len(hidden)


def test_a_time_announces_by_the_servers_clock(app: Flask):
    meetup, _ = with_guest(announces_at=now() + dt.timedelta(hours=1))

    early = page(app, meetup)
    with transaction() as session:
        row = session.scalars(select(Talk).where(Talk.meetup_id == meetup.id)).one()
        row.announces_at = now() - dt.timedelta(seconds=1)

    assert (GUEST in early, GUEST in page(app, meetup)) == (False, True)


def test_announcing_twice_is_announcing_once_and_hiding_takes_it_back(app: Flask):
    meetup, guest = with_guest()

    for _ in range(2):
        announcements.announce(meetup.id, guest.id, ACTOR)
    shown = page(app, meetup)
    for _ in range(2):
        announcements.hide(meetup.id, guest.id, ACTOR)

    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("talk."))).all()
    assert (GUEST in shown, GUEST in page(app, meetup)) == (True, False)
    assert acts == ["talk.announced", "talk.hidden"]
    assert db.session.get_one(Meetup, meetup.id).version == 3


def test_a_line_of_another_meetup_is_refused():
    meetup, _ = with_guest()
    _, other = with_guest()

    with pytest.raises(DomainError, match="no_such_talk"):
        announcements.announce(meetup.id, other.id, ACTOR)


def test_a_draft_keeps_its_secrets_through_saving_and_in_a_copy():
    cohort = make_cohort()
    secret = TalkDraft(title_ko=SUBJECT, hidden=True, announces=dt.datetime(2027, 7, 1, 12))  # noqa: DTZ001
    known = TalkDraft(title_ko="기조 강연")
    made = meetups.create(cohort.program_id, draft(cohort, talks=(secret, known)), ACTOR)
    longer = dataclasses.replace(draft(cohort, talks=(secret, known)), capacity=9)
    meetups.revise(made.id, made.version, longer, ACTOR, UNTOLD)

    lines = {talk.title_ko: talk for talk in db.session.get_one(Meetup, made.id).talks}
    copied = {talk.title_ko: talk for talk in meetups.copy(made.id, ACTOR).talks}

    at = dt.datetime(2027, 7, 1, 3, tzinfo=dt.UTC)
    assert (lines[SUBJECT].hidden, lines[SUBJECT].announces_at) == (True, at)
    assert (lines["기조 강연"].hidden, lines["기조 강연"].announces_at) == (False, None)
    assert (copied[SUBJECT].hidden, copied[SUBJECT].announces_at) == (True, None)
    assert not copied["기조 강연"].hidden
    assert made.state is MeetupState.DRAFT


@pytest.mark.parametrize(("days", "kept"), [(1, True), (-1, False)])
def test_a_time_to_come_hides_a_line_whose_box_was_left_empty(days: int, kept: bool):
    cohort = make_cohort()
    at = dt.datetime.now() + dt.timedelta(days=days)  # noqa: DTZ005 - as it is typed
    guest = TalkDraft(title_ko=SUBJECT, speaker=GUEST, announces=at)

    made = meetups.create(cohort.program_id, draft(cohort, talks=(guest,)), ACTOR)

    (line,) = db.session.get_one(Meetup, made.id).talks
    assert (line.hidden, line.announces_at is not None, line.is_announced(now())) == (kept, kept, not kept)
