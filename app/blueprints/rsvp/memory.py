"""What a browser knows of its own proofs: kept in its signed session, for a few meetups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask import session

from app.clock import now

KEY = "asked"
KEPT = dt.timedelta(hours=2)  # the browser's cookie lives longer: longer than a code and the proof it gives
MOST = 4
MOST_ASKINGS = 8


@dataclass(frozen=True)
class Asked:
    """What this browser asked for one address, newest first. `proved`: so far as this browser knows.

    The cookie can be read by who holds it, so every asking adds a uid of its own, whether or not a mail
    was owed for it.
    """

    uids: tuple[str, ...]
    address: str
    proved: bool = False
    invitation: tuple[str, str] | None = (
        None  # its link's parts, where it was asked there: then the address is unknown here
    )

    @property
    def uid(self) -> str:
        """The newest, or the one that was proved."""
        return self.uids[0]


def remember(meetup_id: int, asked: Asked) -> None:
    kept = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
    newest = dict(list(kept.items())[-(MOST - 1) :])
    at = int(now().timestamp())
    kept_one = [list(asked.uids), asked.address, asked.proved, at, *(asked.invitation or ())]
    session[KEY] = newest | {str(meetup_id): kept_one}
    session.permanent = True  # an in-app browser is closed on the way to the mail, and opened again


def recall(meetup_id: int) -> Asked | None:
    found = session.get(KEY, {}).get(str(meetup_id))
    if not found or len(found) < 4 or now().timestamp() - found[3] > KEPT.total_seconds():
        return None
    uids, address, proved, _at, *link = found
    return Asked(tuple(uids), address, proved, (link[0], link[1]) if len(link) == 2 else None)


def proved(meetup_id: int) -> str:
    """The uid of the proof that this very browser gave: it typed the code or pressed the link's button.

    Empty where it only asked. Somebody else may have proved since what it asked for, and their name and
    their registration are nothing to it.
    """
    asked = recall(meetup_id)
    return asked.uid if asked and asked.proved else ""


def forget(meetup_id: int) -> None:
    session[KEY] = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
