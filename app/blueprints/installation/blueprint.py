"""The installation as a whole: for those who may create programmes, without a shell."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, current_app, session

from app import access
from app.services.staff import fresh_sign_in

bp = Blueprint("installation", __name__, url_prefix="/installation")


def held_session() -> str:
    return str(session.get(access.SESSION_TOKEN) or "")


def is_fresh() -> bool:
    """Whether they showed just now who they are."""
    return fresh_sign_in.is_fresh(held_session())


def own_name() -> str:
    """How this installation is called, to be typed before what can't be missed: its host."""
    return str(urlsplit(current_app.config["SETTINGS"].base_url).netloc)
