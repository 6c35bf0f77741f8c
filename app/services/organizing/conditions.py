"""What else of registrations can be asked for in lists: answers, and whether mail reaches them."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from app.models import AnswerSheet, MailState, OutboxMail, PersonAddress, Registration


class MailTrouble(enum.StrEnum):
    DEAD = "dead"  # no mail arrives at the address of the registration
    FAILED = "failed"  # a mail of this meetup was given up
    WAITING = "waiting"  # one is still on its way


_STATES = {MailTrouble.FAILED: MailState.FAILED, MailTrouble.WAITING: MailState.QUEUED}


def answered(chosen: Collection[tuple[str, str]]) -> list[ColumnElement[bool]]:
    """In a statement about registrations: for each question, that the person chose any of these options."""
    by_question: defaultdict[str, list[str]] = defaultdict(list)
    for question, option in sorted(chosen):
        by_question[question].append(option)
    return [_chose(question, options) for question, options in by_question.items()]


def troubled(
    meetup_id: int, which: Collection[MailTrouble], number: Any = Registration.id
) -> ColumnElement[bool]:
    """In a statement about registrations of this meetup, whose ids are `number`."""
    found: list[ColumnElement[bool]] = [_is_dead()] if MailTrouble.DEAD in which else []
    states = [state for trouble, state in _STATES.items() if trouble in which]
    if states:
        mails = select(OutboxMail.registration_id).where(
            OutboxMail.meetup_id == meetup_id,
            OutboxMail.state.in_(states),
            OutboxMail.registration_id.is_not(None),
        )
        found.append(number.in_(mails))
    return or_(*found)


def _chose(question: str, options: Collection[str]) -> ColumnElement[bool]:
    """Of the newest sheet: the one option, or one of several, which stand in a list."""
    newer, sheet = aliased(AnswerSheet), aliased(AnswerSheet)
    last = (
        select(func.max(newer.id))
        .where(newer.registration_id == Registration.id, newer.companion == 0)
        .correlate(Registration)
        .scalar_subquery()
    )
    said: Any = sheet.answers[question].as_string()
    chose = or_(*(or_(said == option, said.contains(f'"{option}"', autoescape=True)) for option in options))
    return select(sheet.id).where(sheet.id == last, chose).correlate(Registration).exists()


def _is_dead() -> ColumnElement[bool]:
    """Those who have any dead address first: they are few."""
    dead = PersonAddress.dead_since.is_not(None)
    theirs = PersonAddress.person_id == Registration.person_id
    same = PersonAddress.address_key == func.lower(Registration.address)
    this_one = select(PersonAddress.id).where(theirs, same, dead).correlate(Registration).exists()
    return and_(Registration.person_id.in_(select(PersonAddress.person_id).where(dead)), this_one)
