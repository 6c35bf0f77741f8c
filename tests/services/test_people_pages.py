"""The pages of the attendee list: in every order, from both ends, with filters that combine."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import now
from app.db import transaction
from app.domain.hosting.matching import HostListed
from app.domain.registering.questions import QuestionKind
from app.models import MailState, Meetup, OutboxMail, Person, PersonAddress, Program, Registration, Status
from app.services.organizing import kept_keys, people_pages, tags
from app.services.organizing.filters import Filter, MailStanding
from app.services.organizing.people_pages import SORTS, Edge, Order
from app.services.registering import answer_sheets, consents
from tests.factories import (
    make_cohort,
    make_meetup,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.counting import statements

NAMES = ["가나다", "김하나", "김하나", "나라", "Zoe", "한빛", "하늘"]
EVERYBODY = Filter(statuses=frozenset(Status))


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, n) for n in (1, 2)])


@pytest.fixture
def seven(program: Program, meetup: Meetup) -> list[Registration]:
    """Some of every kind, with equal values and empty ones in every column."""
    at, states = now(), [Status.CONFIRMED, Status.WAITLISTED, Status.CANCELLED]
    return [
        make_registration(
            meetup,
            make_person(program, name),
            states[n % 3],
            cohort=meetup.cohorts[n % 2] if n % 4 else None,
            phone=f"010-1234-000{n % 2}" if n % 3 else None,
            admitted_at=at + dt.timedelta(minutes=n % 2) if n % 3 == 0 else None,
            created_at=at - dt.timedelta(minutes=n % 4),
        )
        for n, name in enumerate(NAMES)
    ]


@pytest.mark.parametrize("by", [sign + key for key in SORTS for sign in ("", "-")])
def test_walking_there_and_back_shows_everybody_once_in_one_order(
    meetup: Meetup, seven: list[Registration], by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_pages, "COUNTED", 3)  # as if they were many
    order = Order.read(by)
    whole = [row.reference for row in people_pages.page(meetup.id, EVERYBODY, order, size=50).rows]
    there, edge = [], None
    while True:
        page = people_pages.page(meetup.id, EVERYBODY, order, size=2, edge=edge)
        there += [row.reference for row in page.rows]
        if not page.later:
            break
        edge = Edge(page.rows[-1].reference)
    back = [row.reference for row in page.rows]
    while page.earlier:
        page = people_pages.page(
            meetup.id, EVERYBODY, order, size=2, edge=Edge(page.rows[0].reference, before=True)
        )
        back = [row.reference for row in page.rows] + back

    assert sorted(there) == sorted(row.reference for row in seven)
    assert there == whole == back


def test_few_and_many_stand_in_the_same_order(
    meetup: Meetup, seven: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = [row.id for row in people_pages.page(meetup.id, Filter(), size=50).rows]
    monkeypatch.setattr(people_pages, "COUNTED", 1)
    page = people_pages.page(meetup.id, Filter(), size=50)

    assert [row.id for row in page.rows] == few
    assert page.total is None


def test_those_without_a_value_stand_last_whichever_way(meetup: Meetup, seven: list[Registration]) -> None:
    for by in ("checked_in_at", "-checked_in_at"):
        rows = people_pages.page(meetup.id, EVERYBODY, Order.read(by), size=50).rows
        came = [row.admitted_at is not None for row in rows]
        assert came == sorted(came, reverse=True)


def test_nobody_sorts_by_phone_as_the_one_shown_may_be_a_list_s(meetup: Meetup) -> None:
    assert Order.read("-phone") == Order()


def test_a_page_begins_at_the_start_where_its_edge_is_gone(meetup: Meetup, seven: list[Registration]) -> None:
    page = people_pages.page(meetup.id, Filter(), size=2, edge=Edge("NOBODY"))

    assert (page.earlier, len(page.rows), page.total) == (False, 2, 5)


def test_places_in_line_are_those_of_the_whole_line(program: Program, meetup: Meetup) -> None:
    waiting = [make_registration(meetup, status=Status.WAITLISTED) for _ in range(5)]
    make_registration(meetup)
    some = [waiting[3], waiting[1]]

    assert people_pages.places(meetup.id, some) == {waiting[1].id: 2, waiting[3].id: 4}
    assert people_pages.places(meetup.id, []) == {}


@pytest.mark.parametrize("many", [False, True])
def test_filters_combine(
    meetup: Meetup, seven: list[Registration], many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if many:
        monkeypatch.setattr(people_pages, "COUNTED", 0)
    tags.change(meetup.id, [row.id for row in seven[:4]], "account:1", add=["연사"])
    tags.change(meetup.id, [seven[3].id, seven[5].id], "account:1", add=["VIP"])

    def found(**wanted: object) -> set[int]:
        filter_ = Filter(**wanted)  # type: ignore[arg-type]
        return {seven.index(each) for each in seven if each.id in _ids(meetup, filter_)}

    speakers, both = frozenset({"연사"}), frozenset({"연사", "vip"})
    everyone = frozenset(Status)
    assert found(tags=speakers, statuses=everyone) == {0, 1, 2, 3}
    assert found(tags=both, statuses=everyone) == {0, 1, 2, 3, 5}
    assert found(tags=speakers, statuses=frozenset({Status.CONFIRMED, Status.CANCELLED})) == {0, 2, 3}
    assert found(tags=speakers, arrived=True, search="ㄴㄹ") == {3}
    assert found(search="0001", statuses=everyone) == {1, 5}


@pytest.mark.parametrize("counted", [people_pages.COUNTED, 0], ids=["looked up at once", "walked along"])
def test_answers_are_looked_for_in_the_newest_sheet(
    meetup: Meetup, seven: list[Registration], monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(people_pages, "COUNTED", counted)
    make_questions(
        meetup,
        make_question("q1", QuestionKind.CHOICE, "고기", "채식"),
        make_question("q2", QuestionKind.CHOICES, "아침", "점심", "저녁"),
    )
    _answer(seven[0], {"q1": "o1", "q2": ["o1", "o3"]})
    _answer(seven[0], {"q1": "o2", "q2": ["o1", "o3"]})
    _answer(seven[1], {"q1": "o1", "q2": ["o2"]})

    def found(*answers: tuple[str, str]) -> set[int]:
        return _ids(meetup, Filter(answers=frozenset(answers)))

    assert found(("q1", "o1")) == {seven[1].id}
    assert found(("q2", "o1")) == {seven[0].id}
    assert found(("q1", "o1"), ("q1", "o2")) == {seven[0].id, seven[1].id}
    assert found(("q1", "o2"), ("q2", "o3")) == {seven[0].id}
    assert found(("q1", "o2"), ("q2", "o2")) == set()


@pytest.mark.parametrize("counted", [people_pages.COUNTED, 0], ids=["looked up at once", "walked along"])
def test_what_companions_answered_last_finds_whom_they_come_with(
    meetup: Meetup, seven: list[Registration], monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(people_pages, "COUNTED", counted)
    dinner = make_question("q1", QuestionKind.CHOICE, "고기", "채식", of_companions=True)
    make_questions(meetup, dinner)
    for row, companions in zip(seven, (2, 1, 0), strict=False):
        with transaction() as session:
            session.execute(
                update(Registration).where(Registration.id == row.id).values(companions=companions)
            )
        _answer(row, {"q1": "o1"})
        _answer(row, {"q1": "o2"}, companion=1)
    _answer(seven[1], {"q1": "o1"}, companion=1)

    def found(*answers: tuple[str, str]) -> set[int]:
        return _ids(meetup, Filter(statuses=frozenset(Status), answers=frozenset(answers)))

    assert found(("q1", "o2")) == {seven[0].id}
    assert found(("q1", "o1")) == {row.id for row in seven[:3]}


def test_trouble_with_mail_is_found(meetup: Meetup, seven: list[Registration]) -> None:
    with transaction() as session:
        address = session.get_one(Person, seven[0].person_id).addresses[0]
        session.get_one(PersonAddress, address.id).dead_since = now()
        for row, state in ((seven[1], MailState.FAILED), (seven[3], MailState.QUEUED)):
            session.add(_mail(row, state))

    assert _ids(meetup, Filter(mail=frozenset({MailStanding.DEAD}))) == {seven[0].id}
    assert _ids(meetup, Filter(mail=frozenset({MailStanding.FAILED}))) == {seven[1].id}
    trouble = frozenset({MailStanding.DEAD, MailStanding.FAILED, MailStanding.WAITING})
    assert _ids(meetup, Filter(mail=trouble)) == {seven[0].id, seven[1].id, seven[3].id}


def _mail(row: Registration, state: MailState) -> OutboxMail:
    return OutboxMail(
        kind="registration_confirmed",
        address=row.address,
        locale="ko",
        meetup_id=row.meetup_id,
        registration_id=row.id,
        message_id=f"<{uuid.uuid4()}@example.com>",
        due_at=now(),
        state=state,
    )


@pytest.mark.parametrize("counted", [people_pages.COUNTED, 0], ids=["looked up at once", "walked along"])
def test_what_somebody_has_not_is_found_too(
    meetup: Meetup, seven: list[Registration], monkeypatch: pytest.MonkeyPatch, counted: int
) -> None:
    monkeypatch.setattr(people_pages, "COUNTED", counted)
    make_questions(meetup, make_question("q1", QuestionKind.CHOICE, "고기", "채식"), make_question("q2"))
    _answer(seven[0], {"q1": "o1"})
    _answer(seven[1], {"q1": "o1", "q2": '{"q1": 5}'})
    _answer(seven[1], {"q2": '{"q1": 5}'})
    _answer(seven[2], {"q1": "o1"}, companion=1)
    tags.change(meetup.id, [seven[0].id, seven[1].id], "account:1", add=["VIP"])
    tags.change(meetup.id, [seven[2].id], "account:1", add=["연사"])
    said = ((seven[0], True), (seven[1], True), (seven[1], False), (seven[2], False))
    with transaction() as session:
        for row, given in said:
            boxes = {"photos": given, "news": True}
            consents.record(session.connection(), row.id, boxes, notice_version=1, at=now(), actor="person")
        session.add_all([_mail(seven[0], MailState.SENT), _mail(seven[1], MailState.FAILED)])
        changed = {
            seven[0].id: {"companions": 1, "host_listed": "listed"},
            seven[1].id: {"source": "walk_in", "host_listed": "unsure"},
        }
        for number, values in changed.items():
            session.execute(update(Registration).where(Registration.id == number).values(**values))

    def found(**wanted: object) -> set[int]:
        filter_ = Filter(statuses=frozenset(Status), **wanted)  # type: ignore[arg-type]
        return {seven.index(each) for each in seven if each.id in _ids(meetup, filter_)}

    rest, photos, q1 = {3, 4, 5, 6}, frozenset({"photos"}), frozenset({"q1"})
    assert found(consents=photos) == {0}
    assert found(unconsented=photos) == {1, 2} | rest
    assert found(unconsented=frozenset({"photos", "news"})) == rest
    assert found(unconsented=photos, consents=frozenset({"news"})) == {1, 2}
    assert (found(refused=photos), found(unasked=photos)) == ({1, 2}, rest)
    assert found(refused=frozenset({"photos", "news"})) == set()
    assert found(unanswered=q1) == {1, 2} | rest
    assert found(unanswered=q1, search="하나") == {1, 2}
    assert found(unanswered=frozenset({"q1", "q2"})) == {2} | rest
    assert found(untagged=True) == rest
    assert found(untagged=True, tags=frozenset({"연사"})) == {2} | rest
    assert (found(companions=True), found(companions=False)) == ({0}, {1, 2} | rest)
    assert (found(walk_in=True), found(walk_in=False)) == ({1}, {0, 2} | rest)
    assert found(host_listed=HostListed.UNSURE) == {1}
    assert found(mail=frozenset({MailStanding.SENT})) == {0}
    assert found(mail=frozenset({MailStanding.NONE})) == {1, 2} | rest
    assert found(mail=frozenset({MailStanding.FAILED})) == {1}
    assert found(mail=frozenset({MailStanding.FAILED, MailStanding.SENT})) == {0, 1}
    assert found(mail=frozenset({MailStanding.NONE}), unanswered=q1, walk_in=False, untagged=True) == rest
    assert (
        found(unanswered=frozenset({kept_keys.NOWHERE}))
        == found(unconsented=frozenset({kept_keys.NOWHERE}))
        == found(refused=frozenset({kept_keys.NOWHERE}))
        == found(unasked=frozenset({kept_keys.NOWHERE}))
        == set()
    )


def test_a_page_takes_as_many_queries_however_long_the_list_is(
    meetup: Meetup, seven: list[Registration]
) -> None:
    number, edge = meetup.id, Edge(seven[0].reference)
    asked = []
    for size in (2, 6):
        with statements() as seen:
            people_pages.page(number, Filter(), size=size, edge=edge)
        asked.append(len(seen))

    assert asked == [4, 4]


def _ids(meetup: Meetup, wanted: Filter) -> set[int]:
    return {row.id for row in people_pages.page(meetup.id, wanted, size=50).rows}


def _answer(row: Registration, said: dict[str, str | list[str]], companion: int = 0) -> None:
    with transaction() as session:
        answer_sheets.record(
            session.connection(), row.id, {companion: said}, questions_version=2, at=now(), actor="person"
        )
