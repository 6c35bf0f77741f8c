"""Talks and guests that are announced later: by a press, at their time, and hidden again where that was a slip."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.clock import now
from app.db import transaction
from app.domain.errors import DomainError
from app.models import Meetup, Talk
from app.services import audit


def announce(meetup_id: int, talk_id: int, actor: str) -> None:
    """Let everybody read the line now; twice changes nothing."""
    with transaction() as session:
        meetup, talk = _held(session, meetup_id, talk_id)
        if not talk.is_announced(now()):
            _set(session, meetup, talk, hidden=False, act="talk.announced", actor=actor)


def hide(meetup_id: int, talk_id: int, actor: str) -> None:
    """Hide the line until somebody presses again; who has read it knows it all the same."""
    with transaction() as session:
        meetup, talk = _held(session, meetup_id, talk_id)
        if talk.is_announced(now()):
            _set(session, meetup, talk, hidden=True, act="talk.hidden", actor=actor)


def _held(session: Session, meetup_id: int, talk_id: int) -> tuple[Meetup, Talk]:
    meetup, talk = Meetup.locked(session, meetup_id), session.get(Talk, talk_id)
    if talk is None or talk.meetup_id != meetup.id:
        raise DomainError("no_such_talk")
    return meetup, talk


def _set(session: Session, meetup: Meetup, talk: Talk, *, hidden: bool, act: str, actor: str) -> None:
    talk.hidden, talk.announces_at = hidden, None
    meetup.version += 1
    audit.record(session, act, meetup, actor, program_id=meetup.program_id, talk=talk.id)
