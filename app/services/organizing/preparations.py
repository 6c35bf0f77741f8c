"""What a meetup still needs before its day, as a list to tick off by doing: read from what is there.

A rehearsal alone is told: phones practise without a word to the server.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from app.db import db, transaction
from app.models import (
    WAS_INVITED,
    AuditEntry,
    Device,
    MailState,
    Meetup,
    MeetupInvitation,
    MeetupState,
    OutboxMail,
    Registration,
)
from app.services import audit

PRACTISED = "door.practised"


class Step(enum.StrEnum):
    """In the order in which an office takes them."""

    TEXTS = "texts"
    LIST = "list"
    NOTICE = "notice"
    PUBLISHED = "published"
    TOLD = "told"
    MAILS = "mails"
    DOOR = "door"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True)
class Preparations:
    """Which steps are done; the others in their order."""

    done: frozenset[Step]

    @property
    def open(self) -> Sequence[Step]:
        return [step for step in Step if step not in self.done]


def of_meetup(meetup: Meetup, *, eligible: int) -> Preparations:
    """One query. `eligible`: how many could register."""
    saved, practised = (
        exists().where(AuditEntry.subject == f"meetup:{meetup.id}", AuditEntry.act == act)
        for act in ("notice.saved", PRACTISED)
    )
    sent = exists().where(OutboxMail.meetup_id == meetup.id, OutboxMail.state == MailState.SENT)
    known = exists().where(Registration.meetup_id == meetup.id)
    invited = exists().where(MeetupInvitation.meetup_id == meetup.id, WAS_INVITED)
    enrolled = exists().where(Device.meetup_id == meetup.id, Device.revoked_at.is_(None))
    found = db.session.execute(select(saved, sent, or_(known, invited), enrolled, practised)).one()
    read, mailed, told, phone, rehearsed = map(bool, found)
    states = {
        Step.TEXTS: bool(meetup.description_ko or meetup.description_en),
        Step.LIST: eligible > 0,
        Step.NOTICE: read,
        Step.PUBLISHED: meetup.state is not MeetupState.DRAFT,
        Step.TOLD: told,
        Step.MAILS: mailed,
        Step.DOOR: phone,
        Step.REHEARSAL: rehearsed,
    }
    return Preparations(frozenset(step for step, is_done in states.items() if is_done))


def practised(meetup_id: int, actor: str) -> None:
    """Somebody says that the door was practised. Said twice, it stands once."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        said = select(AuditEntry.id).where(
            AuditEntry.subject == f"meetup:{meetup.id}", AuditEntry.act == PRACTISED
        )
        if session.scalar(said.limit(1)) is None:
            audit.record(session, PRACTISED, meetup, actor, program_id=meetup.program_id)
