"""Badges without a registration at the desk: typed, put right, taken off, put back, printed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from app.blueprints.badges import content
from app.domain.printing.designs import Design, ExtraKind, Part
from app.domain.printing.marks import Code
from app.models import Meetup, Program, Role
from app.services.printing import extra_badges
from app.services.printing.badge_people import EXTRA
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support import paper
from tests.support.client import Browser, submit

pytestmark = pytest.mark.one_database
DESK = "/desk/bootcamp/meetups/spring/badges"
TYPED = {"name": " 한도움  ", "line": "예시전자 안내", "kind": "staff"}


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(slug="bootcamp")


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, 1)], slug="spring", title_ko="봄 밋업")


@pytest.fixture
def desk(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program, Role.ORGANIZER))
    return client


def added(desk: Browser, **more: Any) -> Any:
    return submit(desk, DESK, TYPED | more, action=f"{DESK}/extras")


def listed(meetup: Meetup) -> list[tuple[str, str, str]]:
    return [(row.name, row.line, row.kind.value) for row in extra_badges.of_meetup(meetup.id)]


def test_a_helper_s_badge_is_typed_and_printed_with_role_and_line_and_no_code(
    desk: Browser, meetup: Meetup
) -> None:
    answer = added(desk)
    (row,) = extra_badges.of_meetup(meetup.id)
    one = submit(desk, DESK, action=f"{DESK}/extras/{row.id}/print", follow_redirects=True)

    (text,) = paper.pages(one.data)
    assert (answer.status_code, answer.location) == (303, f"{DESK}#extras")
    assert listed(meetup) == [("한도움", "예시전자 안내", "staff")]
    assert [each in text for each in ("한도움", "예시전자 안내", "스태프", "봄 밋업")] == [True] * 4
    (drawn,) = content.designs(meetup, Design(parts=frozenset({Part.QR})), [(row.id, EXTRA)])
    assert not [mark for mark in drawn if isinstance(mark, Code)]
    assert "Printed" in desk.get(DESK).text


def test_all_and_new_have_them_too_and_some_of_the_cohorts_do_not(desk: Browser, meetup: Meetup) -> None:
    make_registration(meetup, make_alumnus(meetup.cohorts[0], "김하늘"), cohort=meetup.cohorts[0])
    added(desk)

    def printed(which: str) -> str:
        sent = {"which": which, "reason": "입구"}
        return paper.pages(submit(desk, DESK, sent, action=f"{DESK}/prints", follow_redirects=True).data)[0]

    texts = {which: printed(which) for which in ("new", "all", "some", "extras")}

    assert {which: ("김하늘" in text, "한도움" in text) for which, text in texts.items()} == {
        "new": (True, True),
        "all": (True, True),
        "some": (True, False),
        "extras": (False, True),
    }


@pytest.mark.parametrize(
    "wrong",
    [{"name": "  "}, {"name": "가" * 101}, {"name": "900101-1234568"}, {"kind": "king"}],
)
def test_what_can_t_stand_on_a_badge_is_refused_and_what_was_typed_stays(
    desk: Browser, meetup: Meetup, wrong: dict[str, str]
) -> None:
    refused = added(desk, **wrong)

    assert (refused.status_code, listed(meetup)) == (422, [])
    assert 'value="예시전자 안내"' in refused.text


def test_a_badge_is_changed_on_its_own_page(desk: Browser, meetup: Meetup) -> None:
    added(desk)
    (row,) = extra_badges.of_meetup(meetup.id)
    page = f"{DESK}/extras/{row.id}"

    refused = submit(desk, page, {"name": ""}, action=page)
    saved = submit(desk, page, {"name": "한도움", "line": "", "kind": "speaker"}, action=page)

    assert (refused.status_code, "Write the name." in refused.text) == (422, True)
    assert saved.status_code == 303
    assert listed(meetup) == [("한도움", "", "speaker")]


def test_a_removed_badge_can_be_put_back(desk: Browser, meetup: Meetup) -> None:
    added(desk)
    (row,) = extra_badges.of_meetup(meetup.id)

    submit(desk, DESK, action=f"{DESK}/extras/{row.id}/remove")
    gone, offered = listed(meetup), "Removed: 한도움" in desk.get(DESK).text
    submit(desk, DESK, action=f"{DESK}/extras/{row.id}/put-back")

    assert (gone, offered) == ([], True)
    assert len(listed(meetup)) == 1


def test_a_name_without_signs_in_our_type_is_told_and_another_meetup_s_badge_is_not_there(
    desk: Browser, meetup: Meetup
) -> None:
    extra_badges.add(meetup.id, extra_badges.Typed("สมชาย", "", ExtraKind.GUEST), "account:1")
    other = make_meetup(meetup.program, slug="autumn")
    theirs = extra_badges.add(other.id, extra_badges.Typed("한도움", "", ExtraKind.GUEST), "account:1")

    assert "Signs that can't be printed" in desk.get(DESK).text
    assert desk.get(f"{DESK}/extras/{theirs.id}").status_code == 404
