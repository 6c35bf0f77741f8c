"""What organizers wrote for a meetup's mails: kept, and put into them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.writing.mail_texts import FIELDS, MailText, filled, in_language, require_sound
from app.models import Meetup, MeetupMailText
from app.services import audit


def of(meetup_id: int) -> dict[str, MailText]:
    """By kind of mail; without those that say the usual."""
    rows = db.session.scalars(select(MeetupMailText).where(MeetupMailText.meetup_id == meetup_id))
    return {row.kind: row.text for row in rows}


def for_mails(kind: str, meetups: Collection[int]) -> dict[int, MailText]:
    """By meetup, in one query."""
    query = select(MeetupMailText).where(MeetupMailText.kind == kind, MeetupMailText.meetup_id.in_(meetups))
    return {row.meetup_id: row.text for row in db.session.scalars(query)} if meetups else {}


def save(meetup_id: int, kind: str, text: MailText, actor: str) -> None:
    """For all mails of this kind that are written from now on; an empty one brings the usual text back.

    Raises `Unusable` for an unknown field or too long a text.
    """
    require_sound(text)
    with transaction() as session:
        meetup = session.get_one(Meetup, meetup_id)
        _put(session, meetup_id, kind, text)
        audit.record(
            session, "meetup.mail_text_saved", meetup, actor, program_id=meetup.program_id, kind=kind
        )


def copy(session: Session, original: int, meetup_id: int) -> None:
    for row in session.scalars(select(MeetupMailText).where(MeetupMailText.meetup_id == original)):
        _put(session, meetup_id, row.kind, row.text)


def values(text: MailText, locale: str, mail: Mapping[str, Any]) -> dict[str, str]:
    """For the templates: the subject and the words in this language, filled in from what the mail says."""
    told = {key: str(mail.get("title" if key == "meetup" else key) or "") for key in FIELDS}
    return {
        "own_subject": filled(in_language(text.subject, locale), told),
        "own_words": filled(in_language(text.words, locale), told),
    }


def _put(session: Session, meetup_id: int, kind: str, text: MailText) -> None:
    at = MeetupMailText.meetup_id == meetup_id, MeetupMailText.kind == kind
    session.execute(delete(MeetupMailText).where(*at))
    if text:
        subject, words = ({"ko": each.ko, "en": each.en} for each in (text.subject, text.words))
        session.add(
            MeetupMailText(meetup_id=meetup_id, kind=kind, subject=subject, words=words, created_at=now())
        )
