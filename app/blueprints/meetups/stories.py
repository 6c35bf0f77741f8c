"""The story of a meetup at the desk: its text, its photos with who agreed, what speakers let be quoted."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access
from app.clock import now
from app.domain.errors import DomainError
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.words import Words
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.organizing import looks, story_photos
from app.services.organizing import stories as service

from .routes import bp

STORY = "/desk/<program>/meetups/<slug>/story"
MOST_AT_ONCE = 10


@bp.get(STORY)
@access.member(Role.ORGANIZER)
def story(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post(STORY)
@access.member(Role.ORGANIZER)
def save_story(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    words = Words(several_lines(request.form.get("words_ko")), several_lines(request.form.get("words_en")))
    return _tried(
        program, meetup, lambda: service.save(meetup.id, words, access.current_actor()), _("Saved.")
    )


@bp.post(f"{STORY}/publication")
@access.member(Role.ORGANIZER)
def publish_story(program: Program, slug: str) -> ResponseReturnValue:
    meetup, shown = access.meetup_of(program, slug), request.form.get("shown") == "yes"
    done = (
        _("Everybody can read the story now.")
        if shown
        else _("The story is taken back: only organizers see it.")
    )
    return _tried(program, meetup, lambda: service.publish(meetup.id, shown, access.current_actor()), done)


@bp.post(f"{STORY}/photos")
@access.member(Role.ORGANIZER)
def add_photo(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)

    files, added = [each for each in request.files.getlist("photo") if each.filename], 0
    try:
        if not files or len(files) > MOST_AT_ONCE:
            raise DomainError("photo_missing", most=MOST_AT_ONCE)
        agreed = request.form.get("agreed") == "yes"
        for each in files:
            story_photos.add_photo(meetup, each.stream, _caption(), access.current_actor(), agreed=agreed)
            added += 1
    except DomainError as refusal:
        said = explain(refusal)
        if added:
            before = ngettext(
                "%(num)d photo before it is added.", "%(num)d photos before it are added.", added
            )
            said = f"{files[added].filename}: {said} {before}"
        return _page(program, access.meetup_of(program, slug), said), 422
    flash(ngettext("%(num)d photo is added.", "%(num)d photos are added.", added))
    return redirect(url_for(".story", program=program.slug, slug=slug), 303)


@bp.post(f"{STORY}/photos/<int:photo_id>/caption")
@access.member(Role.ORGANIZER)
def describe_photo(program: Program, slug: str, photo_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    describe = lambda: story_photos.describe(meetup.id, photo_id, _caption(), access.current_actor())  # noqa: E731 - one line
    return _tried(program, meetup, describe, _("The caption is saved."))


def _caption() -> Words:
    return Words(one_line(request.form.get("caption_ko")), one_line(request.form.get("caption_en")))


@bp.post(f"{STORY}/photos/<int:photo_id>/removal")
@access.member(Role.ORGANIZER)
def remove_photo(program: Program, slug: str, photo_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    remove = lambda: story_photos.remove_photo(meetup.id, photo_id, access.current_actor())  # noqa: E731 - one line
    return _tried(program, meetup, remove, _("The photo is removed, its file too."))


@bp.post(f"{STORY}/photos/<int:photo_id>/restoring")
@access.member(Role.ORGANIZER)
def restore_photo(program: Program, slug: str, photo_id: int) -> ResponseReturnValue:
    meetup, reason = access.meetup_of(program, slug), one_line(request.form.get("reason"))
    restore = lambda: story_photos.restore(meetup.id, photo_id, reason, access.current_actor())  # noqa: E731 - one line
    return _tried(program, meetup, restore, _("The photo is shown again."))


@bp.post(f"{STORY}/quotes")
@access.member(Role.ORGANIZER)
def add_quote(program: Program, slug: str) -> ResponseReturnValue:
    meetup, given = access.meetup_of(program, slug), request.form

    def act() -> None:
        words = several_lines(given.get("words"))
        talk, speaker = one_line(given.get("talk")), one_line(given.get("speaker"))
        service.add_quote(meetup.id, speaker, talk, words, access.current_actor())

    return _tried(
        program, meetup, act, _("Added. It is shown once the speaker agrees at their personal link.")
    )


@bp.post(f"{STORY}/quotes/<int:quote_id>/removal")
@access.member(Role.ORGANIZER)
def remove_quote(program: Program, slug: str, quote_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    remove = lambda: service.remove_quote(meetup.id, quote_id, access.current_actor())  # noqa: E731 - one line
    return _tried(program, meetup, remove, _("The quotation is removed."))


def _tried(program: Program, meetup: Meetup, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """Do it and come back; a refusal says why above what was typed."""
    slug = meetup.slug
    try:
        act()
    except DomainError as refusal:
        if refusal.code in {"no_such_photo", "no_such_quote"}:
            abort(404)
        return _page(program, access.meetup_of(program, slug), explain(refusal)), 422
    flash(done)
    return redirect(url_for(".story", program=program.slug, slug=slug), 303)


def _page(program: Program, meetup: Meetup, error: str | None = None) -> str:
    found = service.of_meetup(meetup.id)
    unwilling, speakers = service.unwilling(meetup), service.speakers(meetup)
    quotes = service.quotes(meetup.id, unapproved=True)
    if speakers or quotes or (unwilling and unwilling.names):
        looks.at_attendees(program.id, meetup.id, access.current_actor())
    words = found.words if found else Words()
    return render_template(
        "meetups/story.html",
        program=program,
        meetup=meetup,
        story=found,
        words={"ko": request.form.get("words_ko", words.ko), "en": request.form.get("words_en", words.en)},
        photos=story_photos.photos(meetup.id, hidden=True),
        quotes=quotes,
        unwilling=unwilling,
        talks=[talk for talk in meetup.talks if talk.speaker],
        typed=request.form,
        error=error,
        locale=current_locale(),
        is_over=meetup.ends_at <= now(),
        speakers=speakers,
        most_at_once=MOST_AT_ONCE,
        longest_quote=service.LONGEST_QUOTE,
    )
