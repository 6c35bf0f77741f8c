"""Who of ours is on the host's list: found by address; by name only as a question, as two people can share one."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.writing.names import name_key


class HostListed(enum.StrEnum):
    LISTED = "listed"
    UNSURE = "unsure"  # a name alone fits
    NOT_LISTED = "not_listed"


def worth_a_word(listed: HostListed | None) -> HostListed | None:
    """What the door says of somebody: nothing of those who are on the list, and of those who weren't compared."""
    return listed if listed in {HostListed.NOT_LISTED, HostListed.UNSURE} else None


@dataclass(frozen=True, slots=True)
class Theirs:
    """A row of the host's list. `address_key`: None where it has no address."""

    number: int
    name: str
    address: str
    address_key: str | None


@dataclass(frozen=True, slots=True)
class Ours:
    """Somebody of ours with all addresses that are known of them. `before`: what was known until now."""

    id: int
    reference: str
    name: str
    cohort: int | None
    address: str
    address_keys: frozenset[str]
    before: HostListed | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rows of theirs with the name of somebody of ours and another address, or none."""

    ours: Ours
    theirs: tuple[Theirs, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    both: tuple[tuple[Ours, Theirs], ...]
    proposals: tuple[Proposal, ...]
    ours_only: tuple[Ours, ...]
    theirs_only: tuple[Theirs, ...]

    def listed(self, confirmed: frozenset[str]) -> Mapping[int, HostListed]:
        """What becomes of everybody of ours; `confirmed`: the references of proposals that somebody said are right."""
        found = {ours.id: HostListed.LISTED for ours, _ in self.both}
        found |= {
            each.ours.id: HostListed.LISTED if each.ours.reference in confirmed else HostListed.UNSURE
            for each in self.proposals
        }
        return found | {each.id: HostListed.NOT_LISTED for each in self.ours_only}


def match(ours: Sequence[Ours], theirs: Sequence[Theirs]) -> Matched:
    """Every row of both lists is in the answer, but for further rows of somebody who was found.

    Of several rows with one address the one with their name is theirs, else the first; the others with a name may be
    colleagues of theirs, whose address this is, too.
    """
    by_key = {key: each for each in ours for key in each.address_keys}
    found: dict[int, list[Theirs]] = defaultdict(list)
    for row in theirs:
        if (owner := by_key.get(row.address_key or "")) is not None:
            found[owner.id].append(row)
    both = {each.id: (each, _own(each, found[each.id])) for each in ours if each.id in found}
    used = {row.number for each, own in both.values() for row in found[each.id] if _is_theirs(each, own, row)}
    by_name: dict[str, list[Theirs]] = defaultdict(list)
    for row in theirs:
        if row.number not in used and row.name:
            by_name[name_key(row.name)].append(row)
    left = [each for each in ours if each.id not in both]
    proposals = [Proposal(each, tuple(rows)) for each in left if (rows := by_name.get(name_key(each.name)))]
    proposed = {each.ours.id for each in proposals}
    asked = {row.number for each in proposals for row in each.theirs}
    return Matched(
        tuple(both.values()),
        tuple(proposals),
        tuple(each for each in left if each.id not in proposed),
        tuple(row for row in theirs if row.number not in used | asked),
    )


def _own(each: Ours, rows: Sequence[Theirs]) -> Theirs:
    return next((row for row in rows if name_key(row.name) == name_key(each.name)), rows[0])


def _is_theirs(each: Ours, own: Theirs, row: Theirs) -> bool:
    return row is own or not row.name or name_key(row.name) == name_key(each.name)
