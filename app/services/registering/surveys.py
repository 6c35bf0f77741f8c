"""A short survey for those who came, whose answers nobody can be found by: app/domain/surveys.py says how they are kept.

Answering leaves no entry in the audit trail: it would say when somebody answered, and tell an answer by its time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.surveys import LONGEST_OPEN, USUAL_DAYS, SurveyQuestion, checked, read
from app.domain.writing.local_times import instant
from app.models import TAKES_PLACE, Meetup, Registration, Survey, SurveyReply
from app.services import audit
from app.services.registering import survey_results
from app.services.registering.registration_changes import held_with_meetup


def of_meetup(meetup_id: int) -> Survey | None:
    return db.session.scalars(select(Survey).where(Survey.meetup_id == meetup_id)).one_or_none()


def open_of(meetup_ids: Iterable[int]) -> frozenset[int]:
    """Those of these meetups whose survey takes answers; one query."""
    query = select(Survey.meetup_id).where(
        Survey.meetup_id.in_(list(meetup_ids)), Survey.opened_at.is_not(None), Survey.closes_at > now()
    )
    return frozenset(db.session.scalars(query))


def questions_of(survey: Survey) -> tuple[SurveyQuestion, ...]:
    return tuple(map(SurveyQuestion.of, survey.questions))


def save(meetup_id: int, questions: Sequence[SurveyQuestion], *, with_thanks: bool, actor: str) -> None:
    """Ask these. Refused once somebody has answered: an answer is read with the question as it was asked."""
    asked = [each.stored() for each in checked(questions)]
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        survey = of_meetup(meetup.id)
        if survey is None:
            survey = Survey(meetup_id=meetup.id, questions=[])
            session.add(survey)
        if survey.questions != asked and survey_results.answered(meetup.id):
            raise DomainError("survey_answered_already")
        survey.questions, survey.with_thanks = asked, with_thanks
        audit.record(
            session, "survey.saved", meetup, actor, program_id=meetup.program_id, questions=len(asked)
        )


def open_until(meetup_id: int, last_day: dt.date, actor: str) -> None:
    """Let those who came answer until the end of that day, by the meetup's clock; also to move the day."""
    with transaction() as session:
        meetup, survey = _held(session, meetup_id)
        if meetup.ends_at > now() or meetup.state not in TAKES_PLACE:
            raise DomainError("survey_too_soon")
        closes_at = _bounded(meetup, last_day)
        if not survey.is_open(now()):
            survey_results.settle(session, meetup.id)  # its end was reached: what comes now is another group
        survey.opened_at, survey.closes_at = survey.opened_at or now(), closes_at
        audit.record(session, "survey.opened", meetup, actor, program_id=meetup.program_id)


def open_with_thanks(session: Session, meetup: Meetup) -> None:
    """In the transaction that owes the thanks."""
    survey = of_meetup(meetup.id)
    if survey is not None and survey.with_thanks and survey.opened_at is None:
        survey.opened_at = now()
        survey.closes_at = _end_of(meetup, meetup.local(now()).date() + dt.timedelta(days=USUAL_DAYS))


def opens_with_thanks(meetup_id: int) -> bool:
    survey = of_meetup(meetup_id)
    return survey is not None and survey.with_thanks


def last_day(meetup: Meetup, survey: Survey) -> dt.datetime | None:
    """The last minute in which it takes answers, on the meetup's clock."""
    return meetup.local(survey.closes_at - dt.timedelta(minutes=1)) if survey.closes_at else None


def close(meetup_id: int, actor: str) -> None:
    """Take no more answers; twice changes nothing."""
    with transaction() as session:
        meetup, survey = _held(session, meetup_id)
        if survey.is_open(now()):
            survey.closes_at = now()
            survey_results.settle(session, meetup.id)
            audit.record(session, "survey.closed", meetup, actor, program_id=meetup.program_id)


def is_asked(registration: Registration) -> bool:
    """Whether this person came to a meetup whose survey is open."""
    if registration.admitted_at is None:
        return False
    survey = of_meetup(registration.meetup_id)
    return survey is not None and survey.is_open(now())


def standing(registration: Registration) -> Literal["asked", "answered"] | None:
    """What somebody who came reads of the survey; None for all others, without a question to the database."""
    if registration.admitted_at is None:
        return None
    if has_answered(registration.id):
        return "answered"
    return "asked" if is_asked(registration) else None


def has_answered(registration_id: int) -> bool:
    return db.session.get(SurveyReply, registration_id) is not None


def answer(registration_id: int, typed: Mapping[str, str], shown: Mapping[str, str] | None = None) -> None:
    """Count this person's answers and note that they answered, apart from each other. It cannot be taken back: nobody knows
    which are theirs. `shown`: the questions that they read, by their digests. Raises `Unusable` by question; a second time
    changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        survey = of_meetup(meetup.id)
        if survey is None or not survey.is_open(now()) or registration.admitted_at is None:
            raise DomainError("survey_closed")
        if has_answered(registration.id):
            return
        asked = questions_of(survey)
        if shown is not None and shown != digests(asked):
            raise DomainError("survey_questions_changed")
        survey_results.keep(session, meetup.id, asked, read(asked, typed))
        session.add(SurveyReply(registration_id=registration.id))


def digests(asked: Iterable[SurveyQuestion]) -> dict[str, str]:
    """What tells a question that was changed from the one that somebody read."""
    return {each.key: each.digest for each in asked}


def came(meetup_id: int) -> int:
    """How many were asked."""
    query = select(func.count(Registration.id)).where(
        Registration.meetup_id == meetup_id, Registration.admitted_at.is_not(None)
    )
    return db.session.scalar(query) or 0


def note_taken(meetup: Meetup, actor: str) -> None:
    """A file with the results leaves: it holds what people wrote."""
    with transaction() as session:
        audit.record(session, "survey.exported", meetup, actor, program_id=meetup.program_id)


def copy(session: Session, original_id: int, meetup_id: int) -> None:
    """The questions for the next meetup, unopened."""
    survey = of_meetup(original_id)
    if survey is not None:
        session.flush()
        session.add(Survey(meetup_id=meetup_id, questions=survey.questions, with_thanks=survey.with_thanks))


def _held(session: Session, meetup_id: int) -> tuple[Meetup, Survey]:
    meetup = Meetup.locked(session, meetup_id)
    survey = of_meetup(meetup.id)
    if survey is None:
        raise DomainError("no_survey")
    return meetup, survey


def _bounded(meetup: Meetup, last_day: dt.date) -> dt.datetime:
    today = meetup.local(now()).date()
    if last_day < today:
        raise DomainError("survey_day_over")
    if last_day > today + LONGEST_OPEN:
        raise DomainError("survey_day_too_late", days=LONGEST_OPEN.days)
    return _end_of(meetup, last_day)


def _end_of(meetup: Meetup, day: dt.date) -> dt.datetime:
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return instant(midnight, meetup.timezone, later=True)
