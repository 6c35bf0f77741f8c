"""A message as text messages: phones and texts for the office's SMS service, which Dongmun has no part in.

A reader's own link never leaves in a file: in its place stands the meetup's public page. Whom no mail reaches is told how to
come without one.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import xlsxwriter
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app import ready_texts
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.writing.mail_texts import filled
from app.domain.writing.messages import MESSAGE_FIELDS, Kind, Size, size
from app.domain.writing.spreadsheet_cells import WORKBOOK_MARK
from app.models import Cohort, Meetup, Message
from app.services import audit
from app.services.mails import to_many
from app.services.mails.meetup_values import meetup_values
from app.services.messaging import chosen
from app.services.messaging.chosen import Choice, Reader
from app.services.organizing.exports import BOOK

WIDTHS = (14, 18, 60, 8, 8)


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    phone: str
    text: str
    number: int  # of bytes
    size: Size


@dataclass
class Outlook:
    """How many texts of which size there would be, how many have no phone, and the first text."""

    sizes: Counter[Size] = field(default_factory=Counter)
    without_phone: int = 0
    example: Line | None = None


def outlook(meetup: Meetup, message: Message, *, unreached: bool, listed_phones: bool) -> Outlook:
    """`listed_phones`: also phones that the programme knows and nobody gave this meetup."""
    found = Outlook()
    for line in _lines(db.session(), meetup, message, unreached=unreached, listed_phones=listed_phones):
        if not line.phone:
            found.without_phone += 1
            continue
        found.sizes[line.size] += 1
        found.example = found.example or line
    return found


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
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, BOOK)
    book.set_custom_property(WORKBOOK_MARK, 1)
    sheet, rows = book.add_worksheet(headings[0]), 0
    for column, (heading, width) in enumerate(zip(headings[1:], WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, book.add_format({"bold": True}))
    for line in _lines(db.session(), meetup, message, unreached=unreached, listed_phones=listed_phones):
        if line.phone:
            rows += 1
            for column, cell in enumerate((line.name, line.phone, line.text)):
                sheet.write_string(rows, column, cell)
            sheet.write_number(rows, 3, line.number)
            sheet.write_string(rows, 4, sizes[line.size])
    book.close()
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
    return Line(reader.name, reader.phone, text, *size(text))


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
