"""One's mail once more, or a new link and ticket where others may have the old ones."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.models import Registration, Status
from app.refusals import explain
from app.services.personal import own_links
from app.services.registering import registrations


@bp.get(f"{LINK}/renewal")
@access.declared("personal_link")
def renewing(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    if not found.address:
        return redirect(url_for(".registration", reference=reference, secret=secret))
    return _page(found, secret)


@bp.post(f"{LINK}/mails")
@access.declared("personal_link")
def mail_again(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    try:
        own_links.mail_again(found)
    except DomainError as refusal:
        return _page(found, secret, explain(refusal)), 422
    flash(_("The mail goes out again, to %(address)s.", address=found.address))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


@bp.post(f"{LINK}/renewal")
@access.declared("personal_link")
def renew(reference: str, secret: str) -> ResponseReturnValue:
    """Leads away from here: this link is void, and the new one is for whoever reads the mail."""
    found = mine(reference, secret)
    try:
        own_links.renew(found)
    except DomainError as refusal:
        return _page(found, secret, explain(refusal)), 422
    flash(_("The old link no longer works. The new one is on its way by mail."))
    return redirect(url_for(".show", slug=found.meetup.slug), 303)


def _page(found: Registration, secret: str, error: str | None = None) -> str:
    ahead = own_links.is_ahead(found)
    return render_template(
        "rsvp/renewing.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        error=error,
        may_be_mailed=ahead and found.status in registrations.MAIL,
        has_ticket=ahead and found.status is Status.CONFIRMED,
    )
