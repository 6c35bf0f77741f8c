"""Our registrations beside the list of the larger event's host: upload → look → note it → take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectChoice

from app import access
from app.blueprints.rosters import hints, pages
from app.blueprints.rosters.routes import bp
from app.domain.errors import DomainError
from app.domain.hosting.matching import HostListed, Matched, Ours
from app.domain.rosters import Field
from app.file_fields import MEDIA, reason_field
from app.files import download_name
from app.given_files import done_with, own_upload, paste_field, set_aside
from app.models import Meetup, Program, Role, RosterUpload
from app.refusals import explain
from app.services.alumni import roster_uploads
from app.services.elsewhere import host_lists
from app.services.organizing import looks, plain_files
from app.services.organizing.plain_files import Note, Table

HERE = "/meetups/<slug>/host-list"
ONE = f"{HERE}/<reference>"
SHOWN = 300
GROUPS = {
    "both": _l("On both lists"),
    "unsure": _l("Perhaps on both"),
    "ours": _l("On ours only"),
    "theirs": _l("On theirs only"),
}


class HostListForm(FlaskForm):
    file = FileField(_l("List of the larger event"))
    paste = paste_field()


class SideForm(FlaskForm):
    """Which side to take away, and what for."""

    group = RadioField(
        _l("Which people"), choices=[SelectChoice(*each) for each in GROUPS.items()], default="ours"
    )
    reason = reason_field()


@bp.route(HERE, methods=["GET", "POST"])
@access.program_member(Role.ORGANIZER)
def host_list(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), HostListForm()
    if request.method == "GET":
        return _page(program, meetup, form)
    upload = set_aside(program, form)
    if upload is None:
        return _page(program, meetup, form), 422
    return redirect(url_for(".host_rows", program=program.slug, slug=slug, reference=upload.reference), 303)


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def host_rows(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    return _draft(program, access.meetup_of(program, slug), own_upload(program, reference), SideForm())


@bp.post(f"{ONE}/application")
@access.program_member(Role.ORGANIZER)
def apply_host_list(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, upload = access.meetup_of(program, slug), own_upload(program, reference)
    said, confirmed = hints.for_a_meetup(request.values), frozenset(request.form.getlist("confirmed"))
    there = url_for(".host_list", program=program.slug, slug=slug)
    try:
        with roster_uploads.busy(upload.id):
            source = roster_uploads.source_of(upload)
            host_lists.apply(meetup.id, source, said, confirmed, access.current_actor())
            done_with(upload, there, imported=True)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return redirect(there, 303)
    flash(_("Noted on every registration. The file is destroyed."))
    return redirect(there, 303)


@bp.post(f"{ONE}/file")
@access.program_member(Role.ORGANIZER)
def host_list_file(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, upload, form = access.meetup_of(program, slug), own_upload(program, reference), SideForm()
    if not form.validate():
        return _draft(program, meetup, upload, form), 422
    try:
        matched = host_lists.draft(
            meetup, roster_uploads.source_of(upload), hints.for_a_meetup(request.values)
        ).matched
    except DomainError as refusal:
        return _unreadable(program, meetup, upload, refusal)
    if matched is None:
        return _draft(program, meetup, upload, form), 422
    title = str(GROUPS[form.group.data])
    headings = _("Name"), _("Cohort"), _("E-mail address"), _("Name there"), _("Address there")
    note = Note(
        "host_list.exported",
        f"meetup:{meetup.id}",
        program.id,
        access.current_actor(),
        form.reason.data.strip(),
        {"group": form.group.data},
    )
    file = plain_files.as_file("xlsx", Table(title, headings, _rows(matched, form.group.data)), note)
    name = f"{meetup.local(meetup.starts_at):%Y-%m-%d} {title}"
    return send_file(
        file, MEDIA["xlsx"], as_attachment=True, download_name=download_name(name, "xlsx"), max_age=0
    )


@bp.post(f"{ONE}/removal")
@access.program_member(Role.ORGANIZER)
def discard_host_list(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup, upload = access.meetup_of(program, slug), own_upload(program, reference)
    there = url_for(".host_list", program=program.slug, slug=meetup.slug)
    done_with(upload, there)
    flash(_("The file is destroyed."), "info")
    return redirect(there, 303)


@bp.post(f"{HERE}/undo")
@access.program_member(Role.ORGANIZER)
def take_back_host_list(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        host_lists.take_back(meetup.id, request.form.get("comparison", 0, type=int), access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("Taken back: it is as it was before this comparison."))
    return redirect(url_for(".host_list", program=program.slug, slug=slug), 303)


def _rows(matched: Matched, group: str) -> list[Sequence[str]]:
    if group == "both":
        return [(*_ours(one), other.name, other.address) for one, other in matched.both]
    if group == "unsure":
        return [
            (*_ours(each.ours), row.name, row.address) for each in matched.proposals for row in each.theirs
        ]
    if group == "ours":
        return [(*_ours(each), "", "") for each in matched.ours_only]
    return [("", "", "", each.name, each.address) for each in matched.theirs_only]


def _ours(one: Ours) -> tuple[str, str, str]:
    return one.name, "" if one.cohort is None else _("Cohort %(n)s", n=one.cohort), one.address


def _page(program: Program, meetup: Meetup, form: HostListForm) -> str:
    found = host_lists.newest(meetup.id)
    if found:
        looks.at_attendees(program.id, meetup.id, access.current_actor())
    values = (HostListed.NOT_LISTED, HostListed.UNSURE, None)
    return render_template(
        "rosters/host_list.html",
        program=program,
        meetup=meetup,
        form=form,
        found=found,
        people=[(value, host_lists.known(meetup.id, value, SHOWN)) for value in values] if found else [],
        shown=SHOWN,
    )


def _draft(program: Program, meetup: Meetup, upload: RosterUpload, form: SideForm) -> str:
    try:
        seen = host_lists.draft(meetup, roster_uploads.source_of(upload), hints.for_a_meetup(request.values))
    except DomainError as refusal:
        return _unreadable(program, meetup, upload, refusal)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    wanted = {f"col_{field}" for field in (Field.ADDRESS, Field.NAME)}
    return render_template(
        "rosters/host_rows.html",
        program=program,
        meetup=meetup,
        upload=upload,
        form=form,
        seen=seen,
        settings=pages.settings(seen.workbook, seen.layout),
        columns=[each for each in pages.column_choices(seen.layout, seen.workbook) if each["name"] in wanted],
        basis=hints.basis_of(seen.workbook, seen.layout),
        chosen=hints.to_query(request.values),
        groups=GROUPS,
        shown=SHOWN,
        listed=HostListed.LISTED,
    )


def _unreadable(program: Program, meetup: Meetup, upload: RosterUpload, refusal: DomainError) -> str:
    at: dict[str, Any] = {"program": program.slug, "slug": meetup.slug}
    return pages.unreadable(
        program,
        upload,
        refusal,
        meetup=meetup,
        back=(_("The host's list"), url_for(".host_list", **at)),
        again=url_for(".host_rows", reference=upload.reference, **at),
        discard=url_for(".discard_host_list", reference=upload.reference, **at),
    )
