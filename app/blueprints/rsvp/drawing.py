"""A meetup's draw for everybody: what was committed to, what is published by now, and how to check it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp.routes import bp, public_meetup
from app.clock import now
from app.domain.seating.draw_files import NAMES
from app.models import Draw, Meetup
from app.services.seating import draws
from config import ROOT

SCRIPT, ALL = "verify_draw.py", "draw.zip"
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".py": "text/plain; charset=utf-8",
}


@bp.get("/m/<slug>/draw")
@access.public
def draw(slug: str) -> ResponseReturnValue:
    meetup, (latest, *earlier) = _draws_of(slug)
    return render_template(
        "rsvp/draw.html",
        meetup=meetup,
        draw=latest,
        rules=latest.rules,
        earlier=earlier,
        is_due=latest.is_due(now()),
        names=[name for name in NAMES if name in latest.files],
    )


@bp.get("/m/<slug>/draw/<name>")
@access.public
def draw_file(slug: str, name: str) -> ResponseReturnValue:
    """One of the published files, byte for byte; or all of them with the script that checks them."""
    _, (latest, *_earlier) = _draws_of(slug)
    files = latest.files | {SCRIPT: (ROOT / "docs" / SCRIPT).read_text("utf-8")}
    if name == ALL:
        return _sent(ALL, "application/zip", _zipped(files))
    if name not in files:
        abort(404)
    return _sent(name, TYPES[name[name.rindex(".") :]], files[name].encode())


def _draws_of(slug: str) -> tuple[Meetup, list[Draw]]:
    """The meetup with its commitments, the latest first; 404 where there never was one."""
    meetup = public_meetup(slug)
    found = list(draws.all_of(meetup.id))
    if not found:
        abort(404)
    return meetup, found


def _zipped(files: Mapping[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"draw/{name}"), content.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _sent(name: str, media_type: str, data: bytes) -> Response:
    response = Response(data, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
