"""Pages that belong to no area: the front door, the language, health."""

from __future__ import annotations

import shutil
from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app import access
from app.clock import now
from app.db import db
from app.domain import bounces
from app.domain.paths import local_path, with_parents
from app.extensions import csrf
from app.i18n import LANGUAGE_COOKIE, LOCALES
from app.models import TAKES_PLACE, Meetup
from app.origins import own_origin
from app.services.mails import dead_addresses
from app.services.running import health

bp = Blueprint("site", __name__)
YEAR = 31_536_000
LISTED = 50
LONGEST_REPORT = 64 * 1024


@bp.get("/")
@access.public
def home() -> ResponseReturnValue:
    coming = db.session.scalars(
        select(Meetup)
        .options(joinedload(Meetup.program, innerjoin=True))
        .where(Meetup.state.in_(TAKES_PLACE), Meetup.ends_at > now())
        .order_by(Meetup.starts_at)
        .limit(LISTED)
    ).all()
    return render_template("site/home.html", meetups=coming)


@bp.post("/language")
@access.public
@own_origin
def language() -> ResponseReturnValue:
    """Remember the visitor's language and go back to where they were."""
    response = redirect(_page_at(local_path(request.form.get("next")) or "/"), 303)
    if (chosen := request.form.get("lang")) in LOCALES:
        https = current_app.config["SETTINGS"].is_https
        response.set_cookie(
            LANGUAGE_COOKIE, chosen, max_age=YEAR, secure=https, samesite="Lax", httponly=True
        )
    return response


def _page_at(path: str) -> str:
    """The path, or the nearest above it, that can be looked at: a refused form's own takes posts only."""
    return next((page for page in with_parents(path) if _answers_get(page)), "/")


def _answers_get(path: str) -> bool:
    try:
        current_app.create_url_adapter(request).match(unquote(urlsplit(path).path), method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


@bp.get("/livez")
@access.public
def livez() -> ResponseReturnValue:
    """Alive: this process answers. Touches no database."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@access.public
def readyz() -> ResponseReturnValue:
    """Ready: the database takes a write, its schema is ours, the disk has room."""
    free = shutil.disk_usage(current_app.config["SETTINGS"].DATA_DIR).free
    report = health.ready(free)
    return jsonify(report), 200 if report["ready"] else 503


@bp.post("/mail-reports")
@access.declared("signed_report")
def mail_report() -> ResponseReturnValue:
    """What a mail service reports of a mail that came back. The signature is all that entitles it; noted or not of ours
    looks alike, so that it isn't sent again."""
    key = current_app.config["SETTINGS"].MAIL_REPORT_KEY
    if not key or (request.content_length or 0) > LONGEST_REPORT:
        abort(404)
    bounce = bounces.read_json(request.get_data(), request.headers.get("X-Signature", ""), key)
    if bounce is None:
        abort(404)
    dead_addresses.note(bounce)
    return "", 204


csrf.exempt(mail_report)
