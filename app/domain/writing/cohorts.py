"""What people write for a cohort and for "completed", and what it means here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import DomainError

FIRST_YEAR = 1900  # a bare number from here on is a year, below it an ordinal

_UNITS = r"(?:기수|기|회차|회|차수|차|期)"
_WORDS = r"(?:cohort|batch|class\s+of|class|generation|gen|intake|term|year|no|기수|연도|년도|제)"
_ORDINALS = re.compile(rf"제?\s*(?<!\d)(\d{{1,3}})\s*(?:{_UNITS}|(?:st|nd|rd|th)\b)")
_YEARS = re.compile(r"(?<!\d)(\d{4})(?!\d)\s*(?:학년도|년도|년)?|(?<!\d)(\d{2})\s*(?:년도|년)")
_LABELLED = re.compile(r"(?:cohort|batch|generation|gen|intake)\s*[#.:-]?\s*(\d{1,3})(?!\d)")
_PUNCTUATED = re.compile(r"\d\s*[.\-~,/]\s*\d|^\s*-")  # 1.5, 2022-1, -3: no single number
_BARE = re.compile(r"(\d{1,3})(?:\.0+)?")
_FILLER = re.compile(rf"{_WORDS}|[\W_]+")


@dataclass(frozen=True, slots=True)
class KnownCohort:
    """A cohort of the programme, as far as a cell could mean it."""

    ordinal: int
    year: int | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CohortRef:
    """What a cell says: an ordinal, a year, or both."""

    ordinal: int | None
    year: int | None


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _single(values: list[int]) -> int | None:
    """The one value meant; -1 when the cell names several."""
    distinct = set(values)
    return None if not distinct else distinct.pop() if len(distinct) == 1 else -1


def _bare_number(folded: str) -> int | None:
    """The ordinal of a cell that holds one number and no other word: "3", "Cohort 3", "(3)"."""
    alone = folded if _PUNCTUATED.search(folded) else " ".join(_FILLER.sub(" ", folded).split())
    bare = _BARE.fullmatch(alone)
    return int(bare[1]) if bare else None


def _take(pattern: re.Pattern[str], text: str, found: list[int]) -> str:
    """The text without what the pattern finds; the numbers go into `found`."""
    found.extend(int(m[1]) if m[1] else 2000 + int(m[2]) for m in pattern.finditer(text))
    return pattern.sub(" ", text)


def parse_cohort(text: str) -> CohortRef | None:
    """Read "3기", "제3기", "3", "2022", "3rd", "Cohort 3", "3기(2022)"; None for anything else.

    A cell with a number left over ("1~3기", "2기, 3기") is not understood rather than half read.
    """
    folded = _fold(text)
    if (number := _bare_number(folded)) is not None:
        return CohortRef(number, None)
    ordinals: list[int] = []
    years: list[int] = []
    rest = _take(_YEARS, _take(_LABELLED, _take(_ORDINALS, folded, ordinals), ordinals), years)
    ordinal, year = _single(ordinals), _single(years)
    if (
        re.search(r"\d", rest)
        or folded.startswith("-")
        or -1 in (ordinal, year)
        or (ordinal is None and year is None)
    ):
        return None
    if year is not None and year < FIRST_YEAR:
        return None
    if ordinal is None and _FILLER.sub("", rest):
        return None  # a year among other words is not a cohort: "2022 봄 학기"
    return CohortRef(ordinal, year)


def _resolve(ref: CohortRef, known: Sequence[KnownCohort], value: str) -> int:
    if ref.ordinal is not None:
        named = [c for c in known if c.ordinal == ref.ordinal]
        if named and ref.year is not None and named[0].year not in (None, ref.year):
            raise DomainError("cohort_contradiction", value=value)
    else:
        named = [c for c in known if c.year == ref.year]
    if not named:
        raise DomainError("unknown_cohort", value=value)
    if len(named) > 1:
        raise DomainError("ambiguous_cohort", value=value)
    return named[0].ordinal


def find_cohort(text: str, known: Sequence[KnownCohort]) -> int:
    """The ordinal of the cohort that a cell means, by its name, ordinal or year.

    Refuses rather than guesses: missing_cohort, unknown_cohort, ambiguous_cohort (two
    cohorts in that year), cohort_contradiction (ordinal and year of different cohorts).
    """
    folded = _fold(text)
    if not folded:
        raise DomainError("missing_cohort")
    named = [c.ordinal for c in known if folded in map(_fold, c.names)]
    if len(named) == 1:
        return named[0]
    ref = parse_cohort(text)
    if ref is None:
        raise DomainError("unknown_cohort", value=text)
    return _resolve(ref, known, text)


def _status_word(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\ufe0f", "").replace("\ufe0e", "")
    return re.sub(r"[\s_.\-!'\"]+", "", folded)


def _status_words(words: str) -> frozenset[str]:
    return frozenset(map(_status_word, words.split()))


_YES = _status_words(
    "수료 수료함 수료완료 조기수료 우수수료 정상수료 수료생 수료자 이수 이수함 이수완료 졸업 "
    "졸업생 완료 완주 통과 합격 o ㅇ 0k ok ○ ◯ ● ◎ ⭕ 〇 ✓ ✔ ☑ ✅ √ v y yes true t 1 예 네 맞음 "
    "completed complete completion done finished graduated graduate alumni alumnus alumna pass "
    "passed certified"
)
_NO = _status_words(
    "미수료 미이수 비수료 수료안함 수료못함 수료취소 미졸업 미완료 미통과 불합격 중도탈락 탈락 "
    "중도포기 포기 중도하차 하차 중도퇴소 퇴소 중퇴 자퇴 제적 제명 이탈 수강취소 수강철회 x ㄨ × "
    "✕ ✖ ✗ ✘ ❌ ╳ n no false f 0 아니오 아니요 아님 dropped dropout dropedout droppedout drop "
    "withdrawn withdrew withdrawal incomplete notcompleted notcomplete uncompleted notfinished "
    "unfinished notgraduated failed fail quit expelled"
)


def parse_completed(text: str) -> bool | None:
    """Whether a cell says that the person completed the cohort; None where it does not say."""
    word = _status_word(text)
    if word in _YES:
        return True
    return False if word in _NO else None
