"""A party's answers as forms ask and send them: at the personal link, and at the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from markupsafe import Markup

from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.answers import Typed, caught_up
from app.domain.registering.questions import NO_QUESTIONS, QuestionSet
from app.i18n import current_locale
from app.models import Registration
from app.refusals import explain
from app.services.registering import answers, question_sets
from app.services.registering.answers import Part

SEEN = "was-"


class AskingForm(FlaskForm):
    """`problems` has a sentence for each wrong box or answer by its id: those are the meetup's, not a form's."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.problems: dict[str, str] = {}
        self.is_of_old_texts = False

    def note(self, refusal: DomainError, questions: QuestionSet = NO_QUESTIONS) -> None:
        """Say it above the form; what is wrong with a box or an answer, with a link and at its place, too.

        `questions` name themselves there.
        """
        self.is_of_old_texts = refusal.code == "texts_changed"
        if not isinstance(refusal, Unusable):
            self.form_errors.append(explain(refusal))
            return
        for where, problem in refusal.problems.items():
            self.problems[where] = explain(problem)
            asked = questions.question(where.rpartition("-")[2])
            said = (
                f"{asked.label.read(current_locale())}: {self.problems[where]}"
                if asked
                else self.problems[where]
            )
            self.form_errors.append(Markup('<a href="#{}">{}</a>').format(where, said))


class AnswersForm(AskingForm):
    """A party's answers. The services name a wrong one "0-q1", the page "a0-q1"."""

    def note(self, refusal: DomainError, questions: QuestionSet = NO_QUESTIONS) -> None:
        if isinstance(refusal, Unusable):
            refusal = Unusable({f"a{where}": problem for where, problem in refusal.problems.items()})
        super().note(refusal, questions)


def prefix(companion: int) -> str:
    return f"a{companion}-"


def typed(questions: QuestionSet, companion: int = 0) -> Typed:
    """What the request has for each question, of the person or of somebody who comes with them."""
    return {q.key: request.form.getlist(f"{prefix(companion)}{q.key}") for q in questions.asked}


def typed_by_party(found: Registration) -> dict[int, Typed]:
    questions = question_sets.current(found.meetup)
    return {who: typed(questions, who) for who in range(found.companions + 1)}


def seen() -> Typed:
    """What stood in the fields when the request's form was drawn, as the form says."""
    names = (name for name in request.form if name.startswith(SEEN))
    return {name.removeprefix(SEEN): request.form.getlist(name) for name in names}


def party(
    found: Registration, sent: Mapping[int, Typed] | None, *, at_desk: bool = False
) -> list[dict[str, Any]]:
    """For each of the party what they are asked, and what stands in the fields: the answers of now, and of what was
    `sent` that in which somebody typed."""
    drawn = answers.parts(found, at_desk=at_desk)
    return [_part(part, None if sent is None else sent.get(part.number, {})) for part in drawn]


def _part(part: Part, sent: Typed | None) -> dict[str, Any]:
    now, own = part.filled, f"{part.number}-"
    was = {name.removeprefix(own): texts for name, texts in seen().items() if name.startswith(own)}
    return {
        "number": part.number,
        "prefix": prefix(part.number),
        "questions": part.questions,
        "typed": now if sent is None else caught_up(sent, was, now),
        "seen": {f"{SEEN}{own}{key}": texts or [""] for key, texts in now.items()},
        "before": part.who.before,
    }
