"""The organizer's own words for a meetup's mails: written in both languages, looked at as they will arrive."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.domain.meetup_drafts import Unusable
from app.domain.seating.modes import Mode
from app.domain.seating.offers import FreedSeats
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.mail_texts import FIELDS, NO_TEXT, MailText
from app.domain.writing.words import Words
from app.headers import framing_policy, mail_policy
from app.i18n import LOCALES, current_locale
from app.mail_words import KINDS
from app.models import Meetup, Program, Role
from app.refusals import explain
from app.services.fees import terms
from app.services.mails import own_texts
from app.services.mails.samples import OWN_TEXT, sample

from .routes import bp

TEXTS = "/desk/<program>/meetups/<slug>/mails/texts"

ONLY_IF: Mapping[str, Callable[[Meetup], object]] = {
    **dict.fromkeys(("fee_asked", "fee_reminder", "fee_unpaid"), lambda meetup: terms.of_meetup(meetup.id)),
    "registration_applied": lambda meetup: meetup.mode in {Mode.APPROVAL, Mode.DRAW},
    "registration_not_selected": lambda meetup: meetup.mode is Mode.APPROVAL,
    "registration_drawn": lambda meetup: meetup.mode is Mode.DRAW,
    "registration_not_drawn": lambda meetup: meetup.mode is Mode.DRAW,
    "registration_offered": lambda meetup: meetup.freed_seats is FreedSeats.OFFER,
    "registration_expired": lambda meetup: meetup.freed_seats is FreedSeats.OFFER,
    "still_coming": lambda meetup: meetup.still_coming_hours is not None,
    "registration_released": lambda meetup: meetup.release_hours is not None,
    **dict.fromkeys(
        ("fee_asked", "fee_reminder", "fee_unpaid"), lambda meetup: terms.of_meetup(meetup.id) is not None
    ),
    "reminder": lambda meetup: meetup.reminds_week or meetup.reminds_day,
    "thanks": lambda meetup: meetup.thanks,
}
"""Mails that only some settings send."""


@bp.get(TEXTS)
@access.member(Role.ORGANIZER)
def mail_texts(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    own = own_texts.of(meetup.id)
    return render_template(
        "meetups/mail_texts.html",
        program=program,
        meetup=meetup,
        rows=[(kind, KINDS[kind], own.get(kind, NO_TEXT), _is_sent(meetup, kind)) for kind in OWN_TEXT],
    )


@bp.get(f"{TEXTS}/<kind>")
@access.member(Role.ORGANIZER)
def mail_text(program: Program, slug: str, kind: str) -> ResponseReturnValue:
    meetup = _known(program, slug, kind)
    return _page(program, meetup, kind, own_texts.of(meetup.id).get(kind, NO_TEXT))


@bp.post(f"{TEXTS}/<kind>")
@access.member(Role.ORGANIZER)
def save_mail_text(program: Program, slug: str, kind: str) -> ResponseReturnValue:
    meetup, text = _known(program, slug, kind), _typed()
    try:
        own_texts.save(meetup.id, kind, text, access.current_actor())
    except Unusable as refusal:
        problems = {where: explain(problem) for where, problem in refusal.problems.items()}
        return _page(program, meetup, kind, text, problems), 422
    flash(
        _("Saved. Mails that are written from now on begin with it.")
        if text
        else _("Back to the usual text.")
    )
    return redirect(url_for(".mail_texts", program=program.slug, slug=slug), 303)


@bp.get(f"{TEXTS}/<kind>/preview/<lang>")
@access.member(Role.ORGANIZER)
def mail_text_preview(program: Program, slug: str, kind: str, lang: str) -> ResponseReturnValue:
    meetup = _known(program, slug, kind)
    return _preview(meetup, kind, lang, own_texts.of(meetup.id).get(kind, NO_TEXT))


@bp.post(f"{TEXTS}/<kind>/preview/<lang>")
@access.member(Role.ORGANIZER)
def preview_mail_text(program: Program, slug: str, kind: str, lang: str) -> ResponseReturnValue:
    """As it would be with what is typed; nothing is kept."""
    return _preview(_known(program, slug, kind), kind, lang, _typed())


def _known(program: Program, slug: str, kind: str) -> Meetup:
    if kind not in OWN_TEXT:
        abort(404)
    return access.meetup_of(program, slug)


def _is_sent(meetup: Meetup, kind: str) -> bool:
    return kind not in ONLY_IF or bool(ONLY_IF[kind](meetup))


def _typed() -> MailText:
    def words(name: str, tidy: Callable[[str], str]) -> Words:
        return Words(*(tidy(request.form.get(f"{name}_{locale}", "")) or "" for locale in ("ko", "en")))

    return MailText(words("subject", one_line), words("words", several_lines))


def _page(
    program: Program, meetup: Meetup, kind: str, text: MailText, problems: Mapping[str, str] | None = None
) -> Response:
    page = render_template(
        "meetups/mail_text.html",
        program=program,
        meetup=meetup,
        kind=kind,
        label=KINDS[kind],
        text=text,
        problems=problems or {},
        fields=list(FIELDS if current_locale() == "en" else FIELDS.values()),
        usual={locale: sample(meetup, kind, locale, NO_TEXT).subject for locale in LOCALES},
        is_sent=_is_sent(meetup, kind),
    )
    return framing_policy(make_response(page))


def _preview(meetup: Meetup, kind: str, locale: str, text: MailText) -> Response:
    if locale not in LOCALES:
        abort(404)
    return mail_policy(make_response(sample(meetup, kind, locale, text).html))
