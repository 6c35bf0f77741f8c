"""A cohort within what was typed into a search field: "2기 김하나", "김하나 2기", "제2기", "cohort 2", "2nd"."""

from __future__ import annotations

import re
import unicodedata

_COHORT = re.compile(
    r"(?:(?<![가-힣])제\s?)?(?<!\d)(?P<korean>\d{1,3})\s?기"
    r"|\bcohort\s?(?P<english>\d{1,3})\b"
    r"|\b(?P<ordinal>\d{1,3})(?:st|nd|rd|th)\b(?:\s+cohort\b)?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S*@\S*")
_AROUND = " \t,./·()[]"


def cohort_in(text: str) -> tuple[int | None, str]:
    """The one cohort that is named, and the text without it; None where none is, or several are. What stands in an
    address names none."""
    typed = unicodedata.normalize("NFC", text)
    addresses = [each.span() for each in _ADDRESS.finditer(typed)]
    named = _COHORT.finditer(typed)
    found = [each for each in named if not any(start <= each.start() < end for start, end in addresses)]
    if len(found) != 1:
        return None, text
    (which,) = filter(None, found[0].groups())
    before, after = typed[: found[0].start()], typed[found[0].end() :]
    return int(which), f"{before.rstrip(_AROUND)} {after.lstrip(_AROUND)}".strip(_AROUND)
