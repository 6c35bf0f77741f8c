"""Changing one's answers, until the day that the organizer set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Answer, Answering, Typed, asked_of, read, texts_of, typed_as
from app.domain.registering.questions import Question, QuestionKind, QuestionSet
from app.domain.registering.registrations import ENDED
from app.models import Meetup, MeetupState, Registration
from app.services import audit
from app.services.registering import answer_sheets, consents, question_sets


@dataclass(frozen=True, slots=True)
class Part:
    """One of a party at a form, 0 being the person, and what they are asked there."""

    number: int
    who: Answering
    questions: tuple[Question, ...]

    @property
    def filled(self) -> dict[str, list[str]]:
        """What stands in the fields, by the question's key."""
        return {each.key: typed_as(self.who.before.get(each.key)) for each in self.questions}


def open_until(meetup: Meetup) -> dt.datetime:
    """Until when answers may be changed: the organizer's date, or the end of registration."""
    return meetup.answers_until or meetup.closes_at or meetup.starts_at


def may_change(registration: Registration) -> bool:
    """Whether this registration's answers may be changed now."""
    meetup = registration.meetup
    return (
        registration.status not in ENDED
        and meetup.state is not MeetupState.CALLED_OFF
        and now() < open_until(meetup)
    )


def may_record(registration: Registration) -> bool:
    """Whether an organizer may write down what the person says: also once they can't change it themselves any more."""
    is_open = registration.status not in ENDED and registration.meetup.state is not MeetupState.CALLED_OFF
    return is_open and registration.person.erased_at is None


def at_the_desk(questions: QuestionSet, who: Answering) -> QuestionSet:
    """Without boxes by which somebody agrees: those are for the person to tick. Whoever has ticked one can have it unticked."""
    return QuestionSet(
        tuple(
            question
            for question in questions.questions
            if question.kind is not QuestionKind.CONSENT or who.before.get(question.key) is True
        )
    )


def answering(registration: Registration, companion: int = 0) -> Answering:
    """Who answers: as far as it decides what they are asked."""
    sheet = answer_sheets.newest(registration.id).get(companion)
    given = {each.consent.key for each in consents.of_registration(registration) if each.given}
    return Answering(
        cohort=registration.cohort_id,
        consents=given,
        before=sheet.answers if sheet else {},
        companion=bool(companion),
    )


def parts(registration: Registration, *, at_desk: bool) -> list[Part]:
    """A party at the form of the desk, or at their own."""
    current, found = question_sets.current(registration.meetup), []
    for number in range(registration.companions + 1):
        who = answering(registration, number)
        asked = asked_of(at_the_desk(current, who) if at_desk else current, who)
        shown = tuple(each for each in asked if not each.consent or each.consent in who.consents)
        found.append(Part(number, who, shown))
    return found


def standing(registration: Registration, *, at_desk: bool) -> dict[str, list[str]]:
    """Everything that the form shows now, by companion and question ("0-q1"): what it asks whom, and the answers."""
    return {
        f"{part.number}-{key}": texts_of(texts)
        for part in parts(registration, at_desk=at_desk)
        for key, texts in part.filled.items()
    }


def change(
    registration_id: int,
    typed: Mapping[int, Typed],
    *,
    shown: int,
    seen: Typed,
    actor: str = audit.PERSON,
) -> list[int]:
    """Keep other answers than before, by companion (0: the person); whose changed.

    `shown`: the version of the questions that were answered; another one is refused as `texts_changed`.
    `seen`: what stood on the form, as `standing`; once another does, it is refused as `answers_changed_meanwhile`.
    Raises `Unusable` by companion and question ("0-q1"). An actor of the desk: as the person said to them.
    """
    meetup_id = db.session.get_one(Registration, registration_id).meetup_id
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        is_own = actor == audit.PERSON
        if not (may_change(registration) if is_own else may_record(registration)):
            raise DomainError("answers_closed")
        if meetup.questions_version != shown:
            raise DomainError("texts_changed")
        if standing(registration, at_desk=not is_own) != {key: texts_of(was) for key, was in seen.items()}:
            raise DomainError("answers_changed_meanwhile")
        changed = _changed(registration, typed, is_own=is_own)
        if changed:
            answer_sheets.record(
                connection_of(session),
                registration_id,
                changed,
                questions_version=shown,
                at=now(),
                actor=actor,
            )
            audit.record(
                session,
                "answers.changed",
                registration,
                actor,
                program_id=meetup.program_id,
                of=list(changed),
            )
        return list(changed)


def _changed(
    registration: Registration, typed: Mapping[int, Typed], *, is_own: bool
) -> dict[int, dict[str, Answer]]:
    """The sheets that say something else than before. A retired question keeps its answer."""
    current = question_sets.current(registration.meetup)
    found: dict[int, dict[str, Answer]] = {}
    problems: dict[str, DomainError] = {}
    for companion in range(registration.companions + 1):
        who, said = answering(registration, companion), typed.get(companion, {})
        questions = current if is_own else at_the_desk(current, who)
        if not (is_own or who.before or any(map(any, said.values()))):
            continue  # nobody has asked them yet
        try:
            given = read(questions, said, who)
        except Unusable as refusal:
            problems |= {f"{companion}-{key}": problem for key, problem in refusal.problems.items()}
            continue
        asked = {question.key for question in questions.asked}
        given |= {key: answer for key, answer in who.before.items() if key not in asked}
        if given != dict(who.before):
            found[companion] = given
    if problems:
        raise Unusable(problems)
    return found
