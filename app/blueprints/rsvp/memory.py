"""What a browser knows of its own proofs: kept in its signed session, for a few meetups."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

KEY = "asked"
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

    @property
    def uid(self) -> str:
        """The newest, or the one that was proved."""
        return self.uids[0]


def remember(meetup_id: int, asked: Asked) -> None:
    kept = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
    newest = dict(list(kept.items())[-(MOST - 1) :])
    session[KEY] = newest | {str(meetup_id): [list(asked.uids), asked.address, asked.proved]}


def recall(meetup_id: int) -> Asked | None:
    found = session.get(KEY, {}).get(str(meetup_id))
    return Asked(tuple(found[0]), *found[1:]) if found else None


def forget(meetup_id: int) -> None:
    session[KEY] = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
