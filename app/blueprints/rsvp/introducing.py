"""Introducing oneself to the others who come, and seeing who they are."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.domain.errors import DomainError
from app.domain.introductions import LONGEST, SHOWN_AFTER, Introduction
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.models import Registration
from app.numbers import query_number
from app.refusals import explain
from app.services.meeting import introductions

PAGE = 60
ON_BADGE = "on_badge"


@bp.get(f"{LINK}/introduction")
@access.declared("personal_link")
def introduction(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    card = introductions.of_registration(found.id)
    if not (card and card.is_written) and not introductions.may_write(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    typed = {name: getattr(card, name) for name in (*LONGEST, ON_BADGE)} if card else {}
    return _page(found, secret, typed)


@bp.post(f"{LINK}/introduction")
@access.declared("personal_link")
def introduce(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    words = {name: request.form.get(name, "") for name in LONGEST}
    on_badge = ON_BADGE in request.form
    typed: dict[str, Any] = words | {ON_BADGE: on_badge}
    try:
        introductions.write(found.id, Introduction(**words), on_badge=on_badge)
    except Unusable as refusal:
        problems = {name: [explain(problem)] for name, problem in refusal.problems.items()}
        return _page(mine(reference, secret), secret, typed, problems), 422
    except DomainError as refusal:
        return _page(mine(reference, secret), secret, typed, error=explain(refusal)), 422
    flash(_saved(found))
    where = ".introductions_of_others" if introductions.may_look(found) else ".registration"
    return redirect(url_for(where, reference=reference, secret=secret), 303)


@bp.post(f"{LINK}/introduction/removal")
@access.declared("personal_link")
def take_introduction_back(reference: str, secret: str) -> ResponseReturnValue:
    introductions.take_back(mine(reference, secret).id)
    flash(_("Your card is deleted. Nobody sees it any more."))
    return redirect(url_for(".registration", reference=reference, secret=secret), 303)


@bp.get(f"{LINK}/introductions")
@access.declared("personal_link")
def introductions_of_others(reference: str, secret: str) -> ResponseReturnValue:
    found, start = mine(reference, secret), query_number("start", 0)
    if not introductions.may_look(found):
        return redirect(url_for(".registration", reference=reference, secret=secret))
    cards = introductions.shown(found.meetup_id, start=start, size=PAGE)
    return render_template(
        "rsvp/introductions.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        cards=cards[:PAGE],
        start=start,
        step=PAGE,
        more=len(cards) > PAGE,
        own=introductions.of_registration(found.id),
    )


def _saved(found: Registration) -> str:
    """Who sees it now."""
    card = introductions.of_registration(found.id)
    if card and card.hidden_at:
        return str(_("Saved. Nobody sees it, as the organizers have hidden your card."))
    if introductions.may_look(found):
        return str(_("Saved. Those who have a seat see it."))
    return str(_("Saved. Nobody sees it yet: it is shown once you have a seat."))


def _page(
    found: Registration,
    secret: str,
    typed: dict[str, Any],
    problems: dict[str, list[str]] | None = None,
    error: str | None = None,
) -> str:
    return render_template(
        "rsvp/introduction.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=EmptyForm(),
        typed=typed,
        problems=problems or {},
        error=error,
        longest=LONGEST,
        card=introductions.of_registration(found.id),
        has_seat=found.status is Status.CONFIRMED,
        may_write=introductions.may_write(found),
        until=found.meetup.ends_at + SHOWN_AFTER,
    )
