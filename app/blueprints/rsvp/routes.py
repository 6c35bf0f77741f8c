"""The blueprint and what its views share."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, url_for
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, joinedload

from app.blueprints.rsvp.phases import phase_of
from app.db import db
from app.models import Meetup, Registration
from app.recent import Recent
from app.services.personal import personal_links

bp = Blueprint("rsvp", __name__)
MEETUPS, VERSIONS, MOST = "rsvp.meetups", "rsvp.versions", 200
SECOND, MINUTE = 1.0, 60.0  # a minute: for what carries no version, a programme's own changes
_PROGRAM = joinedload(Meetup.program, innerjoin=True)
_BY_SLUG = select(Meetup).where(Meetup.slug == bindparam("slug")).options(_PROGRAM)
_BY_ID = select(Meetup).where(Meetup.id == bindparam("id")).options(_PROGRAM)


def public_meetup(slug: str) -> Meetup:
    """The meetup of that address; one that strangers may not see is as good as missing."""
    meetup = db.session.scalars(_BY_SLUG, {"slug": slug}).one_or_none()
    if meetup is None or not meetup.is_public:
        abort(404)
    return meetup


def meetup_seen(slug: str) -> Meetup:
    """The public meetup with its programme, as this process saw it at most a second ago.

    For the pages of a rush that say its title and link to it: it belongs to no session, so nothing
    more can be read from it, and no decision rests on it.
    """
    return _kept(MEETUPS, SECOND).get(slug, lambda: _in_its_version(slug))


def personal_path(registration: Registration) -> str:
    """The way to a registration's own page."""
    secret = personal_links.secret_of(registration)
    return url_for("rsvp.registration", reference=registration.reference, secret=secret)


def _in_its_version(slug: str) -> Meetup:
    phase = phase_of(slug)
    if phase is None:
        abort(404)
    key = phase.meetup_id, phase.version, phase.notice_version, phase.questions_version
    return _kept(VERSIONS, MINUTE).get(key, lambda: _apart(phase.meetup_id))


def _apart(meetup_id: int) -> Meetup:
    with Session(db.engine) as session:
        return session.scalars(_BY_ID, {"id": meetup_id}).one()


def _kept(name: str, seconds: float) -> Recent[Meetup]:
    kept: Recent[Meetup] | None = current_app.extensions.get(name)
    if kept is None:
        kept = current_app.extensions[name] = Recent(MOST, seconds)
    return kept
