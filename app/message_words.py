"""How messages to many are told at the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.domain.registering.registrations import Status
from app.domain.writing.messages import Kind, LeftOut, Size, Stage

KINDS = {Kind.ABOUT: _l("Something about this meetup"), Kind.NEWS: _l("News beyond it: advertising")}

STAGES = {
    Stage.DRAFT: (_l("Draft"), None),
    Stage.WAITING: (_l("Will be sent"), "ok"),
    Stage.GOING: (_l("Going out"), "ok"),
    Stage.STOPPED: (_l("Stopped"), "over"),
    Stage.DONE: (_l("Sent"), "ok"),
}
"""The word and the badge's tone."""

STATUSES = {
    Status.CONFIRMED: _l("Confirmed"),
    Status.WAITLISTED: _l("Waitlisted"),
    Status.OFFERED: _l("Seat offered"),
    Status.APPLIED: _l("Applied"),
    Status.PENDING: _l("Awaiting a list check"),
    Status.DECLINED: _l("Cancelled by the organizer"),
    Status.CANCELLED: _l("Cancelled"),
    Status.EXPIRED: _l("Expired"),
}

LEFT_OUT = {
    LeftOut.NO_CONSENT: _l("did not consent to news"),
    LeftOut.OPTED_OUT: _l("opted out"),
    LeftOut.NO_ADDRESS: _l("no e-mail address"),
    LeftOut.DEAD: _l("no mail arrives at their address"),
}

SIZES = {
    Size.SMS: _l("SMS"),
    Size.LMS: _l("LMS"),
    Size.TOO_LONG: _l("too long for a text message"),
}
