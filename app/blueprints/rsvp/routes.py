"""The blueprint and what its views share."""

from __future__ import annotations

from flask import Blueprint, abort
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.models import Meetup

bp = Blueprint("rsvp", __name__)
_BY_SLUG = (
    select(Meetup).where(Meetup.slug == bindparam("slug")).options(joinedload(Meetup.program, innerjoin=True))
)


def public_meetup(slug: str) -> Meetup:
    """The meetup of that address; one that strangers may not see is as good as missing."""
    meetup = db.session.scalars(_BY_SLUG, {"slug": slug}).one_or_none()
    if meetup is None or not meetup.is_public:
        abort(404)
    return meetup
