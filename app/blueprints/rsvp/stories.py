"""What a meetup was like: for everybody; a photo taken down by whoever asks; a quotation let or refused by its speaker."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, links
from app.blueprints.rsvp.forms import EmptyForm
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp, public_meetup
from app.clock import now
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Meetup, StoryPhoto
from app.refusals import explain
from app.services.organizing import stories, story_photos
from app.visitors import client


@bp.get("/m/<slug>/story")
@access.public
def story(slug: str) -> ResponseReturnValue:
    meetup = _told(slug)
    locale = current_locale()
    found = stories.of_meetup(meetup.id)
    return render_template(
        "rsvp/story.html",
        meetup=meetup,
        story=found,
        photos=story_photos.photos(meetup.id),
        quotes=stories.quotes(meetup.id),
        talks=[talk for talk in meetup.talks if talk.speaker and talk.is_announced(now())],
        page_url=links.external("rsvp.story", slug=slug),
        card_url=links.external("rsvp.card", slug=slug, version=meetup.version, lang=locale),
    )


@bp.get("/m/<slug>/story/photos/<uid>/removal")
@access.public
def photo_down(slug: str, uid: str) -> ResponseReturnValue:
    meetup = _told(slug)
    return _asking(meetup, _photo(meetup, uid), EmptyForm())


@bp.post("/m/<slug>/story/photos/<uid>/removal")
@access.public
def ask_photo_down(slug: str, uid: str) -> ResponseReturnValue:
    meetup, form = _told(slug), EmptyForm()
    photo = _photo(meetup, uid)
    try:
        story_photos.ask_down(meetup, uid, request.form.get("words", "").strip(), client())
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _asking(meetup, photo, form), 422
    return _asking(meetup, photo, form, done=True)


@bp.get(f"{LINK}/quotes")
@access.declared("personal_link")
def own_quotes(reference: str, secret: str) -> ResponseReturnValue:
    found = mine(reference, secret)
    return render_template(
        "rsvp/quotes.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        quotes=stories.quotes_of(found.id),
    )


@bp.post(f"{LINK}/quotes/<int:quote_id>")
@access.declared("personal_link")
def decide_quote(reference: str, secret: str, quote_id: int) -> ResponseReturnValue:
    found, approved = mine(reference, secret), request.form.get("approved") == "yes"
    try:
        stories.decide_quote(found.id, quote_id, approved)
    except DomainError:
        abort(404)
    flash(_("Thank you: it may be shown.") if approved else _("It is not shown."))
    return redirect(url_for(".own_quotes", reference=reference, secret=secret), 303)


def _told(slug: str) -> Meetup:
    """The meetup whose story strangers may read, or 404."""
    meetup = public_meetup(slug)
    if not stories.is_public(meetup):
        abort(404)
    return meetup


def _photo(meetup: Meetup, uid: str) -> StoryPhoto:
    found = next((photo for photo in story_photos.photos(meetup.id, hidden=True) if photo.uid == uid), None)
    return found or abort(404)


def _asking(meetup: Meetup, photo: StoryPhoto, form: EmptyForm, *, done: bool = False) -> str:
    return render_template(
        "rsvp/photo_down.html",
        meetup=meetup,
        photo=photo,
        form=form,
        typed=request.form.get("words", ""),
        longest=stories.LONGEST_REASON,
        done=done or photo.hidden_at is not None,
    )
