"""Where a meetup's draw stands, and what that means for whoever registers."""

from __future__ import annotations

import datetime as dt
import enum

from app.domain.registering.registrations import Status
from app.domain.seating.modes import Mode
from app.domain.seating.pools import Party
from app.domain.seating.seats import Seating, place


class Drawing(enum.StrEnum):
    """`NONE` also once it is held: then seats go as to whoever comes first."""

    NONE = "none"
    ENTERING = "entering"
    CLOSED = "closed"  # past the deadline and not held yet: nobody enters, nobody moves up


def drawing(mode: Mode, until: dt.datetime | None, *, closed: bool, at: dt.datetime) -> Drawing:
    """Where it stands at `at`. `until`: the deadline of a draw that is still to be held; `closed`: its entries
    are published, whatever another machine's clock says."""
    if mode is not Mode.DRAW or until is None:
        return Drawing.NONE
    return Drawing.CLOSED if closed or at >= until else Drawing.ENTERING


def first_status(mode: Mode, stands: Drawing, seating: Seating, party: Party) -> Status:
    """What somebody who registers gets. Whose seat is reserved neither applies nor enters a draw."""
    if party.reserved and seating.room.reserved:
        return Status.CONFIRMED
    if mode is Mode.APPROVAL or stands is Drawing.ENTERING:
        return Status.APPLIED
    return Status.WAITLISTED if stands is Drawing.CLOSED else place(seating, party)
