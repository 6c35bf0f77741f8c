"""The roster reader: any file that Excel, Google Sheets or a form writes, to people with reasons.

read_file (or read_paste) → detect_layout → read_rows → compare. What none of them can
tell for certain is asked or reported, never guessed.
"""

from app.domain.rosters.columns import Layout, detect_layout, sample
from app.domain.rosters.decoding import ENCODINGS
from app.domain.rosters.delimited import DELIMITERS
from app.domain.rosters.fates import (
    Change,
    CohortCount,
    ExistingEntry,
    Fate,
    FateKind,
    Gone,
    Key,
    Preview,
    compare,
)
from app.domain.rosters.fields import MAX_LENGTH, Field
from app.domain.rosters.limits import Limits
from app.domain.rosters.outcomes import Ignored, Outcome, Problem, RosterRow
from app.domain.rosters.reading import read_file, read_paste
from app.domain.rosters.rows import read_rows
from app.domain.rosters.workbook import Hints, Kind, Row, Sheet, Workbook

__all__ = [
    "DELIMITERS",
    "ENCODINGS",
    "MAX_LENGTH",
    "Change",
    "CohortCount",
    "ExistingEntry",
    "Fate",
    "FateKind",
    "Field",
    "Gone",
    "Hints",
    "Ignored",
    "Key",
    "Kind",
    "Layout",
    "Limits",
    "Outcome",
    "Preview",
    "Problem",
    "RosterRow",
    "Row",
    "Sheet",
    "Workbook",
    "compare",
    "detect_layout",
    "read_file",
    "read_paste",
    "read_rows",
    "sample",
]
