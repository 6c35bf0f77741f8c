"""What a form with a file field and a box to paste into gives."""

from __future__ import annotations

from typing import Any

from app.domain.errors import DomainError
from app.services.alumni.roster_uploads import PASTE_NAME
from app.services.alumni.rosters import Source


def source_of(form: Any) -> Source:
    """The file of `form.file`, or what stands in `form.paste` where none was chosen. Raises `DomainError` for neither."""
    if form.file.data and form.file.data.filename:
        return Source(form.file.data.read(), form.file.data.filename)
    if (form.paste.data or "").strip():
        return Source(form.paste.data.encode(), PASTE_NAME, is_paste=True)
    raise DomainError("no_file")
