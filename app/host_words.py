"""How what somebody says about the larger event is told: to themselves, and at the desk."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.domain.registering.host_events import HostEntry

OWN: dict[HostEntry, LazyString] = {
    HostEntry.REGISTERED: _l("I've registered there"),
    HostEntry.NOT_YET: _l("Not yet"),
    HostEntry.NOT_NEEDED: _l("I don't need to"),
}
"""In the person's own words."""

TOLD: dict[HostEntry | None, LazyString] = {
    HostEntry.REGISTERED: _l("registered there"),
    HostEntry.NOT_YET: _l("not yet"),
    HostEntry.NOT_NEEDED: _l("doesn't need to"),
    None: _l("nothing said"),
}
"""To organizers."""
