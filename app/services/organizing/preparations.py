"""What a meetup still needs before its day, as a list to tick off by doing: read from what is there, never stored."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, or_, select

from app.db import db
from app.models import (
    AuditEntry,
    Device,
    MailState,
    Meetup,
    MeetupInvitation,
    MeetupState,
    OutboxMail,
    Registration,
)


class Step(enum.StrEnum):
    """In the order in which an office takes them."""

    TEXTS = "texts"
    LIST = "list"
    NOTICE = "notice"
    PUBLISHED = "published"
    TOLD = "told"
    MAILS = "mails"
    DOOR = "door"


@dataclass(frozen=True)
class Preparations:
    """Which steps are done; the others in their order."""

    done: frozenset[Step]

    @property
    def open(self) -> Sequence[Step]:
        return [step for step in Step if step not in self.done]


def of_meetup(meetup: Meetup, *, eligible: int) -> Preparations:
    """One query. `eligible`: how many could register."""
    saved = exists().where(AuditEntry.subject == f"meetup:{meetup.id}", AuditEntry.act == "notice.saved")
    sent = exists().where(OutboxMail.meetup_id == meetup.id, OutboxMail.state == MailState.SENT)
    known = exists().where(Registration.meetup_id == meetup.id)
    invited = exists().where(MeetupInvitation.meetup_id == meetup.id)
    enrolled = exists().where(Device.meetup_id == meetup.id, Device.revoked_at.is_(None))
    found = db.session.execute(select(saved, sent, or_(known, invited), enrolled)).one()
    read, mailed, told, phone = map(bool, found)
    states = {
        Step.TEXTS: bool(meetup.description_ko or meetup.description_en),
        Step.LIST: eligible > 0,
        Step.NOTICE: read,
        Step.PUBLISHED: meetup.state is not MeetupState.DRAFT,
        Step.TOLD: told,
        Step.MAILS: mailed,
        Step.DOOR: phone,
    }
    return Preparations(frozenset(step for step, is_done in states.items() if is_done))
