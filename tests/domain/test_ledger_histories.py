"""A thousand evenings at the door, each uploaded in several orders: one final state each."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from app.domain.door.admission import Presented, Verdict, judge, judge_exit
from app.domain.door.ledger import EVERYONE, Entry, Exit, Passage, Standing, standing
from app.domain.door.moments import moment
from app.domain.registering.registrations import Status
from tests.support.histories import EVENING_SECONDS, Evening, Final, Shown, draw, instant

START = dt.datetime(2026, 7, 14, 9, tzinfo=dt.UTC)
ENROLLED = START - dt.timedelta(hours=1)
EVENINGS, ORDERS = 1000, 4
COUNTING = {Verdict.OK, Verdict.LEFT, Verdict.NOT_IN}


class Ledger:
    """Every scan once, placed in the server's time and judged as things stood then."""

    def __init__(self, evening: Evening) -> None:
        self.evening = evening
        self.passages: dict[str, Passage] = {}
        self.seen: set[str] = set()

    def take(self, scan: Shown, seconds: int) -> None:
        received = instant(START, seconds)
        skew = dt.timedelta(seconds=self.evening.skews[scan.phone])
        said, sent = instant(START, scan.at) + skew, received + skew
        when = moment(said.isoformat(), sent.isoformat(), received, ENROLLED)
        counts = scan.overridden or self._verdict(scan, when.corrected_at) in COUNTING
        if scan.scan_id not in self.seen and counts:
            by_tablet = scan.phone in self.evening.tablets
            self.passages[scan.scan_id] = passage_of(scan, when.corrected_at, by_tablet=by_tablet)
        self.seen.add(scan.scan_id)

    def _verdict(self, scan: Shown, at: dt.datetime) -> Verdict:
        guest = self.evening.guests[scan.guest]
        gone = guest.cancelled is not None and instant(START, guest.cancelled) <= at
        revoked = guest.reissued is not None and scan.revision == 1 and instant(START, guest.reissued) <= at
        waits = guest.promoted is not None and at < instant(START, guest.promoted)
        waits = waits or (guest.released is not None and instant(START, guest.released) <= at)
        status = Status.CANCELLED if gone else Status.WAITLISTED if waits else Status.CONFIRMED
        off = self.evening.called_off
        called_off = off is not None and instant(START, off) <= at
        shown = Presented(status, revoked=revoked, called_off=called_off)
        return judge_exit(shown) if scan.leaves else judge(shown)

    def standing(self, guest: int) -> Standing:
        shown = [scan.scan_id for scan in self.evening.scans if scan.guest == guest]
        undone = self.evening.guests[guest].undone
        taken_back = {undone[0]: instant(START, undone[1])} if undone else {}
        # As the ledger holds them: in the order of their arrival.
        passages = [each for key, each in self.passages.items() if key in shown]
        return standing(passages, taken_back, self.evening.guests[guest].party)

    def final(self, guest: int) -> Final:
        held = self.standing(guest)
        return Final(
            held.admitting.scan_id if held.admitting else None,
            frozenset(
                (each.entry.scan_id, each.first.scan_id if each.first else None) for each in held.conflicts
            ),
            held.came,
            held.people,
            held.left.scan_id if held.left else None,
        )


def passage_of(scan: Shown, at: dt.datetime, *, by_tablet: bool) -> Passage:
    people = 0 if by_tablet and scan.said == 0 else scan.said or EVERYONE
    if scan.leaves:
        return Exit(scan.scan_id, at, people, scan.phone)
    return Entry(scan.scan_id, at, people, scan.phone, scan.said)


def test_a_thousand_evenings_have_one_final_state_in_whatever_order_the_phones_upload():
    for seed in range(EVENINGS):
        evening = draw(seed)
        for order in range(ORDERS):
            ledger = Ledger(evening)
            for at, batch in evening.uploads(order):
                for scan in batch:
                    ledger.take(scan, at)

            assert ledger.seen == {scan.scan_id for scan in evening.scans}, f"seed {seed}, order {order}"
            for guest in range(len(evening.guests)):
                told = ledger.final(guest)
                assert told == evening.expected(guest), f"seed {seed}, order {order}, guest {guest}"


