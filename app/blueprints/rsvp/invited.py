"""An invitation's own page. Its link may have been forwarded, so it shows the meetup and nothing of whom it invites, and a
code that is asked for here goes to the invited person's address, whoever presses."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, links
from app.blueprints.rsvp import memory
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.memory import Asked
from app.blueprints.rsvp.phases import phase_of
from app.blueprints.rsvp.routes import bp
from app.domain import tokens
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Meetup, MeetupInvitation
from app.refusals import explain
from app.services.inviting import answers, meetup_invitations
from app.visitors import client

LINK = "/i/<uid>/<secret>"
Invited = tuple[MeetupInvitation, Meetup]


@bp.get(LINK)
@access.declared("proof_link")
def invited(uid: str, secret: str) -> ResponseReturnValue:
    return _page(_found(uid, secret), secret, EmptyForm())


@bp.post(LINK)
@access.declared("proof_link")
def ask_as_invited(uid: str, secret: str) -> ResponseReturnValue:
    found, form = _found(uid, secret), EmptyForm()
    meetup_id, slug = found[1].id, found[1].slug
    try:
        proof = meetup_invitations.ask(found[0], locale=current_locale(), client=client())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _page(_found(uid, secret), secret, form), 422
    before = memory.recall(meetup_id)
    former = before.uids if before and before.invitation == (uid, secret) else ()
    uids = (proof or tokens.uid(), *former)[: memory.MOST_ASKINGS]
    memory.remember(meetup_id, Asked(uids, "", invitation=(uid, secret)))
    return redirect(url_for(".code", slug=slug), 303)


@bp.get(f"{LINK}/decline")
@access.declared("proof_link")
def declining(uid: str, secret: str) -> ResponseReturnValue:
    """Buttons: whoever opens links to look at them, as mail scanners do, says nothing. Both of them, always: whether the
    person has said no is nothing to who else holds the link."""
    invitation, meetup = _found(uid, secret)
    link = {"uid": invitation.uid, "secret": secret}
    return render_template("rsvp/declining.html", meetup=meetup, link=link, form=EmptyForm())


@bp.post(f"{LINK}/decline")
@access.declared("proof_link")
def decline_invitation(uid: str, secret: str) -> ResponseReturnValue:
    answers.decline(_found(uid, secret)[0].id)
    flash(_("Thank you for telling us. We won't ask again about this meetup."))
    return redirect(url_for(".declining", uid=uid, secret=secret), 303)


@bp.post(f"{LINK}/decline/undo")
@access.declared("proof_link")
def undo_decline(uid: str, secret: str) -> ResponseReturnValue:
    answers.undo_decline(_found(uid, secret)[0].id)
    flash(_("Good to hear! Your invitation holds."))
    return redirect(url_for(".invited", uid=uid, secret=secret), 303)


def _found(uid: str, secret: str) -> Invited:
    found = meetup_invitations.find(uid, secret)
    if found is None or not found[1].is_public:
        abort(404)
    return found


def _page(found: Invited, secret: str, form: EmptyForm) -> str:
    invitation, meetup = found
    locale = current_locale()
    return render_template(
        "rsvp/invited.html",
        meetup=meetup,
        phase=phase_of(meetup.slug),
        link={"uid": invitation.uid, "secret": secret},
        form=form,
        page_url=links.external("rsvp.show", slug=meetup.slug),
        card_url=links.external("rsvp.card", slug=meetup.slug, version=meetup.version, lang=locale),
    )
