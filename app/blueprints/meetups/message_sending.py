"""Sending a message to many: a test, now or at a time, called back, stopped, again to whom it didn't reach."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access, i18n
from app.clock import now
from app.domain.errors import DomainError
from app.domain.writing.local_times import instant
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.messaging import drafts, sending

from .messages import ONE, back, message_of, overview, page
from .routes import bp


@bp.post(f"{ONE}/test")
@access.member(Role.ORGANIZER)
def send_test_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup, account = access.meetup_of(program, slug), access.me()
    message_of(meetup, message_id)
    sending.test(meetup.id, message_id, account.address, access.current_actor())
    flash(_("A test is on its way to %(address)s.", address=account.address))
    return back(program, slug, message_id)


@bp.post(f"{ONE}/sending")
@access.member(Role.ORGANIZER)
def send_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message = message_of(meetup, message_id)
    try:
        at = _time(meetup) if request.form.get("when") == "later" else None
        begins = sending.schedule(meetup.id, message_id, at, access.current_actor())
    except DomainError as refusal:
        return page(program, meetup, message, [explain(refusal)]), 422
    if begins > now() + dt.timedelta(minutes=1):
        flash(_("It begins to go out on %(when)s.", when=i18n.stamp(meetup.local(begins))))
    else:
        flash(_("It begins to go out. You can close this page; load it again to see how far it is."))
    return back(program, slug, message_id)


@bp.post(f"{ONE}/calling-back")
@access.member(Role.ORGANIZER)
def call_message_back(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message_of(meetup, message_id)
    try:
        sending.call_back(meetup.id, message_id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("It is a draft again. Nobody got it."))
    return back(program, slug, message_id)


@bp.post(f"{ONE}/stopping")
@access.member(Role.ORGANIZER)
def stop_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message_of(meetup, message_id)
    try:
        unsent = sending.stop(meetup.id, message_id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return back(program, slug, message_id)
    said = ngettext(
        "Stopped: %(num)d mail stays unsent. What has gone out can't be taken back.",
        "Stopped: %(num)d mails stay unsent. What has gone out can't be taken back.",
        unsent,
    )
    flash(said if unsent else _("There was nothing left to stop: all of it has gone out."))
    return back(program, slug, message_id)


@bp.post(f"{ONE}/repetition")
@access.member(Role.ORGANIZER)
def repeat_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message_of(meetup, message_id)
    try:
        message_id = drafts.repeat(meetup.id, message_id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return back(program, slug, message_id)


@bp.post(f"{ONE}/deletion")
@access.member(Role.ORGANIZER)
def discard_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        drafts.discard(meetup.id, message_id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        if refusal.code == "message_gone":
            return overview(program, meetup), 410
        return back(program, slug, message_id)
    flash(_("The draft is discarded."))
    return redirect(url_for(".messages", program=program.slug, slug=slug), 303)


def _time(meetup: Meetup) -> dt.datetime:
    """The time that was typed, in the meetup's zone."""
    try:
        local = dt.datetime.fromisoformat(request.form.get("at", "").strip()).replace(tzinfo=None)
    except ValueError:
        raise DomainError("message_needs_time") from None
    at = instant(local, meetup.timezone, later=False)
    if at < now():
        raise DomainError("message_in_the_past")
    return at
