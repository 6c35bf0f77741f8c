"""Notes for those who have a seat: the open chat, the Wi-Fi, how to get in."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.domain.meetup_drafts import Unusable
from app.domain.writing.kept_texts import several_lines
from app.domain.writing.words import NO_WORDS, Words
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import inside_notes as service

from .routes import bp


@bp.route("/desk/<program>/meetups/<slug>/inside-notes", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def inside_notes(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if request.method == "GET":
        note = service.of_meetup(meetup.id)
        return _page(program, meetup, note.words if note else NO_WORDS)
    words = Words(*(several_lines(request.form.get(f"words_{locale}", "")) for locale in ("ko", "en")))
    try:
        changed = service.save(meetup.id, words, access.current_actor())
    except Unusable as refusal:
        problems = {where: explain(problem) for where, problem in refusal.problems.items()}
        return _page(program, meetup, words, problems), 422
    if changed:
        flash(_("Saved. Those who have a seat see it at their link now."))
    else:
        flash(_("Nothing changed."), "info")
    return redirect(url_for(".inside_notes", program=program.slug, slug=slug), 303)


def _page(program: Program, meetup: Meetup, words: Words, problems: Mapping[str, str] | None = None) -> str:
    return render_template(
        "meetups/inside_notes.html",
        program=program,
        meetup=meetup,
        words=words,
        note=service.of_meetup(meetup.id),
        problems=problems or {},
        longest=service.LONGEST,
    )
