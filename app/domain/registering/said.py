"""What somebody said while registering, and to which texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.registering.answers import Answer


@dataclass(frozen=True, kw_only=True)
class Said:
    """`notice` and `questions`: the versions that were shown, 0 where there was none.

    `boxes` has every box that was there, ticked or not.
    """

    notice: int = 0
    boxes: Mapping[str, bool] = field(default_factory=dict)
    questions: int = 0
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def require_current(self, *, notice: int, questions: int) -> None:
        """Refuse what was said to texts that are no longer the meetup's: `texts_changed`."""
        if (self.notice, self.questions) != (notice, questions):
            raise DomainError("texts_changed")


NOTHING = Said()
