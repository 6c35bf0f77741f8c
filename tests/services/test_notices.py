"""Notices as use cases: publishing needs one, an edit is a new version, programmes keep their own."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select

from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, Unusable
from app.domain.writing.words import NO_WORDS, Words
from app.models import AuditEntry, Cohort, Meetup, MeetupState
from app.services.organizing import meetup_states, meetups, notices
from tests.factories import make_cohort, make_consent, make_meetup, make_notice

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"


def draft(cohort: Cohort) -> Draft:
    starts = (now() + dt.timedelta(days=9)).replace(tzinfo=None)
    return Draft(
        title_ko="동문 밋업", place_ko="예시홀", starts=starts, ends=starts + dt.timedelta(hours=2), capacity=2,
        contact_address="desk@example.com", cohort_ids=frozenset({cohort.id}),
    )  # fmt: skip


def test_a_meetup_without_a_notice_is_not_published():
    meetup = make_meetup(cohorts=[make_cohort()], state=MeetupState.DRAFT, contact_address="desk@example.com")

    with pytest.raises(meetup_states.Incomplete) as refusal:
        meetup_states.publish(meetup.id, ACTOR)

    assert refusal.value.missing == ["lacks_notice"]
    make_notice(meetup)
    assert meetup_states.publish(meetup.id, ACTOR).state is MeetupState.PUBLISHED


def test_a_new_meetup_begins_with_the_ready_made_notice_and_can_be_published():
    cohort = make_cohort()

    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)

    assert cohort.program.name_ko in notices.current(meetup).purpose.ko
    assert meetup_states.missing(meetup) == []


def test_a_programme_that_keeps_its_own_notice_begins_with_that():
    cohort = make_cohort()
    own = dataclasses.replace(
        make_notice(make_meetup(cohorts=[cohort])), kept_days=30, consents=(make_consent("photos"),)
    )
    notices.keep(cohort.program_id, dataclasses.replace(own, kept_days=5), ACTOR)
    notices.keep(cohort.program_id, own, ACTOR)

    meetup = meetups.create(cohort.program_id, draft(cohort), ACTOR)

    assert notices.current(meetup) == own


def test_a_copy_says_what_its_original_says():
    cohort = make_cohort()
    original = meetups.create(cohort.program_id, draft(cohort), ACTOR)
    said = make_notice(original, kept_days=14)

    copy = meetups.copy(original.id, ACTOR)

    assert (copy.notice_version, notices.current(copy)) == (1, said)
    assert original.notice_version == 2


def test_a_copy_of_a_meetup_from_before_begins_with_the_ready_made_notice():
    copy = meetups.copy(make_meetup(cohorts=[make_cohort()]).id, ACTOR)

    assert notices.current(copy).purpose


def test_an_edit_is_a_new_version_and_the_old_one_stays_readable():
    meetup = make_meetup(cohorts=[make_cohort()])
    first = make_notice(meetup)

    second = make_notice(meetup, kept_days=7)

    assert [row.version for row in notices.versions(meetup.id)] == [2, 1]
    assert (notices.version(meetup.id, 1), notices.version(meetup.id, 2)) == (first, second)
    assert notices.current(db.session.get_one(Meetup, meetup.id)) == second


def test_saving_the_same_text_makes_no_version():
    meetup = make_meetup(cohorts=[make_cohort()])
    make_notice(meetup)

    make_notice(meetup)

    assert meetup.notice_version == 1
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "notice.saved")).all()
    assert len(acts) == 1


def test_the_second_of_two_organizers_is_told_and_overwrites_nothing():
    meetup = make_meetup(cohorts=[make_cohort()])
    first = make_notice(meetup)

    with pytest.raises(DomainError) as refusal:
        notices.save(meetup.id, dataclasses.replace(first, kept_days=1), ACTOR, based_on=0)

    assert refusal.value.code == "notice_changed"
    assert notices.current(meetup) == first


def test_a_notice_with_a_gap_is_neither_saved_nor_kept():
    meetup = make_meetup(cohorts=[make_cohort()])
    whole = make_notice(meetup)
    gap = dataclasses.replace(whole, refusal=NO_WORDS, items=Words("이름"))

    for act in (
        lambda: notices.save(meetup.id, gap, ACTOR, based_on=1),
        lambda: notices.keep(meetup.program_id, gap, ACTOR),
    ):
        with pytest.raises(Unusable):
            act()

    assert notices.current(meetup) == whole
