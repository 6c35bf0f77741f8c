"""Roster import in the browser: upload → what was detected, each choice changeable → preview → apply."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app import access
from app.blueprints.rosters import hints, pages
from app.blueprints.rosters.forms import BY_COLUMN, ApplyForm, UploadForm
from app.db import db
from app.domain.errors import DomainError
from app.given_files import done_with, own_upload, set_aside
from app.models import Account, Cohort, Meetup, Program, Role, RosterImport, RosterUpload
from app.numbers import number, query_number
from app.refusals import explain, sentence
from app.services.alumni import roster_uploads, rosters

bp = Blueprint("rosters", __name__, url_prefix="/desk/<program>")
IMPORTS_A_PAGE = 30


@bp.app_template_filter("roster_problem")
def roster_problem(problem: dict[str, Any]) -> str:
    """A recorded problem in words."""
    return sentence(problem["reason"], **problem.get("params", {}))


@bp.route("/rosters/new", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def new(program: Program) -> ResponseReturnValue:
    form = _upload_form(program)
    if request.method == "GET":
        form.cohort.data = query_number("cohort", BY_COLUMN)
        return _upload_page(program, form)
    upload = set_aside(program, form, cohort_id=_cohort_id(program, form))
    if upload is None:
        return _upload_page(program, form), 422
    return redirect(url_for(".show", program=program.slug, reference=upload.reference), 303)


@bp.get("/rosters/<reference>")
@access.member(Role.ORGANIZER)
def show(program: Program, reference: str) -> ResponseReturnValue:
    upload = own_upload(program, reference)
    return _draft_page(program, upload, ApplyForm())


@bp.post("/rosters/<reference>/application")
@access.member(Role.ORGANIZER)
def apply(program: Program, reference: str) -> ResponseReturnValue:
    upload, form = own_upload(program, reference), ApplyForm()
    if not form.validate():
        return _draft_page(program, upload, form), 422
    try:
        record = rosters.apply(
            program.id,
            roster_uploads.source_of(upload),
            hints.from_query(request.values),
            fixed_cohort=_ordinal(upload),
            actor=access.current_actor(),
            provenance=form.provenance.data.strip(),
            account_id=access.me().id,
        )
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _draft_page(program, upload, form), 422
    there = url_for(".record", program=program.slug, import_id=record.id)
    done_with(upload, there, imported=True)
    flash(_("The roster is imported."), "success")
    return redirect(there, 303)


@bp.post("/rosters/<reference>/removal")
@access.member(Role.ORGANIZER)
def remove(program: Program, reference: str) -> ResponseReturnValue:
    upload = own_upload(program, reference)
    there = url_for(".new", program=program.slug)
    done_with(upload, there)
    flash(_("The file was discarded. Nothing was imported."), "info")
    return redirect(there, 303)


@bp.get("/imports")
@access.member(Role.ORGANIZER)
def imports(program: Program) -> ResponseReturnValue:
    before = query_number("before")
    query = (
        select(RosterImport, Account.name, Account.address, Cohort.ordinal)
        .outerjoin(Account, Account.id == RosterImport.account_id)
        .outerjoin(Cohort, Cohort.id == RosterImport.cohort_id)
        .where(RosterImport.program_id == program.id)
        .order_by(RosterImport.id.desc())
        .limit(IMPORTS_A_PAGE + 1)
    )
    rows = db.session.execute(query.where(RosterImport.id < before) if before else query).all()
    more = rows[IMPORTS_A_PAGE - 1][0].id if len(rows) > IMPORTS_A_PAGE else None
    return render_template("rosters/imports.html", program=program, rows=rows[:IMPORTS_A_PAGE], more=more)


@bp.get("/imports/<int:import_id>")
@access.member(Role.ORGANIZER)
def record(program: Program, import_id: int) -> ResponseReturnValue:
    found = db.session.execute(
        select(RosterImport, Account, Cohort)
        .outerjoin(Account, Account.id == RosterImport.account_id)
        .outerjoin(Cohort, Cohort.id == RosterImport.cohort_id)
        .where(RosterImport.program_id == program.id, RosterImport.id == import_id)
    ).first()
    if found is None:
        abort(404)
    row, account, cohort = found
    has_meetups = db.session.scalar(select(Meetup.id).where(Meetup.program_id == program.id).limit(1))
    return render_template(
        "rosters/record.html",
        program=program,
        record=row,
        importer=account,
        cohort=cohort,
        is_first_meetup_next=has_meetups is None,
    )


def _upload_form(program: Program) -> UploadForm:
    form = UploadForm()
    choices = [(BY_COLUMN, _("A column of the file names the cohort"))]
    form.cohort.choices = choices + [(c.ordinal, pages.cohort_label(c)) for c in program.cohorts]
    return form


def _upload_page(program: Program, form: UploadForm) -> str:
    return render_template("rosters/new.html", program=program, form=form)


def _draft_page(program: Program, upload: RosterUpload, form: ApplyForm) -> str:
    chosen = request.values
    try:
        source = roster_uploads.source_of(upload)
        seen = rosters.draft(program.id, source, hints.from_query(chosen), fixed_cohort=_ordinal(upload))
    except DomainError as refusal:
        at: dict[str, Any] = {"program": program.slug, "reference": upload.reference}
        return pages.unreadable(
            program,
            upload,
            refusal,
            back=(_("Import a roster"), url_for(".new", program=program.slug)),
            again=url_for(".show", **at),
            discard=url_for(".remove", **at),
        )
    return pages.draft(program, upload, seen, form, chosen, _ordinal(upload))


def _cohort_id(program: Program, form: UploadForm) -> int | None:
    return next((c.id for c in program.cohorts if c.ordinal == form.cohort.data), None)


def _ordinal(upload: RosterUpload) -> int | None:
    """Whose list all of it is: chosen with the file, or on its page where it was left open."""
    if upload.cohort_id is not None:
        return db.session.scalar(select(Cohort.ordinal).where(Cohort.id == upload.cohort_id))
    chosen = Cohort.ordinal == number(request.values.get("cohort"))
    return db.session.scalar(select(Cohort.ordinal).where(Cohort.program_id == upload.program_id, chosen))
