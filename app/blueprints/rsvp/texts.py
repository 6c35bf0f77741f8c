"""The notice and the boxes of a meetup's pages: read once a version, since a version never changes."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from app.blueprints.rsvp.routes import public_meetup
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.notices import AGE, Notice
from app.domain.said import Said
from app.models import Meetup
from app.recent import Recent
from app.services import notices

KEPT, MOST, SECONDS = "rsvp.notices", 200, 3600.0
BOX = "box-"


def notice_of(meetup: Meetup) -> Notice:
    """The notice as this process read it for the meetup's version; no query where there is none."""
    number = meetup.notice_version
    if not number:
        return notices.NONE
    return _kept().get((meetup.id, number), lambda: notices.version(meetup.id, number))


def shown_in_the_request(meetup: Meetup) -> Meetup:
    """The meetup as this process saw it, or as it is where the page showed other texts than those."""
    return meetup if _shown() == meetup.notice_version else public_meetup(meetup.slug)


def ticked(notice: Notice) -> dict[str, bool]:
    """Every box of the notice, as the request has it."""
    return {key: BOX + key in request.form for key in notice.boxes}


def said(meetup: Meetup) -> Said:
    """What the request says to the notice that its page showed; refuses another one's (`texts_changed`),
    and an age that wasn't declared (`Unusable`)."""
    notice = notice_of(meetup)
    answered = Said(notice=_shown(), boxes=ticked(notice))
    answered.require_current(notice=meetup.notice_version)
    if not answered.boxes.get(AGE, True):
        raise Unusable({BOX + AGE: DomainError("age_not_declared")})
    return answered


def _shown() -> int:
    """The version of the notice on the page that sent this request."""
    return request.form.get("notice", 0, type=int)


def _kept() -> Recent[Notice]:
    kept = current_app.extensions.get(KEPT)
    if kept is None:
        kept = current_app.extensions[KEPT] = Recent(MOST, SECONDS)
    return cast("Recent[Notice]", kept)
