"""The blueprint and what its views share."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, abort, request
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


def client() -> str:
    """Who asks, for limits: the network address; of IPv6 the part that one connection owns."""
    address = request.remote_addr or ""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
