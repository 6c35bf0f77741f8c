"""What is one press on the registration's own page: taking an offered seat, and saying that one still comes."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.personal import LINK, pressed
from app.blueprints.rsvp.routes import bp
from app.numbers import number
from app.services.registering import still_coming
from app.services.seating import offers


@bp.post(f"{LINK}/acceptance")
@access.declared("personal_link")
def accept(reference: str, secret: str) -> ResponseReturnValue:
    return pressed(reference, secret, offers.accept)


@bp.post(f"{LINK}/coming")
@access.declared("personal_link")
def still_come(reference: str, secret: str) -> ResponseReturnValue:
    """The other answer, "no", is the ordinary cancelling."""
    appointment = number(request.form.get("appointment", "")) or 0
    return pressed(reference, secret, lambda found: still_coming.say_yes(found, appointment))
