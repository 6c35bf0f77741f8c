"""The filter of the attendee list, carried to pages that print: their address or form has it, and it can be taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import people_filters
from app.domain.registering.notices import AGE, Notice
from app.domain.registering.registrations import ACTIVE, Status
from app.i18n import current_locale
from app.models import Meetup
from app.people_filters import Chip
from app.services.organizing import notices
from app.services.organizing.filters import Filter
from app.services.registering import question_sets

SEATED = frozenset({Status.CONFIRMED})


@dataclass(frozen=True)
class Choice:
    """Whom a page is about, and the restrictions in words."""

    query: dict[str, list[str]]
    chips: list[Chip]
    wanted: Filter

    @property
    def printed(self) -> Filter | None:
        """Who is printed: those of a state that was chosen, else whoever has a seat; of ticked people all whose registration
        is current. None: nothing restricts. Where `prints_nobody`, it finds whom no page prints."""
        if self.wanted == Filter(given_only=self.wanted.given_only):
            return None
        usual = ACTIVE if self.wanted.only else SEATED
        chosen = self.wanted.statuses & ACTIVE or self.wanted.statuses
        return replace(self.wanted, statuses=chosen or usual)

    @property
    def leaves_out_ended(self) -> bool:
        """A state was chosen of which nobody is printed."""
        return bool(self.wanted.statuses - ACTIVE)

    @property
    def prints_nobody(self) -> bool:
        return self.leaves_out_ended and not self.wanted.statuses & ACTIVE

    def without(self, chip: Chip) -> dict[str, list[str]]:
        """The address with this restriction taken off."""
        left = {
            name: [v for v in values if (name, v) != (chip.name, chip.value)]
            for name, values in self.query.items()
        }
        return {name: values for name, values in left.items() if values}


def of(meetup: Meetup) -> Choice:
    """What the page's address says, or its form."""
    given = request.form if request.method == "POST" else request.args
    return Choice(arguments_of(given), words_of(meetup).chips(given), people_filters.read(given))


def arguments_of(given: MultiDict[str, str]) -> dict[str, list[str]]:
    """What of it restricts the list."""
    found = {name: [v for v in given.getlist(name) if v] for name in people_filters.ARGUMENTS}
    return {name: values for name, values in found.items() if values}


def words_of(meetup: Meetup) -> people_filters.Words:
    return people_filters.Words(consent_names(meetup), question_sets.current(meetup).questions)


def consent_names(meetup: Meetup) -> dict[str, str]:
    """What the meetup's boxes say, by their keys; also those that only earlier versions had."""
    names: dict[str, str] = {}
    for row in reversed(notices.versions(meetup.id)):
        notice = Notice.of(row.content)
        names |= {each.key: each.label.read(current_locale()) for each in notice.consents}
        if notice.asks_age:
            names[AGE] = _("14 or older")
    return names
