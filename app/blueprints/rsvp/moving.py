"""Another time or place, as somebody who has a registration sees it: what has changed, and whether they still come."""

from __future__ import annotations

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.registering.registrations import Status
from app.i18n import current_locale
from app.move_words import changes
from app.services.registering import moves
from app.services.seating import line
from app.services.seating.windows import why_closed


@bp.get(f"{LINK}/moves/<int:first>-<int:last>")
@access.declared("personal_link")
def moved(reference: str, secret: str, first: int, last: int) -> ResponseReturnValue:
    """What a mail told of, from the change `first` to `last`, against what holds now. The answer is a press."""
    found = mine(reference, secret)
    known = moves.between(found.meetup, first, last)
    if known is None:
        abort(404)
    move, moved_since = known
    meetup, confirmed = found.meetup, found.status is Status.CONFIRMED
    return render_template(
        "rsvp/moved.html",
        registration=found,
        meetup=meetup,
        secret=secret,
        changes=changes(move.before, meetup.appointed(), current_locale(), online=confirmed),
        moved_since=moved_since,
        still_coming=found.still_coming(meetup) if confirmed else None,
        released_at=found.released_at(meetup),
        goes_on=line.goes_on(meetup),
        reason=why_closed(meetup),
    )
