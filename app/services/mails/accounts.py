"""What the mails about accounts say: sign-in links and invitations to a programme's office."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import current_app

from app.clock import now
from app.db import db
from app.domain import tokens
from app.keys import keys
from app.models import AccountInvitation, OutboxMail
from app.services.staff import sign_in

Context = dict[str, Any]
ACCOUNT_KINDS = ("sign_in", "member_invitation")


def context(mail: OutboxMail) -> Context | None:
    """The values for the mail's template, or None when the mail is no longer owed.

    A sign-in mail names its template itself (`template`), since whether the address has an account
    is looked up only here, after the response.
    """
    if mail.kind == "sign_in":
        return _sign_in(mail)
    return _invitation(mail)


def _sign_in(mail: OutboxMail) -> Context:
    token = sign_in.mailed_link(mail)
    if token is None:
        return {"template": "sign_in_unknown", "address": mail.address}
    next_path = mail.params.get("next")
    back = f"?next={quote(next_path, safe='/')}" if next_path else ""
    minutes = int(sign_in.LINK_LIFETIME.total_seconds()) // 60
    return {
        "template": "sign_in_link",
        "address": mail.address,
        "link": f"{_base_url()}/sign-in/{token}{back}",
        "minutes": minutes,
    }


def _invitation(mail: OutboxMail) -> Context | None:
    invitation = db.session.get(AccountInvitation, mail.params["invitation"], populate_existing=True)
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at:
        return None
    if invitation.expires_at <= now():
        return None
    token = tokens.invitation_token(keys().link, invitation.uid)
    return {
        "program_name": invitation.program.name(mail.locale),
        "meetup_title": invitation.meetup.title(mail.locale) if invitation.meetup else None,
        "role": invitation.role,
        "link": f"{_base_url()}/invitations/{token}",
        "expires_at": invitation.expires_at,
    }


def _base_url() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base
