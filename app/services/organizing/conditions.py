"""What else of registrations can be asked for in lists: answers, and whether mail reaches them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.db import db
from app.models import AnswerSheet, MailState, OutboxMail, PersonAddress, Registration
from app.reading import among
from app.services.organizing.filters import MailStanding

_STATES = {  # few mails are in these
    MailStanding.FAILED: MailState.FAILED,
    MailStanding.WAITING: MailState.QUEUED,
}


def answered(
    chosen: Collection[tuple[str, str]], number: Any = Registration.id, *, each: bool = False
) -> list[ColumnElement[bool]]:
    """In a statement about registrations, whose ids are `number`: for each question, that the person or
    somebody who comes along chose any of these options.

    `each`: asked of each registration at hand, for an order that is walked until a page is full. Otherwise those who chose
    are looked up once.
    """
    by_question: defaultdict[str, list[str]] = defaultdict(list)
    for question, option in sorted(chosen):
        by_question[question].append(option)
    pairs = by_question.items()
    if each:
        return [_chose(question, options) for question, options in pairs]
    return [number.in_(_choosers(question, options)) for question, options in pairs]


def mailed(
    meetup_id: int, which: Collection[MailStanding], number: Any = Registration.id, *, each: bool = False
) -> ColumnElement[bool]:
    """In a statement about registrations of this meetup, whose ids are `number`. `each`: as in `answered`."""
    found: list[ColumnElement[bool]] = [_is_dead()] if MailStanding.DEAD in which else []
    states = [state for trouble, state in _STATES.items() if trouble in which]
    if each:
        found += [_has_mail(state) for state in states]
    elif states:
        mails = select(OutboxMail.registration_id).where(
            OutboxMail.meetup_id == meetup_id,
            OutboxMail.state.in_(states),
            OutboxMail.registration_id.is_not(None),
        )
        found.append(number.in_(mails))
    if MailStanding.SENT in which:
        found.append(_has_mail(MailState.SENT))
    if MailStanding.NONE in which:
        found.append(~_has_mail(MailState.SENT))
    return or_(*found)


def unanswered(question: str) -> ColumnElement[bool]:
    """In a statement about registrations: nothing is said to it on the person's own newest sheet, if there is one.

    An answer that wasn't given has no key on its sheet; what is within an answer has its quotes escaped.
    """
    sheet, newer = aliased(AnswerSheet), aliased(AnswerSheet)
    theirs = sheet.registration_id == Registration.id, sheet.companion == 0
    later = newer.registration_id == sheet.registration_id, newer.companion == 0, newer.id > sheet.id
    says = cast(sheet.answers, String).contains(f"{json.dumps(question)}:", autoescape=True)
    newest = ~select(newer.id).where(*later).exists()
    return ~select(sheet.id).where(*theirs, says, newest).correlate(Registration).exists()


def _has_mail(state: MailState) -> ColumnElement[bool]:
    """From an index alone, and as a value: PostgreSQL would read every mail for an EXISTS beside another condition."""
    theirs = OutboxMail.registration_id == Registration.id, OutboxMail.state == state
    mail = select(literal(1)).where(*theirs).limit(1).correlate(Registration).scalar_subquery()
    return mail.is_not(None)


def unreached(meetup_id: int) -> ColumnElement[bool]:
    """In a statement about registrations of this meetup: those to whom a mail is no way."""
    return or_(Registration.address == "", mailed(meetup_id, (MailStanding.DEAD, MailStanding.FAILED)))


def _chose(question: str, options: Collection[str]) -> ColumnElement[bool]:
    """What the newest sheets say, as a value: PostgreSQL would make a join of an EXISTS, and read every sheet for it."""
    sheet = aliased(AnswerSheet)
    theirs = sheet.registration_id == Registration.id, sheet.companion <= Registration.companions
    chosen = select(func.count(sheet.id)).where(*theirs, *_says_now(sheet, question, options))
    return chosen.correlate(Registration).scalar_subquery() > 0


def _choosers(question: str, options: Collection[str]) -> Select[Any]:
    """Most sheets don't have these words in them at all, which is seen without reading the sheet's JSON."""
    sheet = aliased(AnswerSheet)
    written = or_(
        *(cast(sheet.answers, String).contains(json.dumps(each), autoescape=True) for each in options)
    )
    party = aliased(Registration)
    comes_along = select(party.companions).where(party.id == sheet.registration_id).scalar_subquery()
    return select(sheet.registration_id).where(
        written,
        *_says_now(sheet, question, options),
        or_(sheet.companion == 0, sheet.companion <= comes_along),
    )


def _says_now(sheet: Any, question: str, options: Collection[str]) -> list[ColumnElement[bool]]:
    """Of all sheets of one person of a party, the newest counts."""
    newer = aliased(AnswerSheet)
    later = (
        newer.registration_id == sheet.registration_id,
        newer.companion == sheet.companion,
        newer.id > sheet.id,
    )
    return [_names(sheet, question, options), ~select(newer.id).where(*later).exists()]


def _names(sheet: Any, question: str, options: Collection[str]) -> ColumnElement[bool]:
    """The one option, or one of several, which stand in a list."""
    said: Any = sheet.answers[question].as_string()
    return or_(*(or_(said == option, said.contains(f'"{option}"', autoescape=True)) for option in options))


def _is_dead() -> ColumnElement[bool]:
    """Those who have any dead address first: they are few."""
    dead = PersonAddress.dead_since.is_not(None)
    theirs = PersonAddress.person_id == Registration.person_id
    same = PersonAddress.address_key == func.lower(Registration.address)
    this_one = select(PersonAddress.id).where(theirs, same, dead).correlate(Registration).exists()
    return and_(Registration.person_id.in_(select(PersonAddress.person_id).where(dead)), this_one)


def last_mails(registration_ids: Sequence[int]) -> dict[int, tuple[str, MailState]]:
    """Of each that was or will be mailed: the kind of their latest mail, and what became of it; one query."""
    last = (
        select(func.max(OutboxMail.id).label("id"))
        .where(among(OutboxMail.registration_id, registration_ids))
        .group_by(OutboxMail.registration_id)
        .subquery()
    )
    query = select(OutboxMail.registration_id, OutboxMail.kind, OutboxMail.state)
    rows = db.session.execute(query.join(last, last.c.id == OutboxMail.id))
    return {registration: (kind, state) for registration, kind, state in rows if registration}
