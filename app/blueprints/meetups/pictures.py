"""Pictures: covers and photos of what strangers may see for everyone, of drafts for the programme's members."""

from __future__ import annotations

import re

from flask import Response, abort, send_file
from sqlalchemy import select

from app import access
from app.db import db
from app.models import Program
from app.services.organizing import images, story_photos
from app.services.staff import rights

from .routes import bp

YEAR, MINUTES = 31_536_000, 300
_DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.get("/images/<sha256>.webp")
@access.public
def image(sha256: str) -> Response:
    """The name is the content's hash, so browsers may keep it for good."""
    if not _DIGEST.fullmatch(sha256):
        abort(404)
    is_cover = images.is_shown_publicly(sha256)
    is_told = not is_cover and story_photos.shows(sha256)
    path = images.path_of(sha256)
    is_known = is_cover or is_told or images.belongs_to(sha256, _own_programs())
    if not is_known or not path.is_file():
        abort(404)
    response = send_file(path, mimetype=images.MEDIA_TYPE, conditional=True)
    if is_cover:
        kept = f"public, max-age={YEAR}, immutable"
    else:  # a photo may be taken down, so nobody keeps it for long
        kept = f"{'public' if is_told else 'private'}, max-age={MINUTES}"
    response.headers["Cache-Control"] = kept
    return response


def _own_programs() -> list[int]:
    account = access.current_account()
    if account is None:
        return []
    query = select(Program.id).where(rights.programs_of(account.id))
    return list(db.session.scalars(query))
