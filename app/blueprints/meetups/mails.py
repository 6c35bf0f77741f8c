"""The mails of a meetup at the desk: what waits, what failed and why, and what became of those to one address."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app import access, mail_words
from app.domain.writing.addresses import clean_address, valid_key
from app.models import MailState, Meetup, Program, Role
from app.numbers import number, query_number
from app.services.mails import mail_fates
from app.services.organizing import looks

from .routes import bp

MAILS = "/desk/<program>/meetups/<slug>/mails"
PAGE = 50
LONGEST_ADDRESS = 254  # RFC 5321


@bp.get(MAILS)
@access.member(Role.ORGANIZER)
def mails(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    typed = request.args.get("q", "").strip()[:LONGEST_ADDRESS]
    asked = clean_address(typed)
    if typed and not valid_key(asked) and access.runs_program():
        people, more = mail_fates.people(meetup, typed)
        looks.at_people(program.id, [each.person_id for each in people], access.current_actor())
        return _page(program, meetup, typed=typed, people=people, more_people=more)
    if asked and access.runs_program():  # whether an address is on a list is the programme's to know
        known = mail_fates.of_address(meetup, asked)
        if known.person:
            looks.at_person(program.id, known.person.id, access.current_actor())
        return _page(program, meetup, asked=asked, known=known)
    state, start = _state(), query_number("start", 0)
    rows = mail_fates.listed(meetup.id, state, start=start, size=PAGE)
    return _page(
        program, meetup, state=state, rows=rows[:PAGE], more=len(rows) > PAGE, start=start, step=PAGE
    )


@bp.post(f"{MAILS}/tries")
@access.member(Role.ORGANIZER)
def try_mails_again(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    named = request.form.get("mail", "")
    owed = mail_fates.try_again(meetup, (number(named) or 0) if named else None, access.current_actor())
    said = ngettext("%(num)d mail goes out again.", "%(num)d mails go out again.", owed)
    flash(
        said if owed else _("Nothing to send again: it has gone out meanwhile."),
        "success" if owed else "info",
    )
    state = request.form.get("state") or None
    return redirect(url_for(".mails", program=program.slug, slug=slug, state=state), 303)


def _state() -> MailState | None:
    """The state that the address asks for; of none such, all."""
    asked = request.args.get("state", "")
    return MailState(asked) if asked in list(MailState) else None


def _page(program: Program, meetup: Meetup, **shown: object) -> str:
    return render_template(
        "meetups/mails.html",
        program=program,
        meetup=meetup,
        health=mail_fates.health(meetup.id),
        mail_words=mail_words,
        asked_states=list(MailState),
        **shown,
    )
