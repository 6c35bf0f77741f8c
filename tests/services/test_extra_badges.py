"""Badges for those who have no registration: a list of the meetup's that is printed, put right, forgotten."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.printing.designs import Design, ExtraKind
from app.models import AuditEntry, Destruction, ExtraBadge, Meetup, PrintedBadge
from app.services.organizing import meetups
from app.services.personal import erasure
from app.services.printing import badge_prints, extra_badges
from app.services.printing.badge_people import EXTRA
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.printing.extra_badges import Typed
from app.services.running import cleanup
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"
HELPER = Typed("한도움", "예시전자 안내", ExtraKind.STAFF)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 1)])


def add(meetup: Meetup, name: str, kind: ExtraKind = ExtraKind.STAFF, line: str = "") -> ExtraBadge:
    return extra_badges.add(meetup.id, Typed(name, line, kind), ACTOR)


def acts() -> list[str]:
    said = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id))
    return [act for act in said if act.startswith("badge.")]


def test_the_list_has_staff_then_speakers_then_guests_each_by_name(meetup: Meetup):
    for name, kind in [("나", ExtraKind.GUEST), ("다", ExtraKind.SPEAKER), ("나", ExtraKind.STAFF)]:
        add(meetup, name, kind)
    add(meetup, "가")

    found = [(row.kind.value, row.name) for row in extra_badges.of_meetup(meetup.id)]

    assert found == [("staff", "가"), ("staff", "나"), ("speaker", "다"), ("guest", "나")]


def test_they_are_printed_behind_the_others_and_once_when_only_the_new_are_asked_for(meetup: Meetup):
    row = make_registration(meetup, make_alumnus(meetup.cohorts[0]), cohort=meetup.cohorts[0])
    helper = add(meetup, "한도움")
    badge_prints.begin(meetup.id, Chosen(SEATED, extras=True), ACTOR)
    late = add(meetup, "늦은이")

    new = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True, extras=True), ACTOR)
    alone = badge_prints.begin(meetup.id, Chosen(wanted=None, extra=helper.id), ACTOR)
    everybody = badge_prints.begin(meetup.id, Chosen(SEATED, extras=True), ACTOR)
    extras = badge_prints.begin(meetup.id, Chosen(wanted=None, extras=True), ACTOR)

    printed = [badge_prints.printed_pieces(each, 0, 10) for each in (new, alone, everybody, extras)]
    both = [(late.id, EXTRA), (helper.id, EXTRA)]
    assert printed == [[(late.id, EXTRA)], [(helper.id, EXTRA)], [(row.id, 0), *both], both]
    assert badge_prints.printed_pieces(everybody, 1, 1) == both[:1]
    assert badge_prints.numbers(meetup.id, Design()) == (3, 0)


def test_a_registration_and_an_extra_badge_of_one_number_are_two(meetup: Meetup):
    row = make_registration(meetup, make_alumnus(meetup.cohorts[0]), cohort=meetup.cohorts[0])
    with transaction() as session:
        helper = ExtraBadge(
            id=row.id, meetup_id=meetup.id, name="한도움", line="", kind=ExtraKind.STAFF, changed_at=now()
        )
        session.add(helper)

    badge_prints.begin(meetup.id, Chosen(wanted=None, extra=row.id), ACTOR)

    assert badge_prints.numbers(meetup.id, Design()) == (2, 1)
    assert badge_prints.printed_of(meetup.id, [row.id]) == frozenset()


def test_a_removed_badge_is_on_no_print_and_comes_back_when_it_is_put_back(meetup: Meetup):
    helper = add(meetup, "한도움")
    made = badge_prints.begin(meetup.id, Chosen(wanted=None, extras=True), ACTOR)

    for _twice in range(2):
        extra_badges.remove(meetup.id, helper.id, ACTOR)
    off = badge_prints.printed_pieces(made, 0, 10), list(extra_badges.of_meetup(meetup.id))
    with pytest.raises(DomainError, match="no_badges_to_print"):
        badge_prints.begin(meetup.id, Chosen(wanted=None, extra=helper.id), ACTOR)
    for _twice in range(2):
        extra_badges.put_back(meetup.id, helper.id, ACTOR)

    assert off == ([], [])
    assert badge_prints.printed_pieces(made, 0, 10) == [(helper.id, EXTRA)]
    assert acts() == ["badge.added", "badge.removed", "badge.put_back"]


def test_a_day_after_its_removal_a_badge_is_deleted_and_the_others_stay(meetup: Meetup):
    helper, other = add(meetup, "한도움"), add(meetup, "남은이")
    badge_prints.begin(meetup.id, Chosen(wanted=None, extras=True), ACTOR)
    extra_badges.remove(meetup.id, helper.id, ACTOR)

    kept = cleanup.run()["removed badges"]
    with time_machine.travel(now() + dt.timedelta(days=1, minutes=1)):
        gone = cleanup.run()["removed badges"]

    assert (kept, gone) == (0, 1)
    assert db.session.scalars(select(ExtraBadge.id)).all() == [other.id]
    assert db.session.scalars(select(PrintedBadge.extra_id)).all() == [other.id]


def test_the_same_words_change_nothing_and_others_are_noted(meetup: Meetup):
    helper = extra_badges.add(meetup.id, HELPER, ACTOR)

    same = extra_badges.change(meetup.id, helper.id, HELPER, ACTOR)
    new = extra_badges.change(
        meetup.id, helper.id, dataclasses.replace(HELPER, kind=ExtraKind.SPEAKER), ACTOR
    )

    assert (same, new) == (False, True)
    assert acts() == ["badge.added", "badge.changed"]


def test_another_meetup_s_badge_is_not_found(meetup: Meetup):
    other = make_meetup(meetup.program)
    helper = add(other, "한도움")

    for act in (extra_badges.remove, extra_badges.put_back):
        with pytest.raises(DomainError, match="no_such_badge"):
            act(meetup.id, helper.id, ACTOR)

    assert extra_badges.find(meetup.id, helper.id) is None
    assert extra_badges.by_ids(meetup.id, [helper.id]) == {}


def test_a_full_list_takes_no_more(meetup: Meetup, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(extra_badges, "MOST", 1)
    first = add(meetup, "하나")
    extra_badges.remove(meetup.id, first.id, ACTOR)
    add(meetup, "둘")

    for act in (lambda: add(meetup, "셋"), lambda: extra_badges.put_back(meetup.id, first.id, ACTOR)):
        with pytest.raises(DomainError, match="too_many_extra_badges"):
            act()

    assert [row.name for row in extra_badges.of_meetup(meetup.id)] == ["둘"]


def test_once_the_meetup_s_data_is_destroyed_no_name_is_added(meetup: Meetup):
    with transaction() as session:
        session.add(Destruction(meetup_id=meetup.id, registrations=0, people=0, is_whole=True, done_at=now()))

    with pytest.raises(DomainError, match="badges_after_destruction"):
        add(meetup, "한도움")


def test_whoever_is_erased_is_on_no_extra_badge_either(meetup: Meetup):
    row = make_registration(meetup, make_alumnus(meetup.cohorts[0], "한빛누리"), cohort=meetup.cohorts[0])
    add(meetup, "한빛누리")
    add(meetup, "남은이", ExtraKind.GUEST, "한빛누리 님과 함께")
    add(meetup, "한빛누리봄")
    badge_prints.begin(meetup.id, Chosen(wanted=None, extras=True), ACTOR)

    erasure.erase(row.person_id, ACTOR, Asked.MAIL)

    found = [(each.name, each.line) for each in extra_badges.of_meetup(meetup.id)]
    assert found == [("한빛누리봄", ""), ("남은이", "··· 님과 함께")]


def test_a_copied_meetup_begins_without_them(meetup: Meetup):
    add(meetup, "한도움")

    copied = meetups.copy(meetup.id, ACTOR)

    assert extra_badges.of_meetup(copied.id) == []
    assert db.session.scalar(select(func.count()).select_from(ExtraBadge)) == 1
