"""What a browser knows of its own proofs: kept in its signed session, for a few meetups."""

from __future__ import annotations

from dataclasses import dataclass

from flask import session

KEY = "proofs"
MOST = 4


@dataclass(frozen=True)
class Asked:
    """A proof that this browser asked for. `proved`: so far as this browser knows."""

    uid: str
    address: str
    proved: bool = False


def remember(meetup_id: int, asked: Asked) -> None:
    kept = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
    newest = dict(list(kept.items())[-(MOST - 1) :])
    session[KEY] = newest | {str(meetup_id): [asked.uid, asked.address, asked.proved]}


def recall(meetup_id: int) -> Asked | None:
    found = session.get(KEY, {}).get(str(meetup_id))
    return Asked(*found) if found else None


def forget(meetup_id: int) -> None:
    session[KEY] = {key: value for key, value in session.get(KEY, {}).items() if key != str(meetup_id)}
