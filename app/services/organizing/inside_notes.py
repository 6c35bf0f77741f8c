"""Notes for those who have a seat: written by organizers, shown at the personal link while the seat stands.

Neither the public page nor a mail nor the ticket's page has them: a mail stays when a seat goes, and a ticket is photographed.
"""

from __future__ import annotations

from sqlalchemy import delete, select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.domain.writing.words import Words
from app.models import InsideNote, Meetup, MeetupState, Registration
from app.services import audit

LONGEST = 2000


def of_meetup(meetup_id: int) -> InsideNote | None:
    return db.session.scalars(select(InsideNote).where(InsideNote.meetup_id == meetup_id)).one_or_none()


def for_registration(registration: Registration) -> InsideNote | None:
    """What this person may read now."""
    called_off = registration.meetup.state is MeetupState.CALLED_OFF
    if registration.status is not Status.CONFIRMED or called_off:
        return None
    return of_meetup(registration.meetup_id)


def save(meetup_id: int, words: Words, actor: str) -> bool:
    """Whether anything changed; saving the same leaves the time of the last change. Raises `Unusable`."""
    problems = {
        f"words_{locale}": DomainError("mail_text_too_long", longest=LONGEST, length=len(written))
        for locale, written in (("ko", words.ko), ("en", words.en))
        if len(written) > LONGEST
    }
    if problems:
        raise Unusable(problems)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        theirs = select(InsideNote).where(InsideNote.meetup_id == meetup_id)
        note = session.scalars(theirs.execution_options(populate_existing=True)).one_or_none()
        if words == (note.words if note else Words()):
            return False
        session.execute(delete(InsideNote).where(InsideNote.meetup_id == meetup_id))
        if words:
            values = {"words_ko": words.ko, "words_en": words.en, "changed_at": now()}
            session.add(InsideNote(meetup_id=meetup_id, **values))
        audit.record(session, "meetup.inside_note_saved", meetup, actor, program_id=meetup.program_id)
        return True
