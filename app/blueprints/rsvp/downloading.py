"""One's own data: read on the page after a code, and taken away as one file."""

from __future__ import annotations

import io
import json
import zipfile

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.rsvp import fresh, own_data_words
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.fresh_proofs import Purpose
from app.i18n import current_locale
from app.models import Registration
from app.services.personal import own_data

ACT = Purpose.DOWNLOAD
NAME = "my-data.zip"


@bp.get(f"{LINK}/download")
@access.declared("personal_link")
def downloading(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not fresh.is_proved(found, ACT):
        return fresh.page(found, secret, ACT)
    return _written("rsvp/download.html", found, secret)


@bp.post(f"{LINK}/download/codes")
@access.declared("personal_link")
def ask_download_code(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.ask(reference, secret, ACT)


@bp.post(f"{LINK}/download/proof")
@access.declared("personal_link")
def prove_download(reference: str, secret: str) -> ResponseReturnValue:
    return fresh.prove(reference, secret, ACT)


@bp.post(f"{LINK}/download")
@access.declared("personal_link")
def download(reference: str, secret: str) -> ResponseReturnValue:
    """A file for machines and one for people."""
    found = mine(reference, secret)
    if not fresh.is_proved(found, ACT):
        return fresh.page(found, secret, ACT), 422
    data = own_data.collect(found.person_id, current_locale())
    page = render_template("rsvp/own_data.html", data=data, words=own_data_words, meetup=found.meetup)
    own_data.note_download(found.meetup.program_id, found.person_id)
    response = Response(
        _zipped({"my-data.json": _json(data), "my-data.html": page}), mimetype="application/zip"
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{NAME}"'
    return response


def _written(template: str, found: Registration, secret: str) -> str:
    return render_template(
        template,
        registration=found,
        meetup=found.meetup,
        secret=secret,
        data=own_data.collect(found.person_id, current_locale()),
        words=own_data_words,
    )


def _json(data: own_data.Found) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, default=lambda value: value.isoformat())


def _zipped(files: dict[str, str]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()
