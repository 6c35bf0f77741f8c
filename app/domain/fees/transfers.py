"""The lines of a bank's list, and whose fee each is. What is not certain is for the organizer to say."""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from app.domain.elsewhere.times import read_time
from app.domain.fees.terms import MOST_WON
from app.domain.rosters.fields import compact

_HEADER_WITHIN = 20
_DATE_WORDS = ("거래일", "일시", "일자", "날짜", "date", "time")
_NAME_WORDS = ("입금자", "보낸분", "보낸사람", "예금주", "의뢰인", "기재내용", "거래내용", "내용", "적요", "받는통장표시", "depositor",
               "sender", "name", "description")  # fmt: skip
_AMOUNT_WORDS = ("입금액", "입금금액", "맡기신금액", "입금", "금액", "amount", "credit", "deposit")
_MONEY = re.compile(r"[+₩\\]?\s*(\d{1,3}(?:,\d{3})+|\d{3,9})(?:\.0+)?\s*원?")
_SHORTEST_PART = 2
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Transfer:
    number: int
    depositor: str
    amount: int
    on: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody with a fee. `owed`: what is still to come; 0 once it came."""

    reference: str
    name: str
    depositor: str
    owed: int
    paid: int | None = None


class Match(enum.StrEnum):
    CERTAIN = "certain"
    SEVERAL = "several"  # candidates, one of whom it may be
    WRONG_AMOUNT = "wrong_amount"
    ALREADY = "already"  # they have paid that: the list came in before
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Matched:
    transfer: Transfer
    match: Match
    payers: tuple[Payer, ...] = ()


def read_transfers(rows: Sequence[Sequence[str]], zone: ZoneInfo) -> tuple[list[Transfer], list[int]]:
    """The money that came in, and the numbers of the rows that are none: a header, a withdrawal, an empty amount."""
    start, columns = _header(rows)
    found, left_out = [], []
    for number, row in enumerate(rows[start:], start=start + 1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        said = _by_columns(cells, columns) if columns else _by_shape(cells, zone)
        amount = won(said[2]) if said else None
        if said is None or not said[1] or not amount:
            left_out.append(number)
        else:
            found.append(Transfer(number, said[1][:100], amount, read_time(said[0], zone)))
    return found[:MOST_LINES], left_out


def won(text: str) -> int | None:
    """30,000 / ₩30000 / 30000원 → 30000; None for what is no amount."""
    match = _MONEY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    amount = int(match[1].replace(",", "")) if match else None
    return amount if amount is not None and amount <= MOST_WON * 21 else None


def match_all(transfers: Sequence[Transfer], payers: Sequence[Payer]) -> list[Matched]:
    """Each line with whose it is. Two certain lines for one person are one too many: the second is asked about."""
    found: list[Matched] = []
    taken: set[str] = set()
    for transfer in transfers:
        matched = _match(transfer, payers)
        if matched.match is Match.CERTAIN:
            if matched.payers[0].reference in taken:
                matched = replace(matched, match=Match.SEVERAL)
            taken.add(matched.payers[0].reference)
        found.append(matched)
    return found


def counts(found: Collection[Matched]) -> Mapping[Match, int]:
    return {match: sum(each.match is match for each in found) for match in Match}


def _match(transfer: Transfer, payers: Sequence[Payer]) -> Matched:
    key = compact(transfer.depositor)
    told = [payer for payer in payers if compact(payer.depositor) == key]
    named = told or [payer for payer in payers if compact(payer.name) == key]
    if not named:
        near = tuple(payer for payer in payers if payer.owed and _is_near(key, payer))
        return Matched(transfer, Match.SEVERAL if near else Match.UNKNOWN, near)
    owing = [payer for payer in named if payer.owed]
    if not owing:
        return Matched(transfer, Match.ALREADY, tuple(named))
    if len(owing) > 1 or (not told and len(named) > 1):
        return Matched(transfer, Match.SEVERAL, tuple(owing))
    right = owing[0].owed == transfer.amount
    return Matched(transfer, Match.CERTAIN if right else Match.WRONG_AMOUNT, (owing[0],))


def _is_near(key: str, payer: Payer) -> bool:
    """The bank cut the name short, or wrote something around it."""
    if len(key) < _SHORTEST_PART:
        return False
    return compact(payer.name) in key or compact(payer.depositor).startswith(key)


def _header(rows: Sequence[Sequence[str]]) -> tuple[int, tuple[int, int, int] | None]:
    """How many rows the header takes, and the columns of date, depositor and amount; none: there is no header."""
    for number, row in enumerate(rows[:_HEADER_WITHIN], start=1):
        heads = [compact(cell) for cell in row]
        name, amount = _column(heads, _NAME_WORDS), _column(heads, _AMOUNT_WORDS)
        if name is not None and amount is not None and name != amount:
            date = _column(heads, _DATE_WORDS)
            return number, (-1 if date is None else date, name, amount)
    return 0, None


def _column(heads: Sequence[str], words: Sequence[str]) -> int | None:
    """By the first word that heads a column: "입금액" goes before "금액"."""
    for word in words:
        for column, head in enumerate(heads):
            if head.startswith(word) and not any(each.isdigit() for each in head):
                return column
    return None


def _by_columns(cells: Sequence[str], columns: tuple[int, int, int]) -> tuple[str, str, str] | None:
    date, name, amount = (cells[column] if 0 <= column < len(cells) else "" for column in columns)
    return date, name, amount


def _by_shape(cells: Sequence[str], zone: ZoneInfo) -> tuple[str, str, str] | None:
    """Without a header: the first amount that is no date, and the first other cell with letters."""
    parts = [cell for cell in cells if cell]
    if len(parts) == 1:
        parts = [
            part
            for part in re.split(r"\t|\s{2,}|\s(?=[₩\\+\d])|(?<=[\d.])\s(?=\D)", parts[0])
            if part.strip()
        ]
    dates = [part for part in parts if _looks_like_date(part, zone)]
    amounts = [part for part in parts if part not in dates and won(part) is not None]
    names = [
        part for part in parts if part not in dates and part not in amounts and any(map(str.isalpha, part))
    ]
    return ((dates or [""])[0], names[0].strip(), amounts[0]) if names and amounts else None


def _looks_like_date(part: str, zone: ZoneInfo) -> bool:
    return any(sign in part for sign in "-./:년") and (":" in part or read_time(part, zone) is not None)
