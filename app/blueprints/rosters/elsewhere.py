"""Answers that a form collected, in the browser: upload → columns → preview → bring them in."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.blueprints.rosters import elsewhere_words as words
from app.blueprints.rosters import hints, pages
from app.blueprints.rosters.forms import BringInForm, FormAnswersForm
from app.blueprints.rosters.routes import bp
from app.domain.errors import DomainError
from app.given_files import done_with, own_upload, set_aside
from app.models import Meetup, Program, Role, RosterUpload
from app.numbers import number
from app.refusals import explain
from app.services.alumni import roster_uploads
from app.services.elsewhere import looking, taking_back
from app.services.elsewhere.bringing_in import BroughtIn, bring_in

ELSEWHERE = "/meetups/<slug>/elsewhere"
ONE = f"{ELSEWHERE}/<reference>"


@bp.route(ELSEWHERE, methods=["GET", "POST"])
@access.program_member(Role.ORGANIZER)
def elsewhere(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), FormAnswersForm()
    if request.method == "GET":
        return _upload_page(program, meetup, form)
    upload = set_aside(program, form)
    if upload is None:
        return _upload_page(program, meetup, form), 422
    return redirect(
        url_for(".form_answers", program=program.slug, slug=slug, reference=upload.reference), 303
    )


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def form_answers(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _draft_page(program, meetup, own_upload(program, reference), BringInForm())


@bp.post(f"{ONE}/application")
@access.program_member(Role.ORGANIZER)
def bring_in_answers(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, upload, form = access.meetup_of(program, slug), own_upload(program, reference), BringInForm()
    if not form.validate():
        return _draft_page(program, meetup, upload, form), 422
    try:
        done = bring_in(
            meetup.id,
            roster_uploads.source_of(upload),
            hints.for_a_meetup(request.values),
            words.chosen_columns(request.values, hints.for_a_meetup(request.values)),
            access.current_actor(),
            tells=form.tells.data,
            cancels=form.cancels.data,
        )
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _draft_page(program, access.meetup_of(program, slug), upload, form), 422
    flash(_told(meetup, done), "success")
    kept: dict[str, Any] = words.columns_chosen(request.form) | {"program": program.slug, "slug": slug}
    there = (
        url_for(".answers_brought_in", import_id=done.import_id, file=reference, **kept)
        if done.import_id
        else url_for(".form_answers", reference=reference, **kept)
    )
    return redirect(there, 303)


@bp.post(f"{ONE}/removal")
@access.program_member(Role.ORGANIZER)
def discard_answers(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, upload = access.meetup_of(program, slug), own_upload(program, reference)
    there = url_for(".elsewhere", program=program.slug, slug=meetup.slug)
    done_with(upload, there)
    flash(_("The file is destroyed."), "info")
    return redirect(there, 303)


def _told(meetup: Meetup, done: BroughtIn) -> str:
    parts = [
        (done.seated, ngettext("%(num)s person has a seat", "%(num)s people have a seat", done.seated)),
        (done.applied, words.applied(meetup, done.applied)),
        (done.waiting, ngettext("%(num)s waits in line", "%(num)s wait in line", done.waiting)),
        (done.claims, ngettext("%(num)s list check is open", "%(num)s list checks are open", done.claims)),
        (
            done.given_up,
            ngettext("%(num)s place is cancelled", "%(num)s places are cancelled", done.given_up),
        ),
        (done.declined, ngettext("%(num)s can't come", "%(num)s can't come", done.declined)),
    ]
    what = ", ".join(str(told) for number, told in parts if number)
    return str(
        _("Brought in: %(what)s.", what=what)
        if what
        else _("Everything was here already. Nothing was changed.")
    )


def _upload_page(program: Program, meetup: Meetup, form: FormAnswersForm) -> str:
    return render_template(
        "rosters/elsewhere.html",
        program=program,
        meetup=meetup,
        form=form,
        imports=taking_back.recent(meetup.id),
    )


def _draft_page(program: Program, meetup: Meetup, upload: RosterUpload, form: BringInForm) -> str:
    chosen = request.values
    said = hints.for_a_meetup(chosen)
    try:
        columns = words.chosen_columns(chosen, said)
        seen = looking.draft(meetup, roster_uploads.source_of(upload), said, columns)
    except DomainError as refusal:
        at: dict[str, Any] = {"program": program.slug, "slug": meetup.slug}
        return pages.unreadable(
            program,
            upload,
            refusal,
            meetup=meetup,
            back=(_("Registered elsewhere"), url_for(".elsewhere", **at)),
            again=url_for(".form_answers", reference=upload.reference, **at),
            discard=url_for(".discard_answers", reference=upload.reference, **at),
        )
    kind = chosen.get("show", "")
    start = number(chosen.get("start")) or 0
    listed = words.listed(seen, kind)
    return render_template(
        "rosters/elsewhere_preview.html",
        program=program,
        meetup=meetup,
        upload=upload,
        form=form,
        seen=seen,
        settings=pages.settings(seen.taken.workbook, seen.taken.layout),
        columns=words.column_choices(seen),
        basis=hints.basis_of(seen.taken.workbook, seen.taken.layout),
        questions=words.open_questions(seen),
        chosen=words.columns_chosen(chosen),
        kinds=words.kinds(seen),
        kind=kind,
        rows=[words.line(fate, seen, meetup) for fate in listed[start : start + pages.ROWS_A_PAGE]],
        total=len(listed),
        start=start,
        step=pages.ROWS_A_PAGE,
    )
