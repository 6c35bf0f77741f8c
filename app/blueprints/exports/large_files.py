"""Files that the worker makes: how far one is, stopping it, taking it away. Each is its maker's alone."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.exports import orders
from app.blueprints.exports.routes import bp
from app.domain.errors import DomainError
from app.file_fields import MEDIA
from app.models import ExportJob, ExportState, Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import export_jobs

ONE = "/export/files/<file>"


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def large_file(program: Program, slug: str, file: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return render_template("exports/file.html", **_told(program, meetup, file))


@bp.get(f"{ONE}/progress")
@access.member(Role.ORGANIZER)
def large_file_progress(program: Program, slug: str, file: str) -> ResponseReturnValue:
    """The part of the page that changes, for the page that follows it."""
    meetup = access.meetup_of(program, slug)
    return render_template("exports/_file.html", **_told(program, meetup, file))


@bp.post(f"{ONE}/cancellation")
@access.member(Role.ORGANIZER)
def cancel_large_file(program: Program, slug: str, file: str) -> ResponseReturnValue:
    """Stop making it; of one that is done, keep nothing."""
    meetup = access.meetup_of(program, slug)
    export_jobs.cancel(_own(meetup, file).id)
    flash(_("The file is deleted."))
    return redirect(url_for(".export", program=program.slug, slug=slug), 303)


@bp.post(f"{ONE}/download")
@access.member(Role.ORGANIZER)
def take_large_file(program: Program, slug: str, file: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    job = _own(meetup, file)
    name = orders.file_name(meetup, "xlsx", job.wish)
    try:
        content = export_jobs.take(job)
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        return redirect(url_for(".large_file", program=program.slug, slug=slug, file=file), 303)
    return send_file(content, MEDIA["xlsx"], as_attachment=True, download_name=name, max_age=0)


def _own(meetup: Meetup, reference: str) -> ExportJob:
    return export_jobs.find(meetup.id, access.me().id, reference) or abort(404)


def _told(program: Program, meetup: Meetup, reference: str) -> dict[str, object]:
    job = _own(meetup, reference)
    return {"program": program, "meetup": meetup, "job": job, "states": ExportState}
