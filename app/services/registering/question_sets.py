"""A meetup's questions: each change is a new version, and the old ones stay readable."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.questions import (
    NO_QUESTIONS,
    Question,
    QuestionSet,
    require_question,
    require_set,
)
from app.models import Meetup, QuestionsVersion, TemplateKind
from app.services import audit
from app.services.organizing import text_templates
from app.services.registering import answer_sheets

LONGEST_NAME = 60


def version(meetup_id: int, number: int) -> QuestionSet:
    """That version; no questions where there is none."""
    if not number:
        return NO_QUESTIONS
    content = db.session.scalars(
        select(QuestionsVersion.content).where(
            QuestionsVersion.meetup_id == meetup_id, QuestionsVersion.version == number
        )
    ).one()
    return QuestionSet.of(content)


def versions(meetup_id: int, numbers: Iterable[int]) -> dict[int, QuestionSet]:
    """Those versions by number, in one query."""
    rows = db.session.execute(
        select(QuestionsVersion.version, QuestionsVersion.content).where(
            QuestionsVersion.meetup_id == meetup_id, QuestionsVersion.version.in_(set(numbers))
        )
    )
    return {row.version: QuestionSet.of(row.content) for row in rows}


def current(meetup: Meetup) -> QuestionSet:
    """What people are asked now."""
    return version(meetup.id, meetup.questions_version)


def save(meetup_id: int, question: Question, actor: str, *, based_on: int) -> None:
    """Ask this question, in the place of the one with its key or at the end. Raises `Unusable`."""

    def change(before: QuestionSet, _session: Session) -> QuestionSet:
        after = before.with_one(question)
        require_question(question, after)
        return after

    _change(meetup_id, change, actor, based_on)


def move(meetup_id: int, key: str, by: int, actor: str, *, based_on: int) -> None:
    """Ask the question earlier (-1) or later (1)."""
    _change(meetup_id, lambda before, _: before.moved(key, by), actor, based_on)


def retire(meetup_id: int, key: str, actor: str, *, based_on: int) -> None:
    """Ask it no longer. Where somebody may have answered it, it is kept to read the answers by."""

    def change(before: QuestionSet, session: Session) -> QuestionSet:
        question = before.question(key)
        if question is None:
            return before
        if answer_sheets.any_of_meetup(session, meetup_id):
            return before.with_one(_retired(question, retired=True))
        return before.without(key)

    _change(meetup_id, change, actor, based_on)


def ask_again(meetup_id: int, key: str, actor: str, *, based_on: int) -> None:
    """Ask a retired question again."""

    def change(before: QuestionSet, _session: Session) -> QuestionSet:
        question = before.question(key)
        return before.with_one(_retired(question, retired=False)) if question else before

    _change(meetup_id, change, actor, based_on)


def extend(meetup_id: int, more: QuestionSet, actor: str, *, based_on: int) -> None:
    """Ask the questions of another set, too, after those that are there."""
    _change(meetup_id, lambda before, _: before.extended(more.asked), actor, based_on)


def copy(session: Session, original: Meetup, meetup: Meetup, actor: str) -> None:
    """Give a copied meetup the original's questions as its first version; in the caller's transaction."""
    asked = NO_QUESTIONS.extended(current(original).asked)
    if asked.questions:
        _append(session, meetup, asked, actor)


def set_deadline(meetup_id: int, until: dt.datetime | None, actor: str) -> None:
    """Until when people may change their answers; None: until registration closes."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.answers_until != until:
            meetup.answers_until = until
            audit.record(session, "answers.deadline_set", meetup, actor, program_id=meetup.program_id)


def kept(program_id: int) -> dict[str, QuestionSet]:
    """The sets that the programme keeps, by name."""
    found = text_templates.of(db.session(), program_id, TemplateKind.QUESTIONS)
    return {name: QuestionSet.of(content) for name, content in found.items()}


def keep(program_id: int, name: str, questions: QuestionSet, actor: str) -> None:
    """Keep what is asked under this name, for other meetups of the programme."""
    if not name or len(name) > LONGEST_NAME:
        raise DomainError("set_unnamed", limit=LONGEST_NAME)
    if not questions.asked:
        raise DomainError("set_empty")
    asked = NO_QUESTIONS.extended(questions.asked)
    text_templates.keep(program_id, TemplateKind.QUESTIONS, name, asked.stored(), actor)


def discard(program_id: int, name: str, actor: str) -> None:
    text_templates.discard(program_id, TemplateKind.QUESTIONS, name, actor)


def _retired(question: Question, *, retired: bool) -> Question:
    return dataclasses.replace(question, retired=retired)


def _change(
    meetup_id: int, change: Callable[[QuestionSet, Session], QuestionSet], actor: str, based_on: int
) -> None:
    """`based_on`: the version that was looked at. Another one since then is refused as `questions_changed`."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.questions_version != based_on:
            raise DomainError("questions_changed", version=meetup.questions_version)
        before = current(meetup)
        after = change(before, session)
        require_set(after)
        if after != before:
            _append(session, meetup, after, actor)
            audit.record(
                session,
                "questions.saved",
                meetup,
                actor,
                program_id=meetup.program_id,
                version=meetup.questions_version,
                asked=len(after.asked),
            )


def _append(session: Session, meetup: Meetup, questions: QuestionSet, actor: str) -> None:
    session.flush()
    meetup.questions_version += 1
    session.add(
        QuestionsVersion(
            meetup_id=meetup.id, version=meetup.questions_version, content=questions.stored(), actor=actor
        )
    )
    session.flush()
