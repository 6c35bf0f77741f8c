"""Guests whose arrival the organizers want to be told of: a speaker, a special guest."""

from __future__ import annotations

from app.db import transaction
from app.models import Registration
from app.services import audit

ACT = "registration.arrival_alert"
LONGEST = 30


def set_alert(registration_id: int, alert: str, actor: str) -> None:
    """Tell of this person's arrival, as `alert` says what they are; "" for no longer. Twice is harmless.

    The words stay out of the audit log: somebody may write a name.
    """
    with transaction() as session:
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        if (registration.arrival_alert or "") == alert:
            return
        registration.arrival_alert = alert or None
        audit.record(
            session,
            ACT,
            registration,
            actor,
            program_id=registration.meetup.program_id,
            meetup=registration.meetup_id,
            set=bool(alert),
        )
