"""The prefix that keeps a cell of a CSV file text when Excel opens it.

Excel runs a cell that begins like a formula and "improves" what looks like a number or a
date (010… loses its zero, 3-1 becomes March). Our CSV puts an apostrophe in front of such
a cell; our import takes it off again. A text that itself begins like a prefixed cell gets
one more, so that `unguard(guard(text)) == text` holds for every text.
"""

from __future__ import annotations

import re
import unicodedata

PREFIX = "'"
WORKBOOK_MARK = "Dongmun"  # a property of the workbooks that we write, whose cells have no prefix
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_MANGLED = re.compile(
    rf"""
      0\d[\d\s,.-]*                                   # leading zero: 010…, 0101234
    | \d{{12,}}                                       # shown as 1.23E+11, cut after 15 digits
    | [\d,]*\.\d*0 | \d+\. | \.\d+                    # decimals that lose a zero
    | \d+(?:\.\d*)?\s*e\s*[+-]?\d+                    # 1E5
    | \(\s*[\d,.]+\s*\)                               # (5) becomes -5
    | \d+\s+\d+\s*/\s*\d+                             # 1 1/2 becomes 1.5
    | \d{{1,4}}\s*[-/.]\s*\d{{1,2}}(?:\s*[-/.]\s*\d{{1,4}}\.?)?(?:[\sT]+\d.*)?   # 3-1, 2023. 6. 1
    | \d{{1,4}}\s*:\s*\d{{1,2}}.*                     # 3:30
    | (?:\d{{1,4}}[\s,./-]*)?{_MONTH}[\s,./-]*\d{{1,4}}(?:[\s,./-]+\d{{1,4}})?   # Mar-3, March 2022
    | \d{{1,4}}[\s,./-]*{_MONTH}
    | (?:\d+\s*년\s*)?\d+\s*월(?:\s*\d+\s*일)? | (?:오전|오후)?\s*\d+\s*시(?:\s*\d+\s*분)?
    | true | false
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)

_PLAIN = re.compile(r"[가-옣옥-힣]")
_PLAIN_ASCII = re.compile(rf"(?!{_MONTH}|true|false)[a-z]", re.IGNORECASE)
"""How nothing begins that would change: most names and addresses, of which a file has many thousands."""


def _would_change(text: str) -> bool:
    """Whether Excel would run or rewrite this cell; full-width signs count as their narrow ones."""
    seen = unicodedata.normalize("NFKC", text)
    if seen.startswith(_STARTS_FORMULA) or seen.strip().startswith(_STARTS_FORMULA):
        return True
    return _MANGLED.fullmatch(seen.strip()) is not None


def _is_guarded(text: str) -> bool:
    return text.startswith(PREFIX) and _would_change(text.lstrip(PREFIX))


def guard(text: str) -> str:
    """The cell as it goes into a CSV file: prefixed where Excel would execute or mangle it."""
    if (_PLAIN_ASCII if text.isascii() else _PLAIN).match(text):
        return text
    return PREFIX + text if _would_change(text) or _is_guarded(text) else text


def unguard(text: str) -> str:
    """The cell as it was before `guard`; an apostrophe that we did not put there stays."""
    return text[len(PREFIX) :] if _is_guarded(text) else text
