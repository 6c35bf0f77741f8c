"""The filter of the attendee list as addresses and forms say it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app import access, host_words, message_words, searches
from app.domain.hosting.matching import HostListed
from app.domain.registering.host_events import HostEntry
from app.domain.registering.questions import CHOOSING, Question
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Reply
from app.i18n import current_locale
from app.numbers import number
from app.services.organizing.filters import NO_COHORT as _NO_COHORT
from app.services.organizing.filters import Filter, MailStanding

ARGUMENTS = (
    "q",
    "status",
    "cohort",
    "tag",
    "answer",
    "arrived",
    "reply",
    "paid",
    "host",
    "mail",
    "consent",
    "only",
    "unconsented",
    "refused",
    "unasked",
    "unanswered",
    "untagged",
    "companions",
    "walk_in",
    "listed",
)
MOST_NAMED = 500
"""Ticked people, in one address."""
NO_COHORT = "none"
"""As the address says it."""
_YES_OR_NO = {"yes": True, "no": False}
_YES_AND_NO = {True: "yes", False: "no", None: ""}
ARRIVED = {
    "yes": _l("Checked in"),
    "no": _l("Not checked in"),
    "no_show": _l("Had a seat and did not come"),
}
REPLIES = {
    Reply.YES: _l("Said yes"),
    Reply.NO: _l("Said no: cancelled"),
    Reply.NONE: _l("Not answered yet"),
}
PAID = {"yes": _l("Paid"), "no": _l("Not paid")}
NOT_ASKED = _l("Something that isn't asked at this meetup")
MAIL = {
    MailStanding.DEAD: _l("No mail arrives at their address"),
    MailStanding.FAILED: _l("A mail could not be delivered"),
    MailStanding.WAITING: _l("A mail is on its way"),
    MailStanding.SENT: _l("A mail was sent"),
    MailStanding.NONE: _l("No mail was sent"),
}
UNTAGGED = {"yes": _l("Without a tag")}
COMPANIONS = {"yes": _l("Brings somebody"), "no": _l("Comes alone")}
WALK_IN = {"yes": _l("Walk-in"), "no": _l("Not a walk-in")}


def read(given: MultiDict[str, str]) -> Filter:
    """Unknown values restrict nothing. How far a search reaches is the account's right."""
    arrived, reply, host, listed = (given.get(name, "") for name in ("arrived", "reply", "host", "listed"))
    cohorts = (_cohort(text) for text in given.getlist("cohort"))
    answers = (text.partition(":")[::2] for text in given.getlist("answer") if ":" in text)
    return Filter(
        statuses=frozenset(Status(text) for text in given.getlist("status") if text in set(Status)),
        cohorts=frozenset(each for each in cohorts if each is not None),
        search=searches.tidy(given.get("q", "")),
        given_only=not access.runs_program(),
        arrived=_YES_OR_NO.get(arrived),
        no_show=arrived == "no_show",
        consents=frozenset(given.getlist("consent")) - {""},
        paid=_YES_OR_NO.get(given.get("paid", "")),
        host_entry=HostEntry(host) if host in set(HostEntry) else None,
        reply=Reply(reply) if reply in set(Reply) else None,
        tags=frozenset(given.getlist("tag")) - {""},
        answers=frozenset(answers),
        mail=frozenset(MailStanding(text) for text in given.getlist("mail") if text in set(MailStanding)),
        only=frozenset(_named(given)),
        unconsented=frozenset(given.getlist("unconsented")) - {""},
        refused=frozenset(given.getlist("refused")) - {""},
        unasked=frozenset(given.getlist("unasked")) - {""},
        unanswered=frozenset(given.getlist("unanswered")) - {""},
        untagged=given.get("untagged") == "yes",
        companions=_YES_OR_NO.get(given.get("companions", "")),
        walk_in=_YES_OR_NO.get(given.get("walk_in", "")),
        host_listed=HostListed(listed) if listed in set(HostListed) else None,
    )


def arguments(wanted: Filter) -> MultiDict[str, str]:
    """As an address says it: what `read` makes this filter of."""
    found: dict[str, Iterable[str]] = {
        "q": [wanted.search],
        "status": sorted(wanted.statuses),
        "cohort": map(cohort_value, sorted(wanted.cohorts)),
        "tag": sorted(wanted.tags),
        "answer": sorted(f"{question}:{option}" for question, option in wanted.answers),
        "arrived": ["no_show" if wanted.no_show else _YES_AND_NO[wanted.arrived]],
        "reply": [wanted.reply or ""],
        "paid": [_YES_AND_NO[wanted.paid]],
        "host": [wanted.host_entry or ""],
        "mail": sorted(wanted.mail),
        "consent": sorted(wanted.consents),
        "only": [only_these(wanted.only)],
        "unconsented": sorted(wanted.unconsented),
        "refused": sorted(wanted.refused),
        "unasked": sorted(wanted.unasked),
        "unanswered": sorted(wanted.unanswered),
        "untagged": ["yes"] if wanted.untagged else [],
        "companions": [_YES_AND_NO[wanted.companions]],
        "walk_in": [_YES_AND_NO[wanted.walk_in]],
        "listed": [wanted.host_listed or ""],
    }
    return MultiDict([(name, str(each)) for name, values in found.items() for each in values if each])


