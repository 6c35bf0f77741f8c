"""Invitations at the desk: whom to invite, a look at the mail before it goes, what became of each, reminding the silent."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from app import access, mail_words
from app.db import db
from app.domain.errors import DomainError
from app.domain.inviting import LONGEST_WORDS, MAIL_LESS, Fate
from app.domain.seating.modes import Mode
from app.domain.writing.kept_texts import several_lines
from app.domain.writing.mail_texts import NO_TEXT
from app.i18n import LOCALES
from app.models import Meetup, Program, Role
from app.numbers import number, query_number
from app.refusals import explain
from app.searches import searched
from app.services.inviting import candidates, invitation_fates, invitation_texts, letting_in
from app.services.inviting import meetup_invitations as service
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import own_texts
from app.services.mails.samples import sample
from app.services.organizing import looks
from app.services.seating.windows import why_closed

from .forms import TOO_LONG
from .routes import bp

INVITATIONS = "/desk/<program>/meetups/<slug>/invitations"
PAGE = 100


class WordsForm(FlaskForm):
    """What the organizer adds to the mail in their own words."""

    words = TextAreaField(
        _l("A line of your own"),
        filters=[several_lines],
        validators=[Length(max=LONGEST_WORDS, message=TOO_LONG)],
    )


@bp.get(INVITATIONS)
@access.program_member(Role.ORGANIZER)
def invitations(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.post(f"{INVITATIONS}/preview")
@access.program_member(Role.ORGANIZER)
def preview_invitations(program: Program, slug: str) -> ResponseReturnValue:
    """Whom it reaches and what they will read. Nothing is sent yet."""
    meetup, form = access.meetup_of(program, slug), WordsForm()
    if not (request.form.getlist("cohort") or request.form.getlist("who")):
        return _page(program, meetup, [_("Tick a cohort, or people.")]), 422
    return preview_of(program, meetup, form, _choice())


@bp.post(INVITATIONS)
@access.program_member(Role.ORGANIZER)
def send_invitations(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), WordsForm()
    if not form.validate():
        return preview_of(program, meetup, form, _choice())
    try:
        sent = service.invite(meetup.id, _choice(), form.words.data or "", access.current_actor())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), [explain(refusal)]), 422
    flash(
        ngettext(
            "%(num)d invitation is on its way. Below you see who answers.",
            "%(num)d invitations are on their way, a few at a time. Below you see who answers.",
            sent,
        )
    )
    return _back(program, slug)


@bp.post(f"{INVITATIONS}/reminders/preview")
@access.program_member(Role.ORGANIZER)
def preview_reminders(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), WordsForm()
    return _preview_of_reminders(program, meetup, form), 200 if form.validate() else 422


@bp.post(f"{INVITATIONS}/reminders")
@access.program_member(Role.ORGANIZER)
def send_reminders(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), WordsForm()
    if not form.validate():
        return _preview_of_reminders(program, meetup, form), 422
    try:
        sent = service.remind(meetup.id, form.words.data or "", access.current_actor())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), [explain(refusal)]), 422
    flash(ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", sent))
    return _back(program, slug)


@bp.post(f"{INVITATIONS}/without-mail")
@access.program_member(Role.ORGANIZER)
def let_in(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        number = letting_in.let_in(meetup.id, _choice().people, access.current_actor())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), [explain(refusal)]), 422
    flash(
        ngettext(
            "%(num)d person may register now. Tell them yourself: no mail goes out.",
            "%(num)d people may register now. Tell them yourself: no mail goes out.",
            number,
        )
    )
    return _back(program, slug)


@bp.post(f"{INVITATIONS}/<int:meetup_invitation_id>/withdrawal")
@access.program_member(Role.ORGANIZER)
def withdraw_invitation(program: Program, slug: str, meetup_invitation_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    try:
        letting_in.withdraw(meetup.id, meetup_invitation_id, access.current_actor())
    except DomainError as refusal:
        return _page(program, access.meetup_of(program, slug), [explain(refusal)]), 410
    flash(_("The invitation is taken back: its link leads nowhere any more. You can invite them again."))
    return _back(program, slug)


def closed_because(meetup: Meetup) -> str | None:
    """Why nobody can be invited at the moment, in words."""
    reason = why_closed(meetup)
    return None if reason in service.MAY_BE_MAILED else explain(DomainError(str(reason)))


def _choice() -> Choice:
    """What was ticked; what is no number is nothing."""
    cohorts, people = (
        frozenset(found for text in request.form.getlist(name) if (found := number(text)) is not None)
        for name in ("cohort", "who")
    )
    return Choice(cohorts, people)


def _back(program: Program, slug: str) -> ResponseReturnValue:
    return redirect(url_for(".invitations", program=program.slug, slug=slug), 303)


def _fate() -> Fate | None:
    """The fate that the address asks for; of none such, all."""
    asked = request.args.get("fate", "")
    return Fate(asked) if asked in list(Fate) else None


def _page(program: Program, meetup: Meetup, errors: list[str] | None = None) -> str:
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    found = candidates.of_meetup(db.session(), meetup)
    overview, fate, start = invitation_fates.overview(meetup), _fate(), query_number("start", 0)
    stands = [each for each in overview.stands if (each.invited if fate is None else each.fate is fate)]
    asked = searched()
    rows = invitation_fates.listed(stands, start=start, size=PAGE)
    return render_template(
        "meetups/invitations.html",
        program=program,
        meetup=meetup,
        errors=errors or [],
        closed=closed_because(meetup),
        by_cohort=candidates.by_cohort(found),
        to_come=len({each.person_id for each in found if each.hindrance is None}),
        asked=asked,
        found=candidates.search(meetup, found, asked) if asked else [],
        overview=overview,
        to_remind=len(invitation_fates.to_remind(overview.stands)),
        fate=fate,
        rows=rows,
        texts=invitation_texts.ready(meetup, rows),
        total=len(stands),
        start=start,
        step=PAGE,
        words=mail_words.INVITED,
        hindrances=mail_words.NOT_INVITED,
        batches=invitation_fates.batches(meetup.id, overview.stands),
        may_let_in=MAIL_LESS if meetup.mode is Mode.INVITATION else frozenset(),
    )


def preview_of(program: Program, meetup: Meetup, form: WordsForm, choice: Choice) -> ResponseReturnValue:
    """Whom this choice reaches and what they will read."""
    found = candidates.of_meetup(db.session(), meetup)
    chosen = candidates.chosen(found, choice.cohorts, choice.people)
    page = _look(
        program,
        meetup,
        form,
        number=len(chosen.people),
        held=chosen.held,
        choice=choice,
        reminder=False,
    )
    return page, 200 if form.validate() else 422


def _preview_of_reminders(program: Program, meetup: Meetup, form: WordsForm) -> str:
    number = len(invitation_fates.to_remind(invitation_fates.of_meetup(db.session(), meetup)))
    return _look(program, meetup, form, number=number, held={}, choice=None, reminder=True)


def _look(program: Program, meetup: Meetup, form: WordsForm, *, reminder: bool, **shown: object) -> str:
    kind, words = service.REMINDER if reminder else service.MAIL, form.words.data or ""
    text = own_texts.for_mails(kind, {meetup.id}).get(meetup.id, NO_TEXT)
    return render_template(
        "meetups/invitation_preview.html",
        program=program,
        meetup=meetup,
        form=form,
        reminder=reminder,
        kind=kind,
        mails={locale: sample(meetup, kind, locale, text, words) for locale in LOCALES},
        hindrances=mail_words.NOT_INVITED,
        longest=LONGEST_WORDS,
        **shown,
    )
