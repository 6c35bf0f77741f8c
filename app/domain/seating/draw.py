"""The draw (추첨): who gets a seat when neither organizer nor entrant can steer it, and anyone can check it.

Three things come together, each fixed before the next is known:

1. Before the deadline a secret is committed to, together with the terms, which name a public value that nobody
   knows yet (a stock index's close, a lottery's numbers).
2. At the deadline the entries are published under random pseudonyms.
3. Then the public value becomes known, and the secret is opened.

The seed is the SHA-256 of all of them. An entry of weight w gets w numbers from it and keeps its least; by these the
entries stand in line. That is drawing without replacement with probabilities as the weights (each of the w numbers
is as likely as any other to be the least). Everything is text and SHA-256, so that a few lines in any language
repeat it: docs/verify_draw.py.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError

VERSION = "dongmun draw 1"
MOST_WEIGHT = 20
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Share:
    """What a cohort gets: how many numbers each of its entries draws, and how many seats are its own at least."""

    weight: int = 1
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of one draw. `shares` by the cohort's ordinal; a cohort that they don't name has the usual one.

    `value`: which public value, in the organizer's words. It is known at `known`, after the `deadline` of
    entering; both are instants as `instant_text` writes them.
    """

    seats: int
    shares: Mapping[int, Share]
    value: str
    deadline: str
    known: str

    def require_sound(self) -> None:
        """Raises where the terms can't be kept or would be read in two ways."""
        if not 0 < len(self.value.strip()) <= LONGEST_VALUE or len(self.value.splitlines()) != 1:
            raise DomainError("draw_value_unnamed")
        if any(not 1 <= share.weight <= MOST_WEIGHT or share.minimum < 0 for share in self.shares.values()):
            raise DomainError("draw_weight_out_of_range", most=MOST_WEIGHT)
        if (promised := sum(share.minimum for share in self.shares.values())) > self.seats:
            raise DomainError("draw_minimum_over_seats", promised=promised, seats=self.seats)
        if self.known <= self.deadline:
            raise DomainError("draw_known_too_early")

    def text(self) -> str:
        """The terms as they are published: one fact a line, always in this order."""
        shares = [
            f"cohort {ordinal} weight {share.weight} minimum {share.minimum}"
            for ordinal, share in sorted(self.shares.items())
        ]
        facts = [
            f"deadline {self.deadline}",
            f"known {self.known}",
            f"value {self.value}",
            f"seats {self.seats}",
        ]
        return "\n".join([VERSION, *facts, *shares, ""])


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """Somebody in the draw, known by a pseudonym only. `seats`: with companions."""

    pseudonym: str
    cohort: int
    seats: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """The outcome: who got a seat and who waits, both in drawn order."""

    seated: tuple[Entry, ...]
    waiting: tuple[Entry, ...]


def instant_text(at: dt.datetime) -> str:
    """An instant as terms name it: ISO 8601 in UTC, so that the later of two is the greater text."""
    return f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def commitment(secret: str, terms: str) -> str:
    """What is published before the deadline: it tells nothing of `secret` (256 random bits in hex) and fits no other."""
    return _sha256(f"{secret}\n{terms}")


def digits(value: str) -> str:
    """What counts of a public value: its digits, so that "2,645.27" is the same however its source prints it."""
    kept = "".join(each for each in plain(value) if each in "0123456789")
    if not kept:
        raise DomainError("draw_value_without_digits")
    return kept


def plain(value: str) -> str:
    """A public value as it is published: full-width digits as plain ones, on one line."""
    return " ".join(unicodedata.normalize("NFKC", value).split())


def entries_file(entries: Iterable[Entry]) -> str:
    """The entries as they are published: CSV by pseudonym, which says nothing of the order of registering."""
    rows = [[each.pseudonym, each.cohort, each.seats] for each in sorted(entries)]
    return _csv(["pseudonym", "cohort", "seats"], rows)


def opening_file(secret: str, value: str, terms: str) -> str:
    """What is published once the public value is known: the secret that was committed to, and the value."""
    return f"commitment {commitment(secret, terms)}\nsecret {secret}\nvalue {plain(value)}\n"


def result_file(drawn: Drawn, line: Sequence[Entry]) -> str:
    """The outcome as it is published: everybody in drawn order, and whether they got a seat."""
    seated = set(drawn.seated)
    rows = [
        [each.pseudonym, place, "seat" if each in seated else "waits"] for place, each in enumerate(line, 1)
    ]
    return _csv(["pseudonym", "place", "outcome"], rows)


def seed(secret: str, value: str, entries: str) -> str:
    """What the numbers come from: the secret, the digits of the public value and the published file of entries."""
    return _sha256(f"{secret}\n{digits(value)}\n{_sha256(entries)}")


def in_line(seed_: str, entries: Iterable[Entry], shares: Mapping[int, Share]) -> list[Entry]:
    """The entries by their least number."""
    beginning, usual = f"{seed_}:", Share()
    turns = {ordinal: _turns(share) for ordinal, share in shares.items()}
    numbered = [
        (
            _least(f"{beginning}{each.pseudonym}:", turns.get(each.cohort) or _turns(usual)),
            each.pseudonym,
            each,
        )
        for each in entries
    ]
    return [each for _, _, each in sorted(numbered)]


def draw(seed_: str, entries: Iterable[Entry], terms: Terms) -> Drawn:
    """Who gets a seat.

    First each cohort's minimum is filled with its own, in their order and never beyond it; then all others by one
    line. A party gets all of its seats or waits, and nobody overtakes one that does not fit.
    """
    line = in_line(seed_, entries, terms.shares)
    seated = _by_minimum(line, terms.shares)
    _by_line(
        line, seated, terms.seats - sum(each.seats for each, has in zip(line, seated, strict=True) if has)
    )
    return Drawn(
        tuple(each for each, has in zip(line, seated, strict=True) if has),
        tuple(each for each, has in zip(line, seated, strict=True) if not has),
    )


def _by_minimum(line: Sequence[Entry], shares: Mapping[int, Share]) -> list[bool]:
    """Whether each, in this order, has one of the seats that are their cohort's own."""
    left = {ordinal: share.minimum for ordinal, share in shares.items()}
    seated = []
    for each in line:
        own = left.get(each.cohort, 0)
        fits = each.seats <= own
        left[each.cohort] = own - each.seats if fits else 0  # nobody of this cohort overtakes
        seated.append(fits)
    return seated


def _by_line(line: Sequence[Entry], seated: list[bool], free: int) -> None:
    """Let those who have no seat yet have the free ones."""
    for place, each in enumerate(line):
        if seated[place]:
            continue
        if each.seats > free:
            break
        free -= each.seats
        seated[place] = True


def _turns(share: Share) -> list[str]:
    return [str(turn) for turn in range(1, share.weight + 1)]


def _least(beginning: str, turns: Sequence[str]) -> bytes:
    return min([hashlib.sha256(f"{beginning}{turn}".encode()).digest() for turn in turns])


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
