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
import hashlib
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError

VERSION = "dongmun draw 1"
MOST_WEIGHT = 20


@dataclass(frozen=True, slots=True)
class Share:
    """What a cohort gets: how many numbers each of its entries draws, and how many seats are its own at least."""

    weight: int = 1
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """The rules of one draw. `shares` by the cohort's ordinal; `value`: which public value, in the organizer's words."""

    seats: int
    shares: Mapping[int, Share]
    value: str
    deadline: str  # ISO 8601, UTC

    def require_sound(self) -> None:
        """Raises where the terms can't be kept or would be read in two ways."""
        if not 0 < len(self.value.strip()) <= 200 or "\n" in self.value:
            raise DomainError("draw_value_unnamed")
        if any(not 1 <= share.weight <= MOST_WEIGHT or share.minimum < 0 for share in self.shares.values()):
            raise DomainError("draw_weight_out_of_range", most=MOST_WEIGHT)
        if (promised := sum(share.minimum for share in self.shares.values())) > self.seats:
            raise DomainError("draw_minimum_over_seats", promised=promised, seats=self.seats)

    def text(self) -> str:
        """The terms as they are published: one fact a line, always in this order."""
        shares = [
            f"cohort {ordinal} weight {share.weight} minimum {share.minimum}"
            for ordinal, share in sorted(self.shares.items())
        ]
        return "\n".join(
            [VERSION, f"deadline {self.deadline}", f"value {self.value}", f"seats {self.seats}", *shares, ""]
        )


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
    return sorted(
        entries, key=lambda each: (_least(seed_, each, shares.get(each.cohort, Share())), each.pseudonym)
    )


def draw(seed_: str, entries: Iterable[Entry], terms: Terms) -> Drawn:
    """Who gets a seat.

    First each cohort's minimum is filled with its own, in their order and never beyond it; then all others by one
    line. A party gets all of its seats or waits, and nobody overtakes one that does not fit.
    """
    line = in_line(seed_, entries, terms.shares)
    chosen = _by_minimum(line, terms.shares)
    chosen |= _by_line([each for each in line if each not in chosen], terms.seats - _seats(chosen))
    return Drawn(
        tuple(each for each in line if each in chosen), tuple(each for each in line if each not in chosen)
    )


def _by_minimum(line: Sequence[Entry], shares: Mapping[int, Share]) -> set[Entry]:
    left = Counter({ordinal: share.minimum for ordinal, share in shares.items()})
    chosen = set()
    for each in line:
        if each.seats <= left[each.cohort]:
            left[each.cohort] -= each.seats
            chosen.add(each)
        else:  # nobody of this cohort overtakes
            left[each.cohort] = 0
    return chosen


def _by_line(line: Sequence[Entry], free: int) -> set[Entry]:
    chosen = set()
    for each in line:
        if each.seats > free:
            break
        free -= each.seats
        chosen.add(each)
    return chosen


def _seats(entries: Iterable[Entry]) -> int:
    return sum(each.seats for each in entries)


def _least(seed_: str, entry: Entry, share: Share) -> str:
    return min(_sha256(f"{seed_}:{entry.pseudonym}:{turn}") for turn in range(1, share.weight + 1))


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
