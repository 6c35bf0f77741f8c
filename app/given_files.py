"""A list that an organizer hands in, as a file or pasted: what the form gives, and where it waits until it is applied."""

from __future__ import annotations

from typing import Any, NoReturn

from flask import abort, flash, redirect, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app import access
from app.domain.errors import DomainError
from app.models import Program, RosterUpload
from app.refusals import explain
from app.services.alumni import roster_uploads
from app.services.alumni.roster_uploads import PASTE_NAME
from app.services.alumni.rosters import Source

LONGEST_PASTE = 2_000_000
REMEMBERED = 5
_DONE_WITH = "done_with_files"


def paste_field(label: Any = None) -> TextAreaField:
    return TextAreaField(label or _l("Or paste the rows from Excel"), validators=[Length(max=LONGEST_PASTE)])


def source_of(form: Any) -> Source:
    """The file of `form.file`, or what stands in `form.paste` where none was chosen. Raises `DomainError` for neither."""
    if form.file.data and form.file.data.filename:
        return Source(form.file.data.read(), form.file.data.filename)
    if (form.paste.data or "").strip():
        return Source(form.paste.data.encode(), PASTE_NAME, is_paste=True)
    raise DomainError("no_file")


def set_aside(
    program: Program, form: Any, *, cohort_id: int | None = None, meetup_id: int | None = None
) -> RosterUpload | None:
    """What the form gives, for whoever is signed in. None for what is no list, with the reason at its field."""
    if not form.validate():
        return None
    try:
        return roster_uploads.keep(
            program.id, access.me().id, cohort_id, source_of(form), meetup_id=meetup_id
        )
    except DomainError as refusal:
        form.file.errors = [*form.file.errors, explain(refusal)]
        return None


def own_upload(program: Program, reference: str) -> RosterUpload:
    """One that whoever is signed in has set aside, or 404; with "back" to one that is done with, on to where that led."""
    return roster_uploads.find(program.id, access.me().id, reference) or _gone(reference)


def done_with(upload: RosterUpload, there: str, *, imported: bool = False) -> None:
    """Destroy it, and remember for this browser to where its pages lead from now on."""
    number, reference = upload.id, upload.reference
    roster_uploads.discard(number, reference)
    known = list(session.get(_DONE_WITH, ()))
    session[_DONE_WITH] = [*known, [reference, there, imported]][-REMEMBERED:]


def _gone(reference: str) -> NoReturn:
    for known, there, imported in session.get(_DONE_WITH, ()):
        if known == reference:
            flash(_("It is imported already.") if imported else _("The file is destroyed already."), "info")
            abort(redirect(there, 303))
    abort(404)
