"""How a meetup's badges look: on what they are printed, what stands on them, each cohort's colour."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.errors import DomainError
from app.domain.printing.colours import PALETTE, usual
from app.domain.printing.marks import Colour
from app.domain.printing.papers import A4, A6, Layout, require_printable


class Paper(enum.StrEnum):
    """What there is to buy, and one's own measures."""

    A4_8 = "a4_8"
    A4_10 = "a4_10"
    A4_CARDS = "a4_cards"
    A4_FOLDED = "a4_folded"
    A6_FOLDED = "a6_folded"
    LABEL = "label"
    OWN = "own"


class Part(enum.StrEnum):
    """What may stand on a badge beside the name."""

    TITLE = "title"
    COHORT = "cohort"
    NICKNAME = "nickname"
    AFFILIATION = "affiliation"
    ROLE = "role"
    PHOTOS = "photos"
    TABLE = "table"
    QR = "qr"


class ExtraKind(enum.StrEnum):
    """As what somebody without a registration gets a badge."""

    STAFF = "staff"
    SPEAKER = "speaker"
    GUEST = "guest"


LAYOUTS: Mapping[Paper, Layout] = {
    Paper.A4_8: Layout(page=A4, label=(99.1, 67.7), columns=2, rows=4, left=4.65, top=13.1, gap_x=2.5),
    Paper.A4_10: Layout(page=A4, label=(99.1, 57), columns=2, rows=5, left=4.65, top=6, gap_x=2.5),
    Paper.A4_CARDS: Layout(page=A4, label=(90, 55), columns=2, rows=5, left=15, top=11, cut=True),
    Paper.A4_FOLDED: Layout(page=A4, label=(105, 148.5), columns=2, rows=2, folds=True, cut=True),
    Paper.A6_FOLDED: Layout(page=A6, label=A6, folds=True),
    Paper.LABEL: Layout(page=(100, 70), label=(100, 70)),
}
OWN = Layout(page=A4, label=(90, 60), columns=2, rows=4, left=15, top=20)
"""Measures to begin with."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """`own`: the measures for `Paper.OWN`. `colours`: by a cohort's id, where somebody chose one. `tags`: ids of those
    that are printed beside the role; organizers' other words about people never are."""

    paper: Paper = Paper.A4_8
    own: Layout = OWN
    parts: frozenset[Part] = frozenset(Part)
    companions: bool = True
    locale: str = "ko"
    colours: Mapping[int, str] = field(default_factory=dict)
    tags: frozenset[int] = frozenset()

    @property
    def layout(self) -> Layout:
        return LAYOUTS.get(self.paper, self.own)

    def colour_of(self, cohort_id: int, ordinal: int) -> Colour:
        return PALETTE[self.key_of(cohort_id, ordinal)]

    def key_of(self, cohort_id: int, ordinal: int) -> str:
        chosen = self.colours.get(cohort_id, "")
        return chosen if chosen in PALETTE else usual(ordinal)

    def stored(self) -> dict[str, Any]:
        return {
            "paper": self.paper.value,
            "own": dataclasses.asdict(self.own),
            "parts": sorted(self.parts),
            "companions": self.companions,
            "locale": self.locale,
            "tags": sorted(self.tags),
            "colours": {str(cohort): key for cohort, key in sorted(self.colours.items())},
        }

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Design:
        own: dict[str, Any] = {
            name: tuple(v) if isinstance(v, list) else v for name, v in stored["own"].items()
        }
        return cls(
            paper=Paper(stored["paper"]),
            own=Layout(**own),
            parts=frozenset(Part(part) for part in stored["parts"]),
            companions=stored["companions"],
            locale=stored["locale"],
            tags=frozenset(stored.get("tags", ())),
            colours={int(cohort): key for cohort, key in stored["colours"].items()},
        )


def require_sound(design: Design) -> None:
    """Refuse a design that can't be printed or that names what there isn't."""
    if design.paper is Paper.OWN:
        require_printable(design.own)
    if not set(design.colours.values()) <= set(PALETTE) or design.locale not in ("ko", "en"):
        raise DomainError("badge_design_unknown")
