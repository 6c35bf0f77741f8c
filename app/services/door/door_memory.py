"""Whether the ledger still holds what a phone was answered: one restored from an older backup does not.

A scan is answered once it is committed, and a backup holds every commit before some moment. So a ledger that
holds the newest scan that a phone was answered has lost none of that phone's, and to look for one is enough.
"""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select

from app.db import db
from app.models import CheckIn
from app.prepared import Prepared

_HELD = Prepared(
    select(CheckIn.id).where(CheckIn.meetup_id == bindparam("meetup"), CheckIn.scan_id == bindparam("scan"))
)


def lacks(connection: Connection, meetup_id: int, scan_id: str | None) -> bool:
    """Whether a scan that this meetup's ledger has stored is not there; nothing is missing where none is named."""
    return scan_id is not None and _HELD.first(connection, {"meetup": meetup_id, "scan": scan_id}) is None


def has_lost(meetup_id: int, scan_id: str | None) -> bool:
    """`lacks`, for a phone that only looks."""
    return lacks(db.session.connection(), meetup_id, scan_id)
