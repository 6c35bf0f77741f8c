"""Making and revising meetups. What was typed survives every answer but a saved one."""

from __future__ import annotations

from collections.abc import Callable

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Draft, Unusable
from app.i18n import current_locale
from app.models import Draw, Image, Meetup, Program, Role
from app.numbers import number
from app.refusals import explain
from app.services.organizing import images, meetups
from app.services.registering.moves import Unannounced
from app.services.seating import draws

from . import drafts, moving, numbers, talks
from .forms import MeetupForm
from .routes import bp
from .talks import TalkRow

Save = Callable[[Draft], Meetup]


@bp.get("/desk/<program>/meetups/new")
@access.member(Role.ORGANIZER)
def new(program: Program) -> ResponseReturnValue:
    zone = current_app.config["SETTINGS"].DEFAULT_ZONE
    form = _form(program, data=drafts.values_of_new(program.cohorts, zone))
    return _page(program, None, form, [], blanks=3)


@bp.post("/desk/<program>/meetups/new")
@access.member(Role.ORGANIZER)
def create(program: Program) -> ResponseReturnValue:
    return _answer(program, None, lambda draft: meetups.create(program.id, draft, access.current_actor()))


@bp.get("/desk/<program>/meetups/<slug>/edit")
@access.member(Role.ORGANIZER)
def edit(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = _form(program, data=drafts.values_of(meetup))
    return _page(program, meetup, form, talks.of_meetup(meetup))


@bp.post("/desk/<program>/meetups/<slug>/edit")
@access.member(Role.ORGANIZER)
def revise(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    version = request.form.get("version", type=int) or 0
    decided, actor = moving.decided(), access.current_actor()
    return _answer(program, meetup, lambda draft: meetups.revise(meetup.id, version, draft, actor, decided))


def _answer(program: Program, meetup: Meetup | None, save: Save) -> ResponseReturnValue:
    form, rows = _form(program), talks.of_form(request.form)
    refused_picture = _keep_picture(program, form)
    action = request.form.get("rows", "")
    if action or "back" in request.form:
        return _page(program, meetup, form, talks.rearranged(rows, action), focus=action)
    rows = talks.filled(rows)
    draft = drafts.draft_of(form, rows)
    if drafts.problems(form, rows, draft) or refused_picture:
        if refused_picture:
            form.complain("cover", refused_picture)
        return _page(program, meetup, form, rows), 422
    committed = draws.committed(meetup)
    try:
        saved = save(draft)
    except Unusable as refusal:
        drafts.note(form, rows, refusal)
        return _page(program, meetup, form, rows), 422
    except Unannounced as question:
        return moving.page(program, form, question)
    except DomainError as refusal:
        return _changed_meanwhile(program, meetup, form, rows, refusal)
    _say_saved(saved)
    if (terms := draws.committed(saved)) and committed and terms.id != committed.id:
        _say_new_terms(saved, terms)
    return redirect(url_for(".show", program=program.slug, slug=saved.slug), 303)


def _changed_meanwhile(
    program: Program, meetup: Meetup | None, form: MeetupForm, rows: list[TalkRow], refusal: DomainError
) -> ResponseReturnValue:
    """Somebody else saved first: all that was typed stays, and saving again is a decision."""
    form.form_errors.append(explain(refusal))
    if "version" in refusal.params:
        form.version.data = refusal.params["version"]
    return _page(program, meetup, form, rows), 422


def _form(program: Program, **more: object) -> MeetupForm:
    return MeetupForm(program.cohorts, current_locale(), **more)


def _keep_picture(program: Program, form: MeetupForm) -> str | None:
    """Store an uploaded picture at once, since a browser does not send it twice; a refusal's sentence."""
    upload = form.cover.data
    if not upload or not upload.filename:
        return None
    try:
        form.cover_id.data = str(images.store(program.id, upload.stream, access.current_actor()).id)
    except DomainError as refusal:
        return explain(refusal)
    form.remove_cover.data = False
    return None


def _page(
    program: Program,
    meetup: Meetup | None,
    form: MeetupForm,
    rows: list[TalkRow],
    *,
    blanks: int = 0,
    focus: str = "",
) -> str:
    form.form_errors.extend(talks.complaints(rows))
    return render_template(
        "meetups/form.html",
        program=program,
        meetup=meetup,
        form=form,
        rows=talks.with_blanks(rows, at_least=blanks),
        cover=_picture(program, form.cover_id.data),
        cover_megabytes=images.largest_megabytes(),
        asks_which=bool(form.later.data or form.later.errors),
        focus=focus,
    )


def _picture(program: Program, image_id: object) -> Image | None:
    known = number(str(image_id or ""))
    found = None if known is None else db.session.get(Image, known)
    return found if found and found.program_id == program.id else None


def _say_new_terms(meetup: Meetup, draw: Draw) -> None:
    entered = numbers.of_meetup(meetup).total.applied
    said = ngettext(
        "The draw has other terms now, %(seats)s seats, and a new commitment. %(num)d person who entered stays in it.",
        "The draw has other terms now, %(seats)s seats, and a new commitment. %(num)d people who entered stay in it.",
        entered,
        seats=draw.rules.seats,
    )
    flash(said, "info")


def _say_saved(meetup: Meetup) -> None:
    flash(_("Saved."))
    if over := numbers.of_meetup(meetup).seating.over_by:
        flash(
            ngettext(
                "%(num)d more person has a seat than there are seats. Nobody loses theirs; "
                "the waitlist moves again once it fits.",
                "%(num)d more people have a seat than there are seats. Nobody loses theirs; "
                "the waitlist moves again once it fits.",
                over,
            ),
            "warning",
        )
