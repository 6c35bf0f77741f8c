"""How an organizer sets up a meetup's door: gates, ticks, what the host event's QR looks like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.seating.releases import MOST_MINUTES
from app.domain.writing.kept_texts import one_line

MOST_GATES, GATE_LIMIT = 20, 40
MOST_TICKS, TICK_LIMIT = 6, 20
MOST_PATTERNS, PATTERN_LIMIT = 10, 200
ANYTHING = "*"
FIXED_LEAST = 4  # characters that a pattern names itself; fewer would fit what is no host event's QR
_DIRECTORY = re.compile(
    r"[a-z][a-z0-9+.-]*://[^/?#\s]+/(?:[^?#\s]*/)?(?:[^/?#\s]*\?[^=&#\s]+=)?", re.IGNORECASE
)
_STEM = re.compile(r"[^\d]*")


@dataclass(frozen=True, kw_only=True)
class DoorDraft:
    """The door's settings as typed; `host_samples` are texts of the host event's QRs, to make a pattern of."""

    gates: str = ""
    ticks: str = ""
    host_patterns: str = ""
    host_samples: str = ""
    tracks_exits: bool = False
    lists_people: bool = False
    takes_walk_ins: bool = True
    counts_walk_ins: bool = True
    verifies_walk_ins: bool = True
    releases_after: str = ""


@dataclass(frozen=True, kw_only=True)
class DoorRules:
    """A door's settings that may be saved."""

    gates: list[str]
    ticks: list[str]
    host_patterns: list[str]
    tracks_exits: bool
    lists_people: bool
    takes_walk_ins: bool
    counts_walk_ins: bool
    verifies_walk_ins: bool
    releases_after: int | None


@dataclass
class _Check:
    problems: dict[str, DomainError] = field(default_factory=dict)

    def lines(self, where: str, text: str, most: int, limit: int) -> list[str]:
        found = lines(text)
        if len(found) > most:
            self.problems.setdefault(where, DomainError("too_many_lines", limit=most))
        if any(len(line) > limit for line in found):
            self.problems.setdefault(where, DomainError("line_too_long", limit=limit))
        return found

    def minutes(self, where: str, text: str) -> int | None:
        typed = text.strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdecimal() and int(typed[:9]) <= MOST_MINUTES):
            self.problems.setdefault(where, DomainError("minutes_unreadable", limit=MOST_MINUTES))
            return None
        return int(typed)

    def patterns(self, typed: str, samples: str) -> list[str]:
        found = self.lines("host_patterns", typed, MOST_PATTERNS, PATTERN_LIMIT)
        if any(_fixed(pattern) < FIXED_LEAST for pattern in found):
            self.problems.setdefault("host_patterns", DomainError("pattern_too_open", least=FIXED_LEAST))
        shown = lines(samples)
        if not shown:
            return found
        made = pattern_of(shown)
        if made is None or len(made) > PATTERN_LIMIT:
            self.problems.setdefault("host_samples", DomainError("samples_differ"))
            return found
        return lines("\n".join([*found, made]))


def rules(draft: DoorDraft) -> DoorRules:
    """The settings that a draft means; raises `Unusable` with everything that is wrong."""
    check = _Check()
    found = DoorRules(
        gates=check.lines("gates", draft.gates, MOST_GATES, GATE_LIMIT),
        ticks=check.lines("ticks", draft.ticks, MOST_TICKS, TICK_LIMIT),
        host_patterns=check.patterns(draft.host_patterns, draft.host_samples),
        tracks_exits=draft.tracks_exits,
        lists_people=draft.lists_people,
        takes_walk_ins=draft.takes_walk_ins,
        counts_walk_ins=draft.counts_walk_ins,
        verifies_walk_ins=draft.verifies_walk_ins,
        releases_after=check.minutes("releases_after", draft.releases_after),
    )
    if check.problems:
        raise Unusable(check.problems)
    return found


def lines(text: str) -> list[str]:
    """What stands on the lines, tidied, each once."""
    plain = map(one_line, text.replace("\r", "\n").split("\n"))
    return list(dict.fromkeys(line for line in plain if line))


def pattern_of(samples: Sequence[str]) -> str | None:
    """What QRs of one event begin with. From a single one: its web address up to the part of its own,
    or the letters before the first digit. None where too little is left to tell the event by.
    """
    common = _common_beginning(samples) if len(samples) > 1 else _own_part_cut(samples[0])
    pattern = common.replace(ANYTHING, "").strip()
    return pattern if len(pattern) >= FIXED_LEAST else None


def whole_pattern(line: str) -> str:
    """A typed pattern as phones match it: the beginning is enough, unless it says where anything may stand."""
    return line if ANYTHING in line else line + ANYTHING


def _common_beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    same = (at for at, (one, other) in enumerate(zip(first, last, strict=False)) if one != other)
    return first[: next(same, min(len(first), len(last)))]


def _own_part_cut(sample: str) -> str:
    found = _DIRECTORY.match(sample)
    return found[0] if found else _STEM.match(sample)[0]  # type: ignore[index]


def _fixed(pattern: str) -> int:
    return len(pattern.replace(ANYTHING, "").strip())
