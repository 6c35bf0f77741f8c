"""The blueprint. The desk's side is in desk.py, the phone's pages in door.py, its questions in api.py."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("checkin", __name__)
