"""The order of the line where no-shows of the last meetup stand behind the others: it is in the stored rank.

Numbers are given in the order of registering. Who stands behind gets theirs from `BEHIND` on, so that whatever goes by the rank
goes by the rule, too: the line, the queue of those who apply, and whoever comes later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.domain.seating.modes import Mode

BEHIND = 1_000_000_000


def holds(no_shows_behind: bool, mode: Mode) -> bool:
    """Whether a meetup's setting is in force. A draw treats everybody alike, and so does the line after it."""
    return no_shows_behind and mode is not Mode.DRAW


def rank_of(number: int, *, behind: bool) -> int:
    return BEHIND + number if behind else number


def is_behind(rank: int) -> bool:
    return rank >= BEHIND


def number_of(rank: int) -> int:
    """The number alone: the rank of somebody whom the rule no longer puts behind."""
    return rank - BEHIND if is_behind(rank) else rank


def reranked(ranks: Mapping[int, int], after: Sequence[int], moved: int, fresh: int) -> dict[int, int]:
    """New ranks for a line that was put into the order `after`; all but `moved` keep their order and their side.

    Put ahead of somebody who doesn't stand behind, `moved` no longer does; put after somebody who does, they do now.
    `fresh`: a number that nobody has had, for who changes sides.
    """
    side = _side_of(ranks, after, moved)
    sides = {each: is_behind(rank) for each, rank in ranks.items()} | {moved: side}
    free = sorted(ranks.values())
    if side is not is_behind(ranks[moved]):
        free = sorted([rank for rank in free if rank != ranks[moved]] + [rank_of(fresh, behind=side)])
    return dict(zip(sorted(after, key=lambda each: (sides[each], after.index(each))), free, strict=True))


def _side_of(ranks: Mapping[int, int], after: Sequence[int], moved: int) -> bool:
    place = after.index(moved)
    if any(not is_behind(ranks[each]) for each in after[place + 1 :]):
        return False
    if any(is_behind(ranks[each]) for each in after[:place]):
        return True
    return is_behind(ranks[moved])
