"""What columns look up beside their rows: a chunk at a time, each row its own."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask, current_app

from app.blueprints.exports import answer_columns, columns, revising_words
from app.clock import now
from app.db import connection_of, transaction
from app.domain.registering.questions import QuestionKind
from app.domain.registering.registrations import Status
from app.domain.writing.words import Words
from app.models import (
    Fee,
    MailState,
    Meetup,
    OutboxMail,
    Payment,
    PersonPhone,
    Registration,
    TickMark,
)
from app.services.alumni.rosters import Source
from app.services.organizing import attendees, exports
from app.services.organizing.exports import Column, Order
from app.services.organizing.filters import Filter
from app.services.registering import answer_sheets, consents
from app.services.revising.looking import draft
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
    make_registration,
)
from tests.services.test_exports import csv_rows
from tests.support.counting import statements

NAMES = ("가가가", "나나나", "다다다", "라라라", "마마마")  # more than two chunks of them


@pytest.fixture
def meetup(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Meetup:
    monkeypatch.setattr(attendees, "CHUNK", 2)
    return make_meetup(cohorts=[make_cohort()])


def attend(
    meetup: Meetup, status: Status = Status.CONFIRMED, names: Sequence[str] = NAMES
) -> list[Registration]:
    cohort = meetup.cohorts[0]
    return [make_registration(meetup, make_alumnus(cohort, n), status=status, cohort=cohort) for n in names]


def offered(meetup: Meetup, *keys: str, apart: bool = False) -> list[Column]:
    with current_app.test_request_context(headers={"Accept-Language": "ko"}):
        chosen = [columns.offered(meetup, of_lists=True)[key] for key in keys]
        return answer_columns.apart(meetup, chosen) if apart else chosen


def file(meetup: Meetup, chosen: Sequence[Column]) -> list[list[str]]:
    made = exports.as_csv(Order(meetup.id, meetup.program_id, Filter(), chosen, "account:1", "badges"))
    return csv_rows(made)[1:]


def answer(registration: Registration, version: int, **answers: Any) -> None:
    with transaction() as session:
        answer_sheets.record(
            connection_of(session),
            registration.id,
            {0: answers},
            questions_version=version,
            at=now(),
            actor="person",
        )


def test_a_look_up_sees_one_chunk_at_a_time_and_is_asked_once_for_all_its_columns(meetup: Meetup) -> None:
    attend(meetup)
    seen: list[list[str]] = []

    class Noting:
        def prepare(self, rows: Sequence[Any], /) -> None:
            seen.append([row.name for row in rows])

    lookup = Noting()
    file(meetup, [Column(key, key, lambda row: row.name, (lookup,)) for key in ("one", "two")])

    assert seen == [["가가가", "나나나"], ["다다다", "라라라"], ["마마마"]]


def test_everybody_has_their_own_newest_answers_in_every_chunk(meetup: Meetup) -> None:
    make_questions(meetup, make_question("food"))
    rows = attend(meetup)
    for registration in (rows[0], rows[3], rows[4]):
        answer(registration, 1, food="김밥")
    answer(rows[4], 1, food="비빔밥")

    told = file(meetup, offered(meetup, "name", "answer:food"))

    assert [food for _, food in told] == ["김밥", "", "", "김밥", "비빔밥"]


def test_answers_of_several_versions_stand_in_the_words_of_their_own(meetup: Meetup) -> None:
    first = make_question("talks", QuestionKind.CHOICES, "하나", "둘")
    make_questions(meetup, first)
    renamed = dataclasses.replace(first.options[0], label=Words("일", "one"))
    make_questions(meetup, dataclasses.replace(first, options=(renamed, first.options[1])))
    rows = attend(meetup)
    answer(rows[0], 1, talks=["o1", "o2"])
    answer(rows[4], 2, talks=["o1"])

    in_cells = file(meetup, offered(meetup, "answer:talks"))
    apart = file(meetup, offered(meetup, "answer:talks", apart=True))

    assert [in_cells[0], in_cells[4]] == [["하나, 둘"], ["일"]]
    assert [apart[0], apart[1], apart[4]] == [["1", "1"], ["", ""], ["1", ""]]


def test_consents_ticks_and_fees_are_everybodys_own(meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("photos"),))
    at = dt.datetime(2027, 3, 1, 9, 0, tzinfo=dt.UTC)
    rows = attend(meetup)
    with transaction() as session:
        session.get_one(Meetup, meetup.id).door_ticks = ["명찰"]
        session.add(Fee(meetup_id=meetup.id, amount=10_000, account="은행 1", holder="동문회", told_at=at))
        session.add(Payment(registration_id=rows[2].id, paid_at=at, amount=10_000))
        connection = connection_of(session)
        consents.record(connection, rows[1].id, {"photos": True}, notice_version=1, at=at)
        consents.record(connection, rows[4].id, {"photos": False}, notice_version=1, at=at)
        mark = {"meetup_id": meetup.id, "registration_id": rows[3].id, "tick": "명찰", "given": True}
        session.add(TickMark(**mark, mark_id=str(uuid.uuid4()), at=at))

    told = file(meetup, offered(meetup, "consent:photos", "tick:명찰", "paid_amount"))

    assert [row[0] for row in told] == ["", "예", "", "", "아니요"]
    assert [bool(row[1]) for row in told] == [False, False, False, True, False]
    assert [row[2] for row in told] == ["", "", "10000", "", ""]


def test_places_in_line_count_everybody_who_waits_not_only_who_is_in_the_file(meetup: Meetup) -> None:
    rows = attend(meetup, Status.WAITLISTED)
    chosen = offered(meetup, "name", "place")
    wanted = Filter(search="마마마")

    made = exports.as_csv(Order(meetup.id, meetup.program_id, wanted, chosen, "account:1", "badges"))

    assert csv_rows(made)[1:] == [["마마마", str(len(rows))]]


def test_a_chunk_more_costs_a_query_and_one_a_look_up_whatever_the_number_of_rows(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_notice(meetup, consents=(make_consent("photos"),))
    make_questions(meetup, make_question("food"))
    attend(meetup)
    taken = []

    for size in (2, 3, 1000):  # three chunks, two, one
        monkeypatch.setattr(attendees, "CHUNK", size)
        with statements() as seen:
            file(meetup, offered(meetup, "name", "answer:food", "consent:photos"))
        taken.append(len(seen))

    assert taken[0] - taken[1] == taken[1] - taken[2] == 3


@pytest.mark.parametrize(
    ("language", "heads"),
    [("ko", ["비고 (답)", "Nickname", "식사"]), ("en", ["Remark", "Name (answer)", "Meal"])],
)
def test_a_question_called_like_a_column_of_ours_is_headed_apart_and_brings_nothing_back(
    meetup: Meetup, language: str, heads: list[str]
) -> None:
    for key, ko, en in (("q1", "비고", "Remark"), ("q2", "Nickname", "Name"), ("q3", "식사", "Meal")):
        make_questions(meetup, make_question(key, label=Words(ko, en)))
    (person,) = attend(meetup, names=["가하나"])
    answer(person, 3, q1="채식입니다", q2="Hana", q3="국수")
    keys = ("reference", "status", "answer:q1", "answer:q2", "answer:q3", "mark")

    with current_app.test_request_context(headers={"Accept-Language": language}):
        chosen = [columns.offered(meetup, of_lists=True)[key] for key in keys]
        made = [[column.heading for column in chosen], *file(meetup, chosen)]
        known = revising_words.words(meetup)
    out = io.StringIO()
    csv.writer(out).writerows(made)
    preview = draft(meetup, Source(out.getvalue().encode(), "list.csv"), known).preview

    assert made[0][2:5] == heads
    assert [change for fate in preview.fates for change in fate.changes] == []


def test_companions_answers_stand_beside_the_persons_by_their_number(meetup: Meetup) -> None:
    make_questions(
        meetup,
        make_question("food", QuestionKind.CHOICE, "고기", "채식", of_companions=True),
        make_question("own"),
    )
    rows = attend(meetup)
    with transaction() as session:
        told = {0: {"food": "o1"}, 1: {"food": "o2"}, 3: {"food": "o1"}}
        connection = connection_of(session)
        answer_sheets.record(connection, rows[0].id, told, questions_version=2, at=now(), actor="person")
        again = {3: {"food": "o2"}}
        answer_sheets.record(connection, rows[0].id, again, questions_version=2, at=now(), actor="person")
        alone = {0: {"food": "o2"}}
        answer_sheets.record(connection, rows[2].id, alone, questions_version=2, at=now(), actor="person")

    chosen = offered(meetup, "answer:food", "companion_answer:food")
    found = file(meetup, chosen)
    with current_app.test_request_context():
        keys = columns.offered(meetup, of_lists=True).keys()

    assert chosen[1].heading.startswith(chosen[0].heading + " (")
    assert found == [["고기", "1: 채식 / 3: 채식"], ["", ""], ["채식", ""], ["", ""], ["", ""]]
    assert "companion_answer:own" not in keys


def test_the_phone_is_the_rosters_where_the_meetup_was_given_none_for_whoever_may_see_lists(
    meetup: Meetup,
) -> None:
    rows = attend(meetup)
    with transaction() as session:
        for person, number in (
            (rows[0].person_id, "010-1111-0000"),
            (rows[3].person_id, "010-1111-0001"),
            (rows[3].person_id, "010-1111-0002"),
            (rows[4].person_id, "010-1111-0003"),
        ):
            digits = number.replace("-", "")
            session.add(PersonPhone(person_id=person, number=number, digits=digits, last_four=digits[-4:]))
        session.get_one(Registration, rows[4].id).phone = "010-2222-0000"
    with current_app.test_request_context(headers={"Accept-Language": "ko"}):
        own = columns.offered(meetup, of_lists=False)["phone"]

    assert file(meetup, offered(meetup, "phone")) == [
        ["'010-1111-0000"],
        [""],
        [""],
        ["'010-1111-0002"],
        ["'010-2222-0000"],
    ]
    assert file(meetup, [own]) == [[""], [""], [""], [""], ["'010-2222-0000"]]


def test_the_latest_mail_is_told_with_what_became_of_it(meetup: Meetup) -> None:
    rows = attend(meetup)
    mails = (
        (rows[0], "registration_confirmed", MailState.SENT),
        (rows[0], "reminder", MailState.FAILED),
        (rows[3], "registration_confirmed", MailState.SENT),
    )
    with transaction() as session:
        for row, kind, state in mails:
            about = {"meetup_id": meetup.id, "registration_id": row.id, "state": state, "due_at": now()}
            message_id = f"<{uuid.uuid4()}@example.com>"
            session.add(
                OutboxMail(kind=kind, address=row.address, locale="ko", message_id=message_id, **about)
            )

    told = [cells[0] for cells in file(meetup, offered(meetup, "mail"))]

    assert told == ["실패: 밋업 알림", "", "", "발송됨: 참석 확정", ""]
