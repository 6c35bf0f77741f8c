"""What came of a survey: counted and kept, shown in groups, a text removed.

What is shown is rows of its own that change only where a whole group is added (app/domain/surveys.py: `Held`), so no look
before and after one answer tells what came.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.surveys import FEWEST, Held, SurveyQuestion, Tally
from app.models import Meetup, Survey, SurveyTally, SurveyText
from app.services import audit

AT_ONCE = 200  # surveys whose end is settled in one round
_shuffle = secrets.SystemRandom().shuffle


@dataclass(frozen=True, slots=True)
class Results:
    """What is shown: of how many answers, the counts by question, and how many texts stand there now. A question that
    fewer than a group answered is left out."""

    answers: int
    counts: dict[str, dict[str, int]]
    texts: dict[str, int]


def answered(meetup_id: int) -> int:
    """How many have, shown or not."""
    row = _row(meetup_id)
    return row.answers + sum(each.answers for each in _all_held(row)) if row else 0


def keep(session: Session, meetup_id: int, asked: Iterable[SurveyQuestion], said: Mapping[str, str]) -> None:
    """Count one person's answers, in the transaction that holds the meetup. As much work for the last as for the first."""
    row = _row(meetup_id)
    if row is None:
        row = SurveyTally(meetup_id=meetup_id, answers=0, counts={}, waiting=0, held=[])
        session.add(row)
    held = Held.of(row.held)
    shown, held = held.add(held.newest.add(asked, said, _shuffle))
    _show(session, row, shown, held)


def settle(session: Session, meetup_id: int) -> bool:
    """Show what is held of a survey that is over, where that is a group; in the transaction that holds the meetup."""
    row = _row(meetup_id)
    if row is None or not row.waiting:
        return False
    _show(session, row, *Held.of(row.held).settled())
    return True


def settle_ended() -> int:
    """Settle those that came to their end; how many."""
    over = (
        select(SurveyTally.meetup_id)
        .join(Survey, Survey.meetup_id == SurveyTally.meetup_id)
        .where(SurveyTally.waiting > 0, Survey.closes_at <= now())
        .order_by(SurveyTally.meetup_id)
        .limit(AT_ONCE)
    )
    return sum(map(_settle_one, db.session.scalars(over).all()))


def results(meetup_id: int) -> Results | None:
    """What is shown; None while nothing is."""
    row = _row(meetup_id)
    if row is None or row.answers < FEWEST:
        return None
    there = (
        select(SurveyText.question, func.count())
        .where(SurveyText.meetup_id == meetup_id)
        .group_by(SurveyText.question)
    )
    counts = {key: each for key, each in row.counts.items() if sum(each.values()) >= FEWEST}
    texts = {key: number for key, number in db.session.execute(there) if key in counts}
    return Results(row.answers, counts, texts)


def texts(meetup_id: int, question: str, *, after: int, size: int) -> Sequence[SurveyText]:
    """A page of what was written to a question that is shown, by random numbers, and one more where there are more."""
    query = (
        select(SurveyText)
        .where(SurveyText.meetup_id == meetup_id, SurveyText.question == question, SurveyText.id > after)
        .order_by(SurveyText.id)
        .limit(size + 1)
    )
    return db.session.scalars(query).all()


def remove_text(meetup_id: int, text_id: int, actor: str) -> None:
    """An insult, or somebody's name. The records say that it happened, and not what stood there."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        text = session.get(SurveyText, text_id)
        if text is None or text.meetup_id != meetup.id:
            raise DomainError("no_such_survey_text")
        audit.record(
            session,
            "survey.text_removed",
            meetup,
            actor,
            program_id=meetup.program_id,
            question=text.question,
        )
        session.delete(text)


def forget_texts(session: Session, meetup_id: int) -> None:
    """What was written may tell of people; the counts stay."""
    session.execute(delete(SurveyText).where(SurveyText.meetup_id == meetup_id))
    row = _row(meetup_id)
    if row is not None:
        row.held = [each | {"texts": {}} for each in row.held]


def _settle_one(meetup_id: int) -> bool:
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        ends = session.scalar(select(Survey.closes_at).where(Survey.meetup_id == meetup.id))
        return ends is not None and ends <= now() and settle(session, meetup.id)


def _show(session: Session, row: SurveyTally, shown: Tally, held: Held) -> None:
    whole = Tally(row.answers, row.counts).plus(shown)
    row.answers, row.counts = whole.answers, whole.counts
    row.held, row.waiting = held.stored(), held.waits.answers
    session.add_all(
        SurveyText(id=number, meetup_id=row.meetup_id, question=question, text=text)
        for number, question, text in sorted(_numbered(shown))
    )


def _numbered(tally: Tally) -> Iterable[tuple[int, str, str]]:
    return [(secrets.randbits(62), question, text) for question, heap in tally.texts.items() for text in heap]


def _all_held(row: SurveyTally) -> Sequence[Tally]:
    held = Held.of(row.held)
    return held.waits, held.newest


def _row(meetup_id: int) -> SurveyTally | None:
    return db.session.scalars(select(SurveyTally).where(SurveyTally.meetup_id == meetup_id)).one_or_none()