def only_these(references: Iterable[str]) -> str:
    """As an address has it."""
    return ",".join(sorted(references))


def only_words(number: int) -> str:
    return str(ngettext("Ticked in the list: %(num)d person", "Ticked in the list: %(num)d people", number))


def _named(given: MultiDict[str, str]) -> list[str]:
    return [each for text in given.getlist("only") for each in _apart(text)][:MOST_NAMED]


def _apart(text: str) -> list[str]:
    return [each for each in text.split(",") if each]


def cohort_words(ordinal: int) -> str:
    return str(_("Without a cohort") if ordinal == _NO_COHORT else _("Cohort %(n)s", n=ordinal))


def cohort_value(ordinal: int) -> str:
    """As an address has it."""
    return NO_COHORT if ordinal == _NO_COHORT else str(ordinal)


def _cohort(text: str) -> int | None:
    return _NO_COHORT if text == NO_COHORT else number(text)


@dataclass(frozen=True, slots=True)
class Chip:
    """One restriction in words, and the argument that makes it."""

    name: str
    value: str
    words: str


@dataclass(frozen=True)
class Words:
    """What a meetup's own restrictions are called."""

    consents: dict[str, str]
    questions: Iterable[Question]

    def chips(self, given: MultiDict[str, str]) -> list[Chip]:
        """The restrictions of an address, in their usual order; what restricts nothing is left out."""
        pairs = [(name, value) for name in ARGUMENTS for value in dict.fromkeys(given.getlist(name))]
        said = [Chip(name, value, self._say(name, value)) for name, value in pairs]
        return [chip for chip in said if chip.words]

    def answer(self, value: str) -> str:
        """What isn't asked at this meetup, as after another's address, still finds nobody, and so is said."""
        key, colon, option = value.partition(":")
        for question in self.questions:
            found = question.option(option) if question.key == key else None
            if found is not None:
                return f"{question.label.read(current_locale())}: {found.label.read(current_locale())}"
        return str(NOT_ASKED) if colon else ""

    def _say(self, name: str, value: str) -> str:
        says: dict[str, Callable[[str], str]] = {
            "q": lambda text: _("Search: %(text)s", text=text),
            "status": lambda code: str(message_words.STATUSES[Status(code)]) if code in set(Status) else "",
            "cohort": lambda text: "" if (ordinal := _cohort(text)) is None else cohort_words(ordinal),
            "tag": lambda tag: _("Tagged: %(tags)s", tags=tag),
            "answer": self.answer,
            "consent": lambda key: _("Consented to: %(what)s", what=self._consent(key)),
            "unconsented": lambda key: _(
                "No consent, refused or never asked: %(what)s", what=self._consent(key)
            ),
            "refused": lambda key: _("Said no to: %(what)s", what=self._consent(key)),
            "unasked": lambda key: _("Never asked for: %(what)s", what=self._consent(key)),
            "unanswered": lambda key: _("Not answered: %(question)s", question=self._question(key)),
            "only": lambda text: only_words(len(found)) if (found := _apart(text)) else "",
            **{which: partial(_choice, words) for which, words in _CHOICES.items()},
        }
        return str(says[name](value)) if value else ""

    def _consent(self, key: str) -> str:
        return str(self.consents.get(key, NOT_ASKED))

    def _question(self, key: str) -> str:
        labels = {question.key: question.label.read(current_locale()) for question in self.questions}
        return str(labels.get(key, NOT_ASKED))


_CHOICES: dict[str, Mapping[Any, Any]] = {
    "arrived": ARRIVED,
    "reply": REPLIES,
    "paid": PAID,
    "mail": MAIL,
    "host": host_words.TOLD,
    "untagged": UNTAGGED,
    "companions": COMPANIONS,
    "walk_in": WALK_IN,
    "listed": host_words.LISTED,
}


def _choice(words: Mapping[Any, Any], value: str) -> str:
    return str(words.get(value) or "")


def choosable(questions: Iterable[Question]) -> list[Question]:
    """Those whose answers are options."""
    return [question for question in questions if question.kind in CHOOSING]
