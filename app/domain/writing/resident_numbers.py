"""Korean resident registration numbers: the law forbids keeping them, so no roster and no answer brings one in.

The shape decides: numbers given since October 2020 have no check digit.
"""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(
    r"(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[^\S\n]*[-‐-―.]?[^\S\n]*[1-8]\d{6}(?!\d)"
)


def holds_resident_number(text: str) -> bool:
    """Whether six digits of a birth date and seven more stand anywhere in the text."""
    return _NUMBER.search(unicodedata.normalize("NFKC", text)) is not None
