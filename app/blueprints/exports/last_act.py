"""The act on many that somebody did last, in their session: told once at the meetup's table, and to be undone there for an hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import session

from app.clock import now
from app.services.organizing import bulk

KEY = "done_to_many"


def keep(meetup_id: int, words: str, skipped: Sequence[str], undo: dict[str, str] | None) -> None:
    """`undo`: what its form sends, and a hint; None where it can't be undone."""
    kept = {"meetup": meetup_id, "words": words, "skipped": list(skipped), "undo": undo}
    session[KEY] = kept | {"at": now().timestamp(), "is_new": True}


def of(meetup_id: int) -> dict[str, Any] | None:
    """What `keep` was told, `is_new` the first time, and `until` when it can be undone. None: nothing is left to say."""
    last = session.get(KEY) or {}
    if last.get("meetup") != meetup_id:
        return None
    until = dt.datetime.fromtimestamp(last["at"], dt.UTC) + bulk.UNDONE_FOR
    if not last["is_new"] and now() >= until:
        forget()
        return None
    if last["undo"]:
        session[KEY] = last | {"is_new": False}
    else:
        forget()
    return {**last, "until": until}


def forget() -> None:
    session.pop(KEY, None)
