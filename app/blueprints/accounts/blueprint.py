"""The blueprint of accounts, and what the frame of the desk's pages knows of who is signed in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, session
from flask_babel import gettext as _
from werkzeug.local import LocalProxy

from app import access
from app.domain import tokens
from app.domain.writing.browsers import browser_name
from app.models import AccountSession, Role
from app.services.staff import passkey_checks

bp = Blueprint("accounts", __name__)


@bp.app_context_processor
def _frame() -> dict[str, Any]:
    """Looked up only by pages that ask: an error page needs no database."""
    return {
        "account": LocalProxy(access.current_account),
        "my_role": LocalProxy(access.current_role),
        "my_program_role": LocalProxy(access.program_role),
        "showed_passkey": LocalProxy(access.showed_passkey),
        "runs_program": LocalProxy(access.runs_program),
    }


@bp.app_template_global("passkeys_possible")
def passkeys_possible() -> bool:
    return passkey_checks.are_possible()


@bp.app_template_global("role_label")
def role_label(role: Role) -> str:
    names = {
        Role.OWNER: _("Owner"),
        Role.ORGANIZER: _("Organizer"),
        Role.DOOR: _("Door staff"),
        Role.VIEWER: _("Viewer"),
    }
    return str(names[role])


@bp.app_template_global("role_meaning")
def role_meaning(role: Role, *, at_meetup: bool = False) -> str:
    """What the role may do, in a sentence."""
    if at_meetup and role is Role.ORGANIZER:
        return str(_("This meetup: its pages, attendees, mails and the door. No lists of the programme."))
    meanings = {
        Role.OWNER: _("Everything, also settings, people and rights."),
        Role.ORGANIZER: _("Cohorts, rosters, meetups, attendees and the door."),
        Role.DOOR: _("Numbers, and scanning at the door with their own phone."),
        Role.VIEWER: _("Numbers only, no names or addresses."),
    }
    return str(meanings[role])


@bp.app_template_filter("browser_name")
def browser_label(user_agent: str) -> str:
    return browser_name(user_agent) or str(_("Unknown browser"))


def browser() -> str:
    """How this browser names itself."""
    return request.user_agent.string


def held_session() -> str | None:
    """The session token that this browser holds, ended or not."""
    token: str | None = session.get(access.SESSION_TOKEN)
    return token


def take_session(token: str) -> None:
    """Hand the browser a session of its own; nothing of the one before stays."""
    session.clear()
    session.permanent = True
    session[access.SESSION_TOKEN] = token


def is_this_browser(row: AccountSession) -> bool:
    return row.token_hash == tokens.hashed(held_session() or "")
