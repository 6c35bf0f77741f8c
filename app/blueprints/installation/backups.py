"""Backups at the desk: make one, take it away, put one back."""

from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import access
from app.blueprints.installation.blueprint import bp, held_session, is_fresh, own_name
from app.domain import tokens
from app.domain.backups import Kind, Manifest, Step
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.i18n import current_locale
from app.refusals import explain
from app.services.backups import checking, files, jobs
from app.services.backups.files import Backup
from app.services.staff import fresh_sign_in, sign_in
from app.visitors import client
from app.web import BESIDE_A_FILE

KINDS = {
    Kind.MADE: _l("Made at the desk"),
    Kind.SAFETY: _l("From before a restore"),
    Kind.UPLOADED: _l("Uploaded"),
}
COUNTED = {
    "program": _l("Programmes"),
    "cohort": _l("Cohorts"),
    "person": _l("People on the list"),
    "meetup": _l("Meetups"),
    "registration": _l("Registrations"),
    "check_in": _l("Scans"),
    "outbox_mail": _l("Mails"),
}


@bp.url_value_preprocessor
def take_large_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Only for whoever may put a backup back, and before anything reads what was sent."""
    if endpoint != f"{bp.name}.{upload_backup.__name__}" or files.restoring().exists():
        return
    account = access.current_account()
    if account and account.is_founder:
        request.max_content_length = current_app.config["SETTINGS"].backup_bytes + BESIDE_A_FILE


@bp.get("/backups")
@access.founder
def backups() -> ResponseReturnValue:
    return _page()


@bp.post("/backups")
@access.founder
def make_backup() -> ResponseReturnValue:
    jobs.ask(access.me().id)
    flash(_("The backup is being made. Everybody can go on working."))
    return redirect(url_for(".backups"), 303)


@bp.post("/backups/uploads")
@access.founder
def upload_backup() -> ResponseReturnValue:
    file = request.files.get("file")
    if not file or not file.filename:
        return _page(_("Choose a file.")), 422
    try:
        kept = jobs.upload(access.me().id, file.stream)
    except DomainError as refusal:
        return _page(explain(refusal)), 422
    return redirect(url_for(".restoring", backup=kept.name), 303)


@bp.post("/backups/<backup>/download")
@access.founder
def download_backup(backup: str) -> ResponseReturnValue:
    found = _found(backup)
    if not is_fresh():
        return _page(_("First sign in again, below.")), 422
    try:
        jobs.take(found, access.me().id)
    except DomainError as refusal:
        return _page(explain(refusal)), 422
    name = f"dongmun-{found.at:%Y%m%d-%H%M}.zip"
    return send_file(found.file, "application/zip", as_attachment=True, download_name=name)


@bp.post("/fresh-sign-in")
@access.founder
def sign_in_again() -> ResponseReturnValue:
    """By one's passkey, or by a link to one's own mailbox; both come back to where it was asked for."""
    back = local_path(request.form.get("back")) or url_for(".backups")
    if fresh_sign_in.by_passkey(held_session()):
        return redirect(url_for("accounts.passkey_gate", next=back, again=1), 303)
    try:
        sign_in.ask(access.me().address, locale=current_locale(), client=client(), next_path=back)
    except DomainError as refusal:
        return _page(explain(refusal)), 429
    flash(_("A link is on its way to your mailbox. Open it in this browser: you come back here."), "info")
    return redirect(back, 303)


@bp.get("/backups/<backup>/restore")
@access.founder
def restoring(backup: str) -> ResponseReturnValue:
    return _restore_page(_found(backup))


@bp.post("/backups/<backup>/restore")
@access.founder
def restore(backup: str) -> ResponseReturnValue:
    found, typed = _found(backup), request.form.get("confirm_name", "").strip()
    if not is_fresh():
        return _restore_page(found), 422
    if typed.casefold() != own_name().casefold():
        return _restore_page(found, typed, explain(DomainError("name_not_same"))), 422
    try:
        jobs.ask_to_put_back(found, access.me().id, tokens.hashed(held_session()))
    except DomainError as refusal:
        return _restore_page(found, typed, explain(refusal)), 422
    return redirect(url_for(".backups"), 303)


def _found(name: str) -> Backup:
    found = files.found(name)
    if found is None or found.step is not Step.DONE:
        abort(404)
    return found


def _page(error: str = "") -> str:
    listed = files.all_of_them()
    return render_template(
        "installation/backups.html",
        backups=listed,
        busy=any(each.is_busy for each in listed),
        kinds=KINDS,
        why_not=lambda code: explain(DomainError(code)),
        mine=access.me().id,
        fresh=is_fresh(),
        error=error,
    )


def _restore_page(backup: Backup, typed: str = "", error: str = "") -> str:
    manifest, fault = _read(backup)
    return render_template(
        "installation/restore.html",
        backup=backup,
        manifest=manifest,
        fault=fault,
        differences=checking.differences(manifest) if manifest else [],
        counted=COUNTED,
        own_name=own_name(),
        fresh=is_fresh(),
        typed=typed,
        error=error,
    )


def _read(backup: Backup) -> tuple[Manifest | None, str]:
    try:
        return checking.manifest_of(backup.file), ""
    except DomainError as refusal:
        return None, explain(refusal)
