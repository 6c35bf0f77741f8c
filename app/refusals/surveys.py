"""Sentences for the reason codes of surveys."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "survey_question_unnamed": _l("Write the question, in Korean or in English."),
    "survey_options": _l("Write 2 to %(most)s answers to choose from, one a line."),
    "survey_asks_nothing": _l("Write at least one question."),
    "survey_answered_already": _l("Somebody has answered already, so the questions stay as they are."),
    "survey_too_soon": _l("The survey opens once the meetup is over."),
    "survey_day_over": _l("That day is over already. Choose a later one."),
    "survey_day_too_late": _l("Choose a day within the next %(days)s days."),
    "survey_questions_changed": _l(
        "The questions were changed while you had them open. Look at them again, then send your answers."
    ),
    "no_such_survey_text": _l("This text was removed meanwhile."),
    "survey_closed": _l("The survey is closed, or you weren't asked."),
    "survey_empty": _l("Answer at least one question, then send it."),
    "survey_text_too_long": _l("This is too long: %(length)s characters of at most %(most)s."),
    "no_survey": _l("There are no questions yet. Save them first."),
}