def test_the_evenings_hold_what_goes_wrong_at_a_door():
    evenings = [draw(seed) for seed in range(EVENINGS)]
    guests = [(evening, number) for evening in evenings for number in range(len(evening.guests))]
    outcomes = [evening.expected(number) for evening, number in guests]

    assert {len(evening.skews) for evening in evenings} == {2, 3, 4, 5, 6}
    assert max(abs(skew) for evening in evenings for skew in evening.skews) > 25 * 3600
    assert sum(bool(each.conflicts) for each in outcomes) > EVENINGS
    shown = {scan.scan_id: scan for evening in evenings for scan in evening.scans}
    pairs = [(shown[again], shown[first]) for each in outcomes for again, first in each.conflicts if first]
    assert sum(again.phone == first.phone for again, first in pairs) > 100, "one phone, and it let in again"
    assert sum((again.said or 0) > 0 for again, _ in pairs) > EVENINGS / 2
    returned = [
        first
        for (evening, n), each in zip(guests, outcomes, strict=True)
        for _, first in each.conflicts
        if first != each.first
    ]
    assert len(returned) > 500, "after they had left and come back"
    assert sum(each.first is None for each in outcomes) > 50
    assert sum(each.left is not None for each in outcomes) > EVENINGS / 2
    assert sum(0 < each.inside < each.came for each in outcomes) > 100, "some of a party left"
    undone = [(evening, evening.guests[n].undone) for evening, n in guests]
    exits = {scan.scan_id for evening in evenings for scan in evening.scans if scan.leaves}
    assert sum(each is not None and each[0] in exits for _, each in undone) > 50
    assert sum(evening.called_off is not None for evening in evenings) > 100
    refused = [scan for evening in evenings for scan in evening.scans if not scan.leaves and scan.said == 0]
    tablets = {scan.scan_id for each in evenings for scan in each.scans if scan.phone in each.tablets}
    assert sum(scan.scan_id in tablets for scan in refused) > 200, "sent to the staff by a tablet"
    alone = {each.first for each in outcomes} & {scan.scan_id for scan in refused}
    assert len(alone) > 100, "in by what a phone had refused, and nothing else"
    pairs = [pair for evening, n in guests for pair in _refused_twice(evening, n)]
    assert len(pairs) > 50, "refused by two phones, one after the other"
    assert sum(scan.told_late and scan.scan_id in tablets for scan in refused) > 20, "told later by a tablet"
    overridden = [(evening, each) for evening in evenings for each in evening.scans if each.overridden]
    assert sum(evening.guests[each.guest].party > 1 for evening, each in overridden) > 200
    assert sum(not evening.is_good(each) for evening, each in overridden) > 100
    after = sum(_is_refused_later(evening, n) for evening, n in guests)
    assert after > 100, "refused by an old list after they had gone, or after an entry was taken back"
    off = [scan for evening in evenings for scan in evening.scans if evening.is_off(scan)]
    assert sum(not scan.leaves and not scan.online and scan.let_in != 0 for scan in off) > 200
    for fate in ("cancelled", "reissued", "promoted", "released", "undone"):
        assert sum(getattr(evening.guests[n], fate) is not None for evening, n in guests) > 200, fate
    parties = [evening.expected(n).came for evening, n in guests if evening.guests[n].party > 1]
    assert len(parties) > EVENINGS
    assert len(set(parties)) == 5, "from nobody to all four"
    late = sum(
        at > EVENING_SECONDS - 1 and evening.opens(scan) and evening.guests[scan.guest].lost is not None
        for evening in evenings
        for at, batch in evening.uploads(0)
        for scan in batch
    )
    assert late > 200, "scans that arrive after their ticket was cancelled or their seat released"
    overtaken = sum(
        evening.waits(scan) and at >= (evening.guests[scan.guest].promoted or 0)
        for evening in evenings
        for at, batch in evening.uploads(0)
        for scan in batch
        if not scan.leaves
    )
    assert overtaken > 200, "scans of somebody who had moved up when they arrived"


def _is_refused_later(evening: Evening, guest: int) -> bool:
    """Whether a phone refused somebody who was out again by then."""
    shows = [scan for scan in evening.scans if scan.guest == guest and evening.opens(scan)]
    undone = evening.guests[guest].undone
    turns = [scan.at for scan in shows if scan.leaves] + ([undone[1]] if undone else [])
    return any(not scan.leaves and scan.said == 0 and min(turns, default=scan.at) < scan.at for scan in shows)


def _refused_twice(evening: Evening, guest: int) -> list[tuple[Shown, Shown]]:
    shows = [scan for scan in evening.scans if scan.guest == guest and evening.opens(scan)]
    shows = [scan for scan in shows if scan.phone not in evening.tablets or scan.said != 0]
    return [
        (one, two)
        for one, two in pairwise(shows)
        if not one.leaves and not two.leaves and one.said == two.said == 0 and one.phone != two.phone
    ]
