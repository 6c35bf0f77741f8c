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
    """Every row of both lists is in the answer."""
    by_key = {key: each for each in ours for key in each.address_keys}
    both = [(by_key[row.address_key], row) for row in theirs if row.address_key in by_key]
    found, used = {each.id for each, _ in both}, {row.number for _, row in both}
    by_name: dict[str, list[Theirs]] = defaultdict(list)
    for row in theirs:
        if row.number not in used and row.name:
            by_name[name_key(row.name)].append(row)
    left = [each for each in ours if each.id not in found]
    proposals = [Proposal(each, tuple(rows)) for each in left if (rows := by_name.get(name_key(each.name)))]
    proposed = {each.ours.id for each in proposals}
    asked = {row.number for each in proposals for row in each.theirs}
    once = {each.id: (each, row) for each, row in reversed(both)}
    return Matched(
        tuple(once[each.id] for each in ours if each.id in once),
        tuple(proposals),
        tuple(each for each in left if each.id not in proposed),
        tuple(row for row in theirs if row.number not in used | asked),
    )
