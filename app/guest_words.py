"""As what somebody has a reserved seat, in the same word at the desk, on a badge and to themselves."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.domain.seating.pools import GuestRole

ROLES: dict[GuestRole, LazyString] = {
    GuestRole.SPEAKER: _l("Speaker"),
    GuestRole.GUEST: _l("Guest"),
    GuestRole.GUEST_OF_HONOUR: _l("Special guest"),
}
