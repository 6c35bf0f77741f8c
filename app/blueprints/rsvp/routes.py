"""The blueprint and what its views share."""

from __future__ import annotations

import ipaddress

from flask import Blueprint, abort, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.models import Meetup

bp = Blueprint("rsvp", __name__)


def public_meetup(slug: str) -> Meetup:
    """The meetup of that address; one that strangers may not see is as good as missing."""
    query = select(Meetup).where(Meetup.slug == slug)
    meetup = db.session.scalars(query.options(joinedload(Meetup.program, innerjoin=True))).one_or_none()
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
