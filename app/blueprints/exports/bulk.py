"""One act on many people of the table: first a page of whom it touches, then the act, then its undo where there is one."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from app import access, people_filters
from app.blueprints.exports import people
from app.blueprints.exports.attendee import LONGEST_REASON
from app.blueprints.exports.routes import bp
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.tags import read
from app.domain.writing.resident_numbers import holds_resident_number
from app.models import Meetup, Program, Role
from app.refusals import explain, sentence
from app.services.organizing import bulk, looks
from app.services.organizing.bulk import OF_TAGS, Act, Order

MANY = "/attendees/many"
MOST_NAMED = 500
ACTS = {
    Act.TAG: _l("Add a tag"),
    Act.UNTAG: _l("Remove a tag"),
    Act.MAIL: _l("Send the mail again"),
    Act.CANCEL: _l("Cancel the registrations"),
}
SKIPPED = {
    "is_erased": _l("erased"),
    "nothing_to_mail": _l("no mail to send again"),
    "mail_on_its_way": _l("their mail is on its way already"),
    "already_admitted": _l("checked in: undo that first"),
    "has_ended": _l("already cancelled or expired"),
    "wants_a_list_check": _l("waiting for a list check: decide that"),
    "as_it_was": _l("nothing to change"),
}


@bp.get(MANY)
@access.member(Role.ORGANIZER)
def choose_many(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    return _page(program, meetup, request.args)


@bp.post(MANY)
@access.member(Role.ORGANIZER)
def do_to_many(program: Program, slug: str) -> ResponseReturnValue:
    """Refused, with the page anew, where the list has changed since the page that was looked at."""
    meetup, given = access.meetup_of(program, slug), request.form
    order, problem = _order(meetup, given)
    if problem:
        return _page(program, meetup, given, problem), 422
    try:
        if given.get("number") != str(len(bulk.look(order).ids)):
            return _page(program, meetup, given, _("The list has changed meanwhile. Please look again.")), 422
        batch = tokens.uid()
        done = bulk.do(order, access.current_actor(), batch)
    except DomainError as refusal:
        return _page(program, meetup, given, explain(refusal)), 422
    undone = {"act": order.act.value, "tag": order.tags[0], "batch": batch} if order.act in OF_TAGS else None
    number = len(done.ids)
    words = ngettext("Done for %(num)d person.", "Done for %(num)d people.", number)
    skipped = [f"{_reason(code)}: {n}" for code, n in done.skipped.items()]
    session[people.DONE] = {"words": words, "skipped": skipped, "undo": undone if number else None}
    return _back(program, slug, given)


@bp.post(f"{MANY}/undo")
@access.member(Role.ORGANIZER)
def undo_many(program: Program, slug: str) -> ResponseReturnValue:
    meetup, given = access.meetup_of(program, slug), request.form
    act = Act.UNTAG if given.get("act") == Act.UNTAG else Act.TAG
    order = Order(meetup.id, act, tags=[given.get("set_tag", "")])
    try:
        number = bulk.undo(order, program.id, access.current_actor(), given.get("batch", ""))
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(ngettext("Undone for %(num)d person.", "Undone for %(num)d people.", number))
    return _back(program, slug, given)


def _page(program: Program, meetup: Meetup, given: MultiDict[str, str], problem: str = "") -> str:
    order, _ignored = _order(meetup, given)
    found = None
    try:
        found = bulk.look(order)
    except DomainError as refusal:
        problem = problem or explain(refusal)
    return render_template(
        "exports/many.html",
        program=program,
        meetup=meetup,
        order=order,
        acts=ACTS,
        of_tags=OF_TAGS,
        found=found,
        problem=problem,
        skipped=[(_reason(code), n) for code, n in found.skipped.items()] if found else (),
        who=_who(given),
        everybody=_is_everybody(given),
        query=people.view_of(given),
        typed=given,
        longest_reason=LONGEST_REASON,
    )


def _order(meetup: Meetup, given: MultiDict[str, str]) -> tuple[Order, str]:
    """What was asked for, and what is still wrong with it."""
    act = Act(given["act"]) if given.get("act") in set(Act) else Act.TAG
    reason, tags, problem = " ".join(given.get("reason", "").split())[:LONGEST_REASON], [], ""
    try:
        tags = read(given.get("set_tag", ""))
    except DomainError as refusal:
        problem = explain(refusal)
    if act in OF_TAGS and len(tags) != 1:
        problem = problem or _("Write one tag.")
    if act is Act.CANCEL and not reason:
        problem = _("Write the reason.")
    if holds_resident_number(f"{reason} {given.get('set_tag', '')}"):
        problem = sentence("resident_number_typed")
    wanted = people_filters.read(given) if _is_everybody(given) else None
    return Order(meetup.id, act, tags=tags, reason=reason, who=_who(given), wanted=wanted), problem


def _who(given: MultiDict[str, str]) -> list[str]:
    return given.getlist("who")[:MOST_NAMED]


def _is_everybody(given: MultiDict[str, str]) -> bool:
    return bool(given.get("everybody"))


def _reason(code: str) -> str:
    return str(SKIPPED[code]) if code in SKIPPED else sentence(code)


def _back(program: Program, slug: str, given: MultiDict[str, str]) -> ResponseReturnValue:
    values: dict[str, Any] = {"program": program.slug, "slug": slug} | people.view_of(given)
    return redirect(url_for(".attendees_list", **values), 303)
