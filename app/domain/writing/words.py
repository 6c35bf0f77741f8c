"""A text that organizers write in Korean, in English, or in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """Empty in both languages, it is false."""

    ko: str = ""
    en: str = ""

    def read(self, locale: str) -> str:
        """The text in `locale`, or in the other language where this one is absent."""
        return (self.ko or self.en) if locale == "ko" else (self.en or self.ko)

    def __bool__(self) -> bool:
        return bool(self.ko or self.en)

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Words:
        """From how it is stored: {"ko": …, "en": …}."""
        stored = stored or {}
        return cls(stored.get("ko", ""), stored.get("en", ""))


NO_WORDS = Words()
