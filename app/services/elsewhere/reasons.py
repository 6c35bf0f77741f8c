"""The reasons that stand in the history of who registered elsewhere; whoever shows them has words for each."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists

from app.models import Registration, RegistrationEvent

BROUGHT_IN = "registered elsewhere"
GAVE_UP = "cancelled elsewhere"
TAKEN_BACK = "import taken back"


def was_taken_back() -> ColumnElement[bool]:
    """In a statement about registrations: that is how this one ended, so that nobody decided anything about its person."""
    event = RegistrationEvent
    ended = event.registration_id == Registration.id, event.at == Registration.status_at
    return exists(event.id).where(*ended, event.reason == TAKEN_BACK).correlate(Registration)
