"""Sentences for the reason codes of questions and answers."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    # what organizers ask
    "question_unworded": _l("Write the question, in Korean or in English."),
    "options_missing": _l("Write at least two answers to choose from, one a line, and at most %(limit)s."),
    "sensitive_not_required": _l(
        "What needs a consent can't be required: people may refuse it and register all the same."
    ),
    "condition_not_earlier": _l("Choose answers of one question that stands before this one."),
    "question_needed": _l(
        "Another question depends on this one, or on its place. Change that question's condition first."
    ),
    "too_many_questions": _l("At most %(limit)s questions, please."),
    "questions_changed": _l(
        "Somebody else changed these questions while you were editing, so yours is not saved yet. "
        "All you typed is still here. Save again to keep it."
    ),
    "set_unnamed": _l("Write a name for the set, of at most %(limit)s characters."),
    "set_empty": _l("There is no question to keep yet."),
    # what people answer
    "answer_missing": _l("Please answer this question."),
    "answer_not_ticked": _l("Please tick this box to register."),
    "answer_not_offered": _l("Choose one of the answers that stand here."),
    "answer_needs_consent": _l("Tick the consent above to answer this, or leave it empty."),
    "answer_no_number": _l("Write a number in digits, such as 2."),
    "answer_no_date": _l("Write a date as 2027-07-14."),
    "answers_closed": _l("The time for changing answers is over. Write to the organizer."),
    # what attendees tell each other
    "introduction_empty": _l("Write at least one of these."),
    "introduction_too_long": _l("At most %(limit)s characters, please."),
    "introduction_link": _l("Write a whole web address, as in https://example.com/me."),
    "introductions_closed": _l("Cards can't be written at this meetup any more."),
    "no_such_introduction": _l("There is no such card any more."),
    "resident_number_typed": _l(
        "This looks like a resident registration number. We must not keep one: take it out, please."
    ),
}
