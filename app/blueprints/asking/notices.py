"""A meetup's notice on personal data and its consents: looked at, edited, and read as they were."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import access
from app.blueprints.asking import notice_typing
from app.blueprints.asking.blueprint import bp, text
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.notices import ConsentKind, Notice
from app.domain.writing.words import Words
from app.models import Meetup, Program, Role
from app.numbers import number
from app.refusals import explain
from app.services.organizing import attendee, notices

KINDS = {
    ConsentKind.PHOTOS: _l("Photographs and films"),
    ConsentKind.MARKETING: _l("News by mail"),
    ConsentKind.THIRD_PARTY: _l("A sponsor or another third party"),
    ConsentKind.SENSITIVE: _l("Diet and other sensitive data"),
    ConsentKind.OTHER: _l("Something else"),
}


@bp.get("/notice")
@access.member(Role.ORGANIZER)
def notice(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    shown = notices.current(meetup) if meetup.notice_version else notices.ready_made(program)
    return _page(program, meetup, shown)


@bp.post("/notice")
@access.member(Role.ORGANIZER)
def save_notice(program: Program, slug: str) -> ResponseReturnValue:
    meetup, typed = access.meetup_of(program, slug), notice_typing.notice_of(request.form)
    if action := request.form.get("rows"):
        names = Words(program.name_ko, program.name_en)
        return _page(program, meetup, notice_typing.rearranged(typed, action, names), focus=action)
    try:
        notices.save(
            meetup.id, typed, access.current_actor(), based_on=number(text(request.form, "based_on")) or 0
        )
        if "keep" in request.form:
            notices.keep(program.id, typed, access.current_actor())
    except Unusable as refusal:
        return _page(program, meetup, typed, refusal.problems), 422
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return _page(program, access.meetup_of(program, slug), typed), 422
    flash(_("Saved. Whoever registers from now on is shown this text."))
    return redirect(url_for(".notice", program=program.slug, slug=slug), 303)


@bp.get("/notice/versions/<int:version>")
@access.member(Role.ORGANIZER)
def notice_version(program: Program, slug: str, version: int) -> ResponseReturnValue:
    """A text as it was, for whoever was shown it."""
    meetup = access.meetup_of(program, slug)
    found = next((each for each in notices.versions(meetup.id) if each.version == version), None)
    if found is None:
        abort(404)
    return render_template(
        "asking/notice_version.html",
        program=program,
        meetup=meetup,
        row=found,
        notice=Notice.of(found.content),
        names=attendee.names_of([found.actor]),
    )


def _page(
    program: Program,
    meetup: Meetup,
    shown: Notice,
    problems: Mapping[str, DomainError] | None = None,
    focus: str = "",
) -> str:
    """The editor with the notice as it is, or as it was typed."""
    versions = notices.versions(meetup.id)
    return render_template(
        "asking/notice.html",
        program=program,
        meetup=meetup,
        notice=shown,
        problems={where: explain(problem) for where, problem in (problems or {}).items()},
        kinds=KINDS,
        versions=versions,
        names=attendee.names_of(each.actor for each in versions),
        focus=focus,
    )
