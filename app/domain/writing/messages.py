"""What organizers write to many at once: what it may say, whom it leaves out, and the law's marks on news.

Something about the meetup goes to whoever registered. News beyond it is advertising in the sense of Article 50 of the Network
Act (정보통신망법): it needs a consent of its own, "(광고)" before the subject, its sender's name and contact, a free way out.
"""

from __future__ import annotations

import datetime as dt
import enum
from zoneinfo import ZoneInfo

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.writing.mail_texts import FIELDS, MailText, problems_of
from app.domain.writing.words import Words

MESSAGE_FIELDS = FIELDS | {"cohort": "기수", "link": "내 링크"}
LONGEST_WORDS, LONGEST_SENDER = 5000, 300
ADVERTISING = "(광고)"
KOREA = ZoneInfo("Asia/Seoul")
MORNING, EVENING = dt.time(8), dt.time(21)
SMS_BYTES, LMS_BYTES = 90, 2000


class Kind(enum.StrEnum):
    ABOUT = "about"  # the meetup
    NEWS = "news"  # beyond it


class LeftOut(enum.StrEnum):
    """Why somebody who was chosen gets no mail; of several reasons the first."""

    NO_CONSENT = "no_consent"
    OPTED_OUT = "opted_out"
    NO_ADDRESS = "no_address"
    DEAD = "dead"  # no mail arrives at any address of theirs


class Stage(enum.StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"  # for its time, or for the worker
    GOING = "going"
    STOPPED = "stopped"
    DONE = "done"


class Size(enum.StrEnum):
    SMS = "sms"
    LMS = "lms"
    TOO_LONG = "too_long"


def require_whole(kind: Kind, text: MailText, sender: str) -> None:
    """Raises `Unusable`: a message needs a subject and words in one language, news also who sends it."""
    problems = problems_of(text, MESSAGE_FIELDS, LONGEST_WORDS)
    for locale in ("ko", "en"):
        subject, words = getattr(text.subject, locale), getattr(text.words, locale)
        if words and not subject:
            problems.setdefault(f"subject_{locale}", DomainError("message_needs_subject"))
        if subject and not words:
            problems.setdefault(f"words_{locale}", DomainError("message_needs_words"))
    if not text:
        problems["words_ko"] = DomainError("message_needs_words")
    if kind is Kind.NEWS and not sender:
        problems["sender"] = DomainError("news_needs_sender")
    if len(sender) > LONGEST_SENDER:
        problems["sender"] = DomainError("mail_text_too_long", longest=LONGEST_SENDER, length=len(sender))
    if problems:
        raise Unusable(problems)


def left_out(*, consents: bool, opted_out: bool, has_address: bool, is_dead: bool) -> LeftOut | None:
    """`consents` and not `opted_out`: also of everybody whom a message about their meetup is for."""
    if not consents:
        return LeftOut.NO_CONSENT
    if opted_out:
        return LeftOut.OPTED_OUT
    if not has_address:
        return LeftOut.NO_ADDRESS
    return LeftOut.DEAD if is_dead else None


def subject(kind: Kind, words: Words, locale: str) -> str:
    """News begins with the mark that the law asks for: these signs, with nothing before or between them."""
    written = words.read(locale)
    if kind is not Kind.NEWS:
        return written
    return f"{ADVERTISING} {written.removeprefix(ADVERTISING).strip()}"


def by_day(at: dt.datetime) -> dt.datetime:
    """`at`, or the next morning where it is night in Korea."""
    local = at.astimezone(KOREA)
    if MORNING <= local.time() < EVENING:
        return at
    morning = local.date() + dt.timedelta(days=local.time() >= EVENING)
    return dt.datetime.combine(morning, MORNING, KOREA).astimezone(dt.UTC)


def size(text: str) -> tuple[int, Size]:
    number = bytes_of(text)
    return number, size_of(number)


def bytes_of(text: str) -> int:
    """As Korean SMS services count them: two for a Hangul syllable, two for what their code page hasn't got."""
    return sum(len(sign.encode("cp949", "replace")) if _known(sign) else 2 for sign in text)


def size_of(number: int) -> Size:
    if number <= SMS_BYTES:
        return Size.SMS
    return Size.LMS if number <= LMS_BYTES else Size.TOO_LONG


def _known(sign: str) -> bool:
    try:
        sign.encode("cp949")
    except UnicodeEncodeError:
        return False
    return True
