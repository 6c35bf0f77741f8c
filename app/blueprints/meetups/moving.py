"""Another time or place at the desk: whom it concerns before it is saved, and who has answered since."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.domain.errors import DomainError
from app.domain.registering.moves import Telling
from app.domain.writing.kept_texts import several_lines
from app.i18n import current_locale
from app.models import Program, Role
from app.move_words import changes
from app.refusals import explain
from app.services.registering import moves
from app.services.registering.moves import LONGEST_NOTE, Announcement, Unannounced

from .forms import MeetupForm
from .routes import bp

OWN = frozenset({"csrf_token", "telling", "note", "back", "cover_id", "remove_cover"})
"""What the page that asks has of its own, or says anew: a picture was stored when the form was sent."""


def decided() -> Announcement | None:
    """What the organizer pressed; None: they weren't asked yet."""
    telling = request.form.get("telling", "")
    if telling not in set(Telling):
        return None
    return Announcement(Telling(telling), several_lines(request.form.get("note"))[:LONGEST_NOTE])


def page(program: Program, form: MeetupForm, question: Unannounced) -> str:
    """What was and what would be, whom it concerns, and what they are told; nothing is saved yet."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in OWN]
    if not form.remove_cover.data:
        sent.append(("cover_id", str(form.cover_id.data or "")))
    return render_template(
        "meetups/moving.html",
        program=program,
        meetup=access.meetup_of(program, question.slug),
        sent=sent,
        question=question,
        changes=changes(question.before, question.after, current_locale(), online=True),
        longest=LONGEST_NOTE,
    )


@bp.post("/desk/<program>/meetups/<slug>/move-reminders")
@access.member(Role.ORGANIZER)
def remind_of_move(program: Program, slug: str) -> ResponseReturnValue:
    """Ask those once more who haven't said whether they come to the new time and place."""
    meetup = access.meetup_of(program, slug)
    try:
        reminded = moves.remind(meetup.id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        said = ngettext("%(num)d person is reminded.", "%(num)d people are reminded.", reminded)
        flash(said if reminded else _("They were reminded already."), "success" if reminded else "info")
    return redirect(url_for(".show", program=program.slug, slug=slug), 303)
