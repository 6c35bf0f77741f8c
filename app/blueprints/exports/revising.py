"""A list that went out as a file and comes back edited: upload → what would change → bring it in → take it back."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app import access
from app.blueprints.exports import revising_words as words
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.domain.writing.kept_texts import one_line
from app.given_files import done_with, own_upload, paste_field, set_aside
from app.models import Meetup, Program, Role, RosterUpload
from app.numbers import query_number
from app.refusals import explain
from app.services.alumni import roster_uploads
from app.services.organizing import looks
from app.services.revising import bringing_in
from app.services.revising.applying import AT_ONCE, Applied
from app.services.revising.bringing_in import Decided
from app.services.revising.looking import draft
from app.typed_texts import no_resident_number

HERE = "/edited-list"
ONE = f"{HERE}/<upload>"
ROWS_A_PAGE, REFUSALS_TOLD = 100, 5


class EditedListForm(FlaskForm):
    file = FileField(_l("The edited file"))
    paste = paste_field()


class BringBackForm(FlaskForm):
    """`over`: also the cells that somebody changed here since the file went out. `seen`: which preview was decided on."""

    seen = HiddenField()
    over = BooleanField(_l("Also change what was changed here meanwhile"))
    reason = StringField(
        _l("Why is this changed?"),
        description=_l("For example: corrected by phone with the school office. Kept in the history."),
        filters=[one_line],
        validators=[DataRequired(_l("Write the reason.")), Length(max=200), no_resident_number],
    )


@bp.route(HERE, methods=["GET", "POST"])
@access.program_member(Role.ORGANIZER)
def edited_list(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), EditedListForm()
    if request.method == "GET":
        return _upload_page(program, meetup, form)
    upload = set_aside(program, form, meetup_id=meetup.id)
    if upload is None:
        return _upload_page(program, meetup, form), 422
    return _to(program, meetup, upload)


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def edited_rows(program: Program, slug: str, upload: str) -> ResponseReturnValue:
    return _draft_page(program, access.meetup_of(program, slug), own_upload(program, upload), BringBackForm())


@bp.post(f"{ONE}/application")
@access.program_member(Role.ORGANIZER)
def bring_back(program: Program, slug: str, upload: str) -> ResponseReturnValue:
    """What is refused stands in the preview again, with the reason told once."""
    meetup, kept, form = access.meetup_of(program, slug), own_upload(program, upload), BringBackForm()
    if not form.validate():
        return _draft_page(program, meetup, kept, form), 422
    decided = Decided(
        access.current_actor(),
        form.reason.data or "",
        bool(form.over.data),
        form.seen.data or "",
        _("What stood there before"),
    )
    try:
        done, back = bringing_in.bring_in(kept, meetup.id, words.words(meetup), decided)
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _draft_page(program, meetup, kept, form), 422
    _tell(done, words.headings(meetup))
    there = url_for(".edited_rows", program=program.slug, slug=slug, upload=kept.reference, back=back or None)
    return redirect(there, 303)


@bp.post(f"{ONE}/removal")
@access.program_member(Role.ORGANIZER)
def discard_edited_list(program: Program, slug: str, upload: str) -> ResponseReturnValue:
    meetup, kept = access.meetup_of(program, slug), own_upload(program, upload)
    there = url_for(".edited_list", program=program.slug, slug=meetup.slug)
    done_with(kept, there)
    flash(_("The file is destroyed."), "info")
    return redirect(there, 303)


def _tell(done: Applied, titles: Mapping[str, str]) -> None:
    flash(ngettext("%(num)s row is changed.", "%(num)s rows are changed.", done.rows), "success")
    for each in done.refused[:REFUSALS_TOLD]:
        what = ", ".join(titles[part] for part in each.parts)
        flash(
            _("Row %(row)s, %(what)s: %(why)s", row=each.number, what=what, why=explain(each.refusal)),
            "warning",
        )
    more = len(done.refused) - REFUSALS_TOLD
    if more > 0:
        flash(ngettext("%(num)s more row was refused.", "%(num)s more rows were refused.", more), "warning")


def _upload_page(program: Program, meetup: Meetup, form: EditedListForm) -> str:
    ways_back = roster_uploads.ways_back(program.id, access.me().id, meetup.id)
    return render_template(
        "exports/edited_list.html", program=program, meetup=meetup, form=form, ways_back=ways_back
    )


def _draft_page(program: Program, meetup: Meetup, upload: RosterUpload, form: BringBackForm) -> str:
    page = {"program": program, "meetup": meetup, "upload": upload}
    try:
        seen = draft(meetup, bringing_in.source_of(upload), words.words(meetup))
    except DomainError as refusal:
        if refusal.code == "upload_gone":
            abort(404)
        return render_template("exports/edited_unreadable.html", reason=explain(refusal), **page)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    form.seen.data = seen.preview.digest
    kind, start, titles = request.args.get("show", ""), query_number("start", 0), words.headings(meetup)
    listed = words.listed(seen, kind)
    return render_template(
        "exports/edited_rows.html",
        form=form,
        seen=seen,
        taken=[titles[part] for part in seen.parts],
        kinds=words.kinds(seen),
        kind=kind,
        rows=[words.line(fate, titles) for fate in listed[start : start + ROWS_A_PAGE]],
        total=len(listed),
        start=start,
        step=ROWS_A_PAGE,
        at_once=AT_ONCE,
        back=_way_back(program),
        **page,
    )


def _way_back(program: Program) -> RosterUpload | None:
    reference = request.args.get("back", "")
    return roster_uploads.find(program.id, access.me().id, reference) if reference else None


def _to(program: Program, meetup: Meetup, upload: RosterUpload) -> ResponseReturnValue:
    return redirect(
        url_for(".edited_rows", program=program.slug, slug=meetup.slug, upload=upload.reference), 303
    )
