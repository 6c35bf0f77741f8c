"""Evenings at a door, drawn at random: who scanned what when, and what the ledger has to make of it.

Some phones have no network and upload later; clocks are wrong by up to 26 hours; tickets are cancelled
and reissued, people move up from the waitlist, lose their seats at the door, go out and come back, check-ins and exits
are undone, some phones are tablets at which guests check in by themselves, and some meetups are called off in the
middle. An evening is drawn once and uploaded in several orders.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

Move = tuple[str, int, int]  # a scan, its phone, and how many went in by it, or out below zero
SKEW_SECONDS = 26 * 3600
EVENING_SECONDS = 3 * 3600
TOLD_LATER = 8  # seconds until a phone without an answer says what it did


@dataclass(frozen=True)
class Shown:
    """One ticket held before one phone. `online`: the phone asks the server at that moment."""

    scan_id: str
    guest: int
    revision: int
    phone: int
    at: int  # seconds into the evening
    online: bool
    admits: int | None = None  # somebody said that so many of the party went through; None: all who could
    leaves: bool = False  # on the way out
    let_in: int | None = None  # an entry without a network: so many the phone let in, if it says so
    told_late: bool = False  # the phone says so only when it has sent the scan before
    overridden: bool = False  # a supervisor let them in, whatever the phone said

    @property
    def said(self) -> int | None:
        """How many came in by it, by the newest word of anybody at the door."""
        said = self.let_in if self.admits is None else self.admits
        return max(said or 0, 1) if self.overridden else said


@dataclass
class Guest:
    """What happened to one registration besides scans, in seconds into the evening."""

    cancelled: int | None = None
    reissued: int | None = None
    promoted: int | None = None  # until then on the waitlist
    released: int | None = None  # from then on, as the seat went to somebody who was there
    undone: tuple[str, int] | None = None  # the scan, and when it was taken back
    party: int = 1  # people on the ticket

    @property
    def is_calm(self) -> bool:
        """No decision was taken that rests on what the server knew: uploads may come at any time."""
        return self.lost is None and self.undone is None

    @property
    def lost(self) -> int | None:
        """When the server, which knew of no entry, took their seat away."""
        return self.released if self.cancelled is None else self.cancelled


@dataclass(frozen=True)
class Final:
    """A guest at the end of the evening: scans by their ids, people by their number."""

    first: str | None
    conflicts: frozenset[
        tuple[str, str | None]
    ]  # with the entry by which those who were in had begun to come
    came: int
    inside: int
    left: str | None


@dataclass
class Evening:
    seed: int
    skews: list[int]  # seconds by which each phone's clock is ahead
    guests: list[Guest]
    scans: list[Shown] = field(default_factory=list)
    called_off: int | None = None
    tablets: frozenset[int] = frozenset()  # of the phones: nobody goes out there, and no late green is seen

    def opens(self, scan: Shown) -> bool:
        """Whether this ticket, or a supervisor, opened the door at that moment."""
        return scan.overridden or self.is_good(scan)

    def is_good(self, scan: Shown) -> bool:
        """Whether this ticket opened the door at that moment. On the way out every one of theirs does, and of a meetup
        that is off also the one that was replaced."""
        guest, is_off = self.guests[scan.guest], self.is_off(scan)
        lost = guest.lost is not None and guest.lost <= scan.at
        revoked = scan.revision == 1 and guest.reissued is not None and guest.reissued <= scan.at
        if scan.leaves:
            return is_off or not revoked
        return not (revoked or lost or is_off or self.waits(scan))

    def is_off(self, scan: Shown) -> bool:
        """Whether the meetup had been called off at that moment."""
        return self.called_off is not None and self.called_off <= scan.at

    def waits(self, scan: Shown) -> bool:
        """Whether the guest was on the waitlist at that moment."""
        promoted = self.guests[scan.guest].promoted
        return promoted is not None and scan.at < promoted

    def expected(self, guest: int) -> Final:
        """How it ends, told by somebody who saw it all."""
        size, undone = self.guests[guest].party, self.guests[guest].undone
        steps = [(s.at, 0, s.scan_id, s) for s in self.scans if s.guest == guest and self.opens(s)]
        steps += [(undone[1], 1, undone[0], None)] if undone else []
        shows = [each for *_, each in sorted(steps, key=lambda step: step[:3]) if each]
        moves: list[Move] = []  # the scans that count
        conflicts: dict[str, str | None] = {}
        for _, _, scan_id, shown in sorted(steps, key=lambda step: step[:3]):
            inside = _walked(moves, size)[-1]
            if shown is None:
                moves = [move for move in moves if move[0] != scan_id]
                conflicts.pop(scan_id, None)
                continue
            room = inside if shown.leaves else size - inside
            if not shown.leaves and _surprises(shown, room, size, moves):
                conflicts[scan_id] = _began(moves, size)
            if self._is_idle(shown, shows, undone[0] if undone else None):
                continue
            if people := min(shown.said or size, room):
                moves.append((scan_id, shown.phone, -people if shown.leaves else people))
        walked = _walked(moves, size)
        is_out = walked[-1] < max(walked)
        return Final(
            first=next((scan_id for scan_id, _, people in moves if people > 0), None),
            conflicts=frozenset(conflicts.items()),
            came=max(walked),
            inside=walked[-1],
            left=[scan_id for scan_id, _, people in moves if people < 0][-1] if is_out else None,
        )

    def _is_idle(self, refused: Shown, shows: list[Shown], undone: str | None) -> bool:
        """Whether nobody came in by it: refused at a tablet, or seen by the staff later on before anybody went out."""
        if refused.leaves or refused.said != 0:
            return False
        if refused.phone in self.tablets:
            return True
        later = (
            each for each in shows[shows.index(refused) + 1 :] if each.scan_id != undone or not each.leaves
        )
        telling = (each for each in later if each.leaves or each.said != 0 or each.phone not in self.tablets)
        return (following := next(telling, None)) is not None and not following.leaves

    def uploads(self, order: int) -> list[tuple[int, list[Shown]]]:
        """One way in which it all reaches the server: batches with the time of each, repeats among them."""
        chance = random.Random(f"{self.seed}-{order}")
        batches: list[tuple[int, list[Shown]]] = []
        waiting: dict[tuple[int, int], list[Shown]] = {}
        for scan in self.scans:
            if scan.online:
                batches.append((scan.at, [scan]))
                batches += [(scan.at + TOLD_LATER, [scan])] if scan.told_late else []
                continue
            calm = self.guests[scan.guest].is_calm and chance.random() < 0.5
            at = chance.randrange(scan.at, EVENING_SECONDS) if calm else EVENING_SECONDS
            waiting.setdefault((scan.phone, at + 3 + chance.randrange(60)), []).append(scan)
        batches += [(at, _mixed(kept, chance)) for (_, at), kept in waiting.items()]
        again = [
            (EVENING_SECONDS + 60 + chance.randrange(600), _mixed(batch, chance))
            for _, batch in batches
            if chance.random() < 0.4
        ]
        chance.shuffle(batches)
        return sorted(batches, key=lambda each: each[0]) + again


def draw(seed: int) -> Evening:
    """2 to 6 phones, up to 5 guests, 8 to 40 scans."""
    chance = random.Random(seed)
    phones = chance.randint(2, 6)
    skews = [chance.choice((0, chance.randint(-SKEW_SECONDS, SKEW_SECONDS))) for _ in range(phones)]
    called_off = chance.randrange(1000, EVENING_SECONDS - 1000) if chance.random() < 0.2 else None
    guests = [_guest(chance, called_off or EVENING_SECONDS) for _ in range(chance.randint(1, 5))]
    tablets = frozenset({phones - 1} if phones > 2 and chance.random() < 0.3 else ())
    evening = Evening(seed, skews, guests, called_off=called_off, tablets=tablets)
    cut = {phone: _partition(chance) for phone in range(phones)}
    for _ in range(chance.randint(8, 40)):
        evening.scans.append(_shown(chance, evening, cut))
    evening.scans.sort(key=lambda scan: scan.at)
    for number, guest in enumerate(evening.guests):
        if guest.is_calm and chance.random() < 0.3:
            guest.undone = _undo(chance, evening, number)
    return evening


def _guest(chance: random.Random, end: int) -> Guest:
    """Nothing is decided about a registration after `end`."""
    fate = chance.random()
    middle = chance.randrange(1000, EVENING_SECONDS - 1000)
    party = chance.randint(2, 4) if chance.random() < 0.5 else 1
    fates = ((0.2, "cancelled"), (0.4, "reissued"), (0.6, "promoted"), (0.8, "released"))
    name = next((name for below, name in fates if fate < below), None)
    return Guest(party=party, **({name: middle} if name and middle < end else {}))


def _partition(chance: random.Random) -> tuple[int, int]:
    """From when to when a phone has no network."""
    first = chance.randrange(EVENING_SECONDS)
    return first, first + chance.randrange(EVENING_SECONDS)


def _shown(chance: random.Random, evening: Evening, cut: dict[int, tuple[int, int]]) -> Shown:
    number, phone = chance.randrange(len(evening.guests)), chance.randrange(len(evening.skews))
    # Now and then two phones at the same second: then the id decides.
    times = [scan.at for scan in evening.scans]
    at = chance.choice(times) if times and chance.random() < 0.15 else chance.randrange(EVENING_SECONDS)
    guest = evening.guests[number]
    fresh = guest.reissued is not None and guest.reissued <= at and chance.random() < 0.7
    # Nobody can cancel for a guest of whom the server knows that they are in, nor give their seat away.
    online = not cut[phone][0] <= at < cut[phone][1]
    online = online and (guest.lost is None or guest.lost <= at)
    # Whoever waits comes often to a phone without a network: what it shows them is judged when they have moved up.
    online = online and not (guest.promoted and at < guest.promoted and chance.random() < 0.6)
    scan_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    staffed = phone not in evening.tablets
    admits = chance.randint(1, guest.party) if staffed and guest.party > 1 and chance.random() < 0.6 else None
    leaves = staffed and chance.random() < 0.4
    says = not online and not leaves and chance.random() < 0.8
    let_in = chance.choice((0, chance.randint(1, guest.party))) if says else None
    told_late = online and not leaves and admits is None and chance.random() < 0.15
    # A supervisor's word, without a network; nobody moves up who is in already.
    waits = guest.promoted is not None and at < guest.promoted
    overridden = let_in == 0 and staffed and not waits and chance.random() < 0.3
    revision = 2 if fresh else 1
    let_in = 0 if told_late else let_in
    return Shown(scan_id, number, revision, phone, at, online, admits, leaves, let_in, told_late, overridden)


def _undo(chance: random.Random, evening: Evening, guest: int) -> tuple[str, int] | None:
    """Taken back is the first entry that the server knew, or the first exit after it, some time later."""
    known = [s for s in evening.scans if s.guest == guest and s.online and evening.opens(s)]
    known.sort(key=lambda scan: (scan.at, scan.scan_id))
    entry = next((n for n, scan in enumerate(known) if not scan.leaves), None)
    if entry is None:
        return None
    exits = [scan for scan in known[entry:] if scan.leaves]
    target = exits[0] if exits and chance.random() < 0.4 else known[entry]
    return target.scan_id, chance.randint(target.at, EVENING_SECONDS - 1)


def _surprises(shown: Shown, room: int, size: int, moves: list[Move]) -> bool:
    """Whether by this entry more came in than there was room for, or might have: a phone knows whom it let in itself."""
    own = sum(people for _, phone, people in moves if phone == shown.phone)
    return (shown.said or 0) > room or (room == 0 and own < size)


def _began(moves: list[Move], size: int) -> str | None:
    """The entry after which there was always somebody in."""
    walked = _walked(moves, size)
    empty = max(n for n, inside in enumerate(walked) if inside == 0)
    return next((scan_id for scan_id, _, people in moves[empty:] if people > 0), None)


def _walked(moves: list[Move], size: int) -> list[int]:
    """How many were in at the start and after each move."""
    inside = [0]
    for _, _, people in moves:
        inside.append(min(max(inside[-1] + people, 0), size))
    return inside


def _mixed(scans: list[Shown], chance: random.Random) -> list[Shown]:
    """In another order, some of them twice."""
    return chance.sample(scans, len(scans)) + [scan for scan in scans if chance.random() < 0.1]


def instant(start: dt.datetime, seconds: int) -> dt.datetime:
    return start + dt.timedelta(seconds=seconds)
