"""Registering for a meetup: its public page, the proof of an address, the registration, the ticket."""

from app.blueprints.rsvp import (
    accepting,
    answering,
    consenting,
    drawing,
    personal,
    proving,
    public,
    registering,
    ticket_page,
)
from app.blueprints.rsvp.routes import bp

__all__ = [
    "accepting",
    "answering",
    "bp",
    "consenting",
    "drawing",
    "personal",
    "proving",
    "public",
    "registering",
    "ticket_page",
]
