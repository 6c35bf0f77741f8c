"""Sentences for the reason codes of messages to many."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "message_needs_subject": _l("Write a subject, too, in this language."),
    "message_needs_words": _l("Write what the message says, in Korean or in English."),
    "news_needs_sender": _l(
        "Write who sends it, with postal address and telephone: the law wants them in advertising."
    ),
    "message_gone": _l("This message was discarded meanwhile."),
    "message_is_sent": _l("This message has been sent already. Call it back to change it, or write another."),
    "message_begun": _l("It has begun to go out. You can stop what is still on its way."),
    "message_not_begun": _l("This message has not been sent yet."),
    "nobody_to_write_to": _l("Nobody whom you chose can get it. Below you see why."),
    "news_not_by_text": _l(
        "News can't be taken to a text message service from here: the law wants other marks there, such as a free number to refuse it."
    ),
    "tests_need_addresses": _l("Write one to %(most)s whole e-mail addresses, with blanks between them."),
    "no_returned_mails": _l("Choose one to %(most)s files, each a mail that came back."),
    "no_selector": _l(
        "A selector is a short name of letters, digits, dots and hyphens, such as s1 or google."
    ),
    "too_many_tests": _l("That is a lot of tests for one hour. Please try again later."),
    "message_needs_time": _l("Choose a date and a time, or send it now."),
    "message_in_the_past": _l("This time has passed. Choose a later one, or send it now."),
}
