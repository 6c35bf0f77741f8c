"""A meetup's public page, its calendar file and its picture for chats."""

from __future__ import annotations

from typing import cast

from flask import Response, abort, current_app, render_template, request, session
from flask.typing import ResponseReturnValue

from app import access, links
from app.blueprints.rsvp import memory, texts
from app.blueprints.rsvp.forms import AddressForm
from app.blueprints.rsvp.phases import Phase, phase_of
from app.blueprints.rsvp.routes import bp, public_meetup
from app.calendars import meetup_ics
from app.cards import card_png
from app.clock import now
from app.i18n import LOCALES, current_locale, select_locale
from app.recent import Recent
from app.services.organizing import stories
from app.services.seating import draws

CARD_SECONDS = 31_536_000
# Finished pages, kept in this process: the page of a rush is written once, not for everyone. 60 seconds
# are for what carries no version: the names of programmes and cohorts.
PAGES, MOST_PAGES, PAGE_SECONDS = "rsvp.pages", 200, 60.0


@bp.get("/m/<slug>")
@access.public
def show(slug: str) -> ResponseReturnValue:
    phase = phase_of(slug)
    if phase is None:
        abort(404)
    asked = memory.recall(phase.meetup_id)
    resume = None if asked is None else "check" if asked.proved else "code"
    if not _same_for_all():
        return page(slug, phase, AddressForm(), resume)
    key = (phase, select_locale(), resume)
    return _pages().get(key, lambda: page(slug, phase, AddressForm(), resume))


def page(slug: str, phase: Phase, form: AddressForm, resume: str | None = None) -> str:
    """The page with a form as it was sent."""
    meetup, locale = public_meetup(slug), current_locale()
    return render_template(
        "rsvp/show.html",
        meetup=meetup,
        talks=[talk for talk in meetup.talks if talk.is_announced(now())],
        has_story=meetup.ends_at <= now() and stories.is_public(meetup),
        phase=phase,
        form=form,
        resume=resume,
        notice=texts.notice_of(meetup),
        draw=draws.latest_of(meetup),
        page_url=links.external("rsvp.show", slug=slug),
        card_url=links.external("rsvp.card", slug=slug, version=meetup.version, lang=locale),
    )


@bp.get("/m/<slug>/calendar.ics")
@access.public
def calendar(slug: str) -> Response:
    meetup = public_meetup(slug)
    data = meetup_ics(meetup, current_locale(), links.external("rsvp.show", slug=slug))
    return Response(data, mimetype="text/calendar")


@bp.get("/m/<slug>/card-<int:version>-<lang>.png")
@access.public
def card(slug: str, version: int, lang: str) -> Response:
    """The picture that chats show. An old version's address gives the present picture, kept briefly."""
    meetup = public_meetup(slug)
    if lang not in LOCALES:
        abort(404)
    response = Response(card_png(meetup, lang), mimetype="image/png")
    seconds = CARD_SECONDS if version == meetup.version else 300
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _same_for_all() -> bool:
    """Whether this request's page holds nothing of its own: no query to keep, no message to show."""
    developing = current_app.config["TEMPLATES_AUTO_RELOAD"]
    return not (developing or request.query_string or "_flashes" in session)


def _pages() -> Recent[str]:
    kept = current_app.extensions.get(PAGES)
    if kept is None:
        kept = current_app.extensions[PAGES] = Recent(MOST_PAGES, PAGE_SECONDS)
    return cast("Recent[str]", kept)
