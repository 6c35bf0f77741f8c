"""How what somebody says about the larger event is told: to themselves, and at the desk."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import i18n
from app.clock import now
from app.domain.hosting.matching import HostListed
from app.domain.registering.host_events import HostEntry
from app.models import Meetup

OWN: dict[HostEntry, LazyString] = {
    HostEntry.REGISTERED: _l("I've registered there"),
    HostEntry.NOT_YET: _l("Not yet"),
    HostEntry.NOT_NEEDED: _l("I don't need to"),
}
"""In the person's own words."""

TOLD: dict[HostEntry | None, LazyString] = {
    HostEntry.REGISTERED: _l("Registered there"),
    HostEntry.NOT_YET: _l("Not registered yet"),
    HostEntry.NOT_NEEDED: _l("Doesn't need to"),
    None: _l("Nothing said"),
}
"""To organizers."""


LISTED: dict[HostListed, LazyString] = {
    HostListed.LISTED: _l("Found on the host's list"),
    HostListed.UNSURE: _l("Perhaps not on the host's list"),
    HostListed.NOT_LISTED: _l("Not on the host's list"),
}
"""As last compared."""


def has_closed(meetup: Meetup) -> bool:
    """Whether nobody can register for the larger event any more."""
    return meetup.host_event_closes_at is not None and meetup.host_event_closes_at <= now()


def note(meetup: Meetup) -> str:
    """What to do about the larger event, for who has not said that they have done it or need not."""
    if not meetup.has_host_event or has_closed(meetup):
        return ""
    if meetup.host_event_closes_at is None:
        return str(
            _(
                "It may need a registration of its own. Say on your registration's page whether you have registered there."
            )
        )
    until = i18n.stamp(meetup.local(meetup.host_event_closes_at))
    return str(
        _(
            "It has a registration of its own, until %(when)s. Say on your registration's page whether you have registered there.",
            when=until,
        )
    )
