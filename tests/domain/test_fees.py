"""A fee: until when it is due, by whose name it comes, and whose the lines of a bank's list are."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from app.domain.fees.terms import GRACE, State, Terms, state, usual_depositor
from app.domain.fees.transfers import Match, Payer, Transfer, match_all, read_transfers, won
from app.domain.meetup_drafts import Unusable

NOON = dt.datetime(2026, 11, 3, 3, tzinfo=dt.UTC)
SEOUL = ZoneInfo("Asia/Seoul")
DAY = dt.timedelta(days=1)
ACCOUNT = {"bank": "예시은행", "account": "110-1234", "holder": "동문회"}
TERMS = [
    Terms(amount=30_000, days=days, until=None if late is None else NOON + late * DAY)
    for days in (None, 1, 2, 3, 30)
    for late in (None, -20, -1, 0, 1, 20)
]


def test_the_earlier_of_both_deadlines_holds_and_nobody_has_less_than_the_grace() -> None:
    both = Terms(amount=1000, days=7, until=NOON + 5 * DAY)

    assert both.due_at(NOON) == NOON + 5 * DAY
    assert both.due_at(NOON - 4 * DAY) == NOON + 3 * DAY
    assert both.due_at(NOON + 9 * DAY) == NOON + 9 * DAY + GRACE
    assert Terms(amount=1000).due_at(NOON) is None


@pytest.mark.parametrize("terms", TERMS)
def test_the_bound_by_which_seats_are_looked_for_says_the_same_as_their_deadline(terms: Terms) -> None:
    bound = terms.known_before(NOON)

    for hours in range(-800, 100):
        since = NOON + dt.timedelta(hours=hours)
        due = terms.due_at(since)
        assert (due is not None and due <= NOON) == (bound is not None and since <= bound)


def test_companions_pay_where_the_organizer_says_so() -> None:
    assert Terms(amount=30_000).owed(2) == 30_000
    assert Terms(amount=30_000, of_companions=True).owed(2) == 90_000
    assert [state(90_000, paid) for paid in (None, 30_000, 90_000, 0)] == [
        State.OWED,
        State.PARTLY,
        State.PAID,
        State.EXEMPT,
    ]


@pytest.mark.parametrize(
    ("terms", "fields"),
    [
        (Terms(amount=-1, **ACCOUNT), {"amount"}),
        (Terms(amount=1000), {"bank", "account", "holder"}),
        (Terms(amount=1000, days=0, **ACCOUNT), {"days"}),
        (Terms(amount=1000, until=NOON, **ACCOUNT), {"until"}),
        (Terms(amount=1000, passes_on=True, **ACCOUNT), {"passes_on"}),
    ],
)
def test_terms_that_nobody_could_follow_are_refused(terms: Terms, fields: set[str]) -> None:
    with pytest.raises(Unusable) as refused:
        terms.require_usable(NOON)

    assert set(refused.value.problems) == fields


def test_free_needs_nothing_and_costs_nothing() -> None:
    free = Terms()

    free.require_usable(NOON)

    assert free.owed(companions=3) == 0


def test_namesakes_have_different_senders() -> None:
    assert usual_depositor("김 하늘", "AAAA") != usual_depositor("김하늘", "BBBB")
    assert usual_depositor("김 하늘", "AAAA").startswith("김하늘")


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("30,000", 30_000),
        ("₩30000", 30_000),
        ("30,000원", 30_000),
        ("+30,000.00", 30_000),
        ("30,00", None),
        ("-", None),
    ],
)
def test_amounts_are_read_as_banks_write_them(written: str, amount: int | None) -> None:
    assert won(written) == amount


def test_a_list_with_a_heading_is_read_by_it() -> None:
    rows = [
        ("거래내역조회",),
        ("거래일시", "적요", "보낸분", "출금액", "입금액", "잔액"),
        ("2026.11.03 14:05:11", "타행이체", "김하늘0001", "", "30,000", "1,030,000"),
        ("2026.11.03 15:00:00", "체크카드", "편의점", "5,000", "", "1,025,000"),
    ]

    found, left_out = read_transfers(rows, SEOUL)

    assert [(each.depositor, each.amount) for each in found] == [("김하늘0001", 30_000)]
    assert found[0].on == dt.datetime(2026, 11, 3, 14, 5, 11, tzinfo=SEOUL)
    assert left_out == [4]


@pytest.mark.parametrize(
    "row",
    [
        ("2026-11-03 14:05", "김하늘0001", "30,000"),
        ("2026-11-03 14:05  김하늘0001  30,000원",),
        ("김하늘0001 30,000",),
    ],
)
def test_pasted_lines_need_no_heading(row: tuple[str, ...]) -> None:
    found, _left_out = read_transfers([row], SEOUL)

    assert [(each.depositor, each.amount) for each in found] == [("김하늘0001", 30_000)]


def matches(depositor: str, amount: int = 30_000) -> tuple[Match, list[str]]:
    people = [
        Payer("a", "김하늘", "김하늘0001", 30_000),
        Payer("b", "김하늘", "김하늘0002", 30_000),
        Payer("c", "박바다", "바다엄마", 60_000),
        Payer("d", "이별", "이별0004", 0, 30_000),
        Payer("e", "최나무", "최나무0005", 30_000),
    ]
    found = match_all([Transfer(1, depositor, amount, None)], people)[0]
    return found.match, [payer.reference for payer in found.payers]


def test_only_what_one_person_owes_by_their_own_sender_is_certain() -> None:
    assert matches("김하늘0002") == (Match.CERTAIN, ["b"])
    assert matches("김하늘") == (Match.SEVERAL, ["a", "b"])
    assert matches("바다 엄마", 60_000) == (Match.CERTAIN, ["c"])
    assert matches("박바다", 30_000) == (Match.WRONG_AMOUNT, ["c"])
    assert matches("최나무") == (Match.CERTAIN, ["e"])
    assert matches("최나무(동문)") == (Match.SEVERAL, ["e"])
    assert matches("이별0004") == (Match.ALREADY, ["d"])
    assert matches("모르는사람") == (Match.UNKNOWN, [])


def test_a_second_line_for_one_person_is_asked_about() -> None:
    payer = Payer("a", "김하늘", "김하늘0001", 30_000)
    lines = [Transfer(number, "김하늘0001", 30_000, None) for number in (1, 2)]

    assert [each.match for each in match_all(lines, [payer])] == [Match.CERTAIN, Match.SEVERAL]
