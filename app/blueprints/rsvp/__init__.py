"""Registering for a meetup: its public page, the proof of an address, the registration, the ticket."""

from app.blueprints.rsvp import (
    accepting,
    accompanying,
    addressing,
    answering,
    claiming,
    consenting,
    downloading,
    drawing,
    erasing,
    invited,
    opting_out,
    personal,
    proving,
    public,
    registering,
    renewing,
    ticket_page,
)
from app.blueprints.rsvp.routes import bp

__all__ = [
    "accepting",
    "accompanying",
    "addressing",
    "answering",
    "bp",
    "claiming",
    "consenting",
    "downloading",
    "drawing",
    "erasing",
    "invited",
    "opting_out",
    "personal",
    "proving",
    "public",
    "registering",
    "renewing",
    "ticket_page",
]
