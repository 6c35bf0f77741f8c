"""A message as text messages: phones and texts for the office's SMS service, which Dongmun has no part in.

A reader's own link never leaves in a file: in its place stands the meetup's public page. Whom no mail reaches is told how to
come without one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO

from flask_babel import force_locale
from sqlalchemy.orm import Session

from app import ready_texts
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.writing.mail_texts import filled
from app.domain.writing.messages import MESSAGE_FIELDS, Kind, Size, size
from app.models import Cohort, Meetup, Message
from app.services import audit
from app.services.mails import to_many
from app.services.mails.meetup_values import meetup_values
from app.services.messaging import chosen, phone_books
from app.services.messaging.chosen import Choice, Reader
from app.services.messaging.phone_books import Line, Outlook


def outlook(meetup: Meetup, message: Message, *, unreached: bool, listed_phones: bool) -> Outlook:
    """`listed_phones`: also phones that the programme knows and nobody gave this meetup."""
    return phone_books.outlook(
        _lines(db.session(), meetup, message, unreached=unreached, listed_phones=listed_phones)
    )


def as_xlsx(
    meetup: Meetup,
    message: Message,
    headings: tuple[str, ...],
    sizes: Mapping[Size, str],
    *,
    unreached: bool,
    listed_phones: bool,
    actor: str,
    reason: str,
) -> IO[bytes]:
    """A workbook of those who have a phone; phones are text. It leaves only if the download was noted."""
    if message.kind is Kind.NEWS:
        raise DomainError("news_not_by_text")
    lines = _lines(db.session(), meetup, message, unreached=unreached, listed_phones=listed_phones)
    file, rows = phone_books.write(lines, headings, sizes)
    _note(meetup, message, actor, reason, rows)
    file.seek(0)
    return file


def _note(meetup: Meetup, message: Message, actor: str, reason: str, rows: int) -> None:
    end_reading()
    with transaction() as session:
        audit.record(
            session,
            "message.phones_taken",
            f"message:{message.id}",
            actor,
            program_id=meetup.program_id,
            reason=reason,
            rows=rows,
        )


def _lines(
    session: Session, meetup: Meetup, message: Message, *, unreached: bool, listed_phones: bool
) -> Iterator[Line]:
    """One for each of the chosen, whether mail reaches them or not."""
    fitting = chosen.choice_of(message)
    family = message.repeats_id or message.id
    choice = Choice(fitting.kind, fitting.wanted, family if unreached else fitting.repeats)
    values = {locale: _values(meetup, locale) for locale in ("ko", "en")}
    names: dict[tuple[int, str], str] = {}
    for page in chosen.pages(session, meetup, choice, listed_phones=listed_phones):
        _name_cohorts(session, {each.cohort_id for each in page if each.cohort_id}, names)
        yield from (_line(meetup, message, reader, values, names) for reader in page)


def _line(
    meetup: Meetup,
    message: Message,
    reader: Reader,
    values: Mapping[str, Mapping[str, str]],
    names: Mapping[tuple[int, str], str],
) -> Line:
    locale = reader.locale
    own = {"name": reader.name, "cohort": names.get((reader.cohort_id or 0, locale), "")}
    text = filled(message.text.words.read(locale), {**values[locale], **own})
    if hint := _without_mail(meetup, reader):
        text = f"{text}\n{hint}"
    return Line(reader.name, reader.phone, text, *size(text), reader.reference)


def _without_mail(meetup: Meetup, reader: Reader) -> str:
    """What those do whom no mail reaches: the page in the text wants to send them one."""
    if reader.is_reached:
        return ""
    with force_locale(reader.locale):
        return ready_texts.without_mail(meetup, reader.status, reader.reference, reader.offered_until)


def _values(meetup: Meetup, locale: str) -> dict[str, str]:
    with force_locale(locale):
        found = meetup_values(meetup, locale) | {"link": meetup_values(meetup, locale)["page"]}
        return {
            key: str(found.get("title" if key == "meetup" else key) or "")
            for key in MESSAGE_FIELDS
            if key not in {"name", "cohort"}
        }


def _name_cohorts(session: Session, ids: set[int], names: dict[tuple[int, str], str]) -> None:
    for cohort_id in ids:
        for locale in ("ko", "en"):
            if (cohort_id, locale) not in names:
                names[cohort_id, locale] = to_many.cohort_name(session.get_one(Cohort, cohort_id), locale)
