"""One act on many people of the table: first a page of whom it touches, then the act, then its undo where there is one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app import access, people_filters
from app.blueprints.exports import bulk_words, last_act, people
from app.blueprints.exports.attendee import LONGEST_REASON
from app.blueprints.exports.routes import bp
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.tags import read, written
from app.domain.writing.kept_texts import one_line
from app.domain.writing.resident_numbers import holds_resident_number
from app.models import Meetup, Program, Role
from app.refusals import explain, sentence
from app.services.organizing import bulk, looks
from app.services.organizing.bulk import Order
from app.services.organizing.bulk_acts import OF_TAGS, UNDOABLE, WANTS_REASON, Act

MANY = "/attendees/many"
MOST_NAMED = people_filters.MOST_NAMED
TO = {"export": ".export", "print": ".print_people", "write": "meetups.new_message"}
"""Pages that take those chosen along, for what is no act on them."""
FINAL = frozenset({Act.CANCEL, Act.REISSUE})  # shown as dangerous


@bp.get(MANY)
@access.member(Role.ORGANIZER)
def choose_many(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if there := TO.get(request.args.get("to", "")):
        return _lead(there, program, slug, request.args)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    return _page(program, meetup, request.args)


@bp.post(MANY)
@access.member(Role.ORGANIZER)
def do_to_many(program: Program, slug: str) -> ResponseReturnValue:
    """Refused, with the page anew, where it would touch others than the page that was looked at said."""
    meetup, given = access.meetup_of(program, slug), request.form
    order, problem = _order(meetup, given)
    if problem:
        return _page(program, meetup, given, problem), 422
    batch = tokens.uid()
    try:
        done = bulk.do(order, access.current_actor(), batch, given.get("mark", ""))
    except DomainError as refusal:
        return _page(program, meetup, given, explain(refusal)), 422
    undone = None
    if done.number and order.act in UNDOABLE:
        hint = bulk_words.UNDO.get(order.act, "")
        undone = {"act": order.act.value, "tag": written(order.tags), "batch": batch, "hint": str(hint)}
    words = bulk_words.done(order.act, done.number, written(order.tags))
    last_act.keep(meetup.id, words, _left_out(done.skipped), undone)
    return _back(program, slug, given)


@bp.post(f"{MANY}/undo")
@access.member(Role.ORGANIZER)
def undo_many(program: Program, slug: str) -> ResponseReturnValue:
    meetup, given = access.meetup_of(program, slug), request.form
    act = given.get("act", "")
    order = Order(meetup.id, Act(act) if act in UNDOABLE else Act.TAG)
    try:
        done = bulk.undo(order, program.id, access.current_actor(), given.get("batch", ""))
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        last_act.forget()
        flash(ngettext("Undone for %(num)d person.", "Undone for %(num)d people.", done.number))
        if left_out := _left_out(done.skipped):
            flash(f"{_('Left out')}: {' · '.join(left_out)}", "warning")
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
        acts=bulk_words.ACTS,
        of_tags=OF_TAGS,
        follows=bulk_words.FOLLOWS.get(order.act),
        final=order.act in FINAL,
        takes_reason=order.act in WANTS_REASON | {Act.APPROVE},
        wants_reason=order.act in WANTS_REASON,
        found=found,
        problem=problem,
        skipped=_left_out(found.skipped) if found else (),
        who=_who(given),
        everybody=_is_everybody(given),
        query=people.view_of(given),
        typed=given,
        longest_reason=LONGEST_REASON,
    )


def _order(meetup: Meetup, given: MultiDict[str, str]) -> tuple[Order, str]:
    """What was asked for, and what is still wrong with it."""
    act = Act(given["act"]) if given.get("act") in set(Act) else Act.TAG
    reason, tags, problem = one_line(given.get("reason"))[:LONGEST_REASON], [], ""
    try:
        tags = read(given.get("set_tag", ""))
    except DomainError as refusal:
        problem = explain(refusal)
    if act in OF_TAGS and not tags:
        problem = problem or _("Write a tag.")
    if act in WANTS_REASON and not reason:
        problem = _("Write the reason.")
    if holds_resident_number(f"{reason} {given.get('set_tag', '')}"):
        problem = sentence("resident_number_typed")
    wanted = people_filters.read(given) if _is_everybody(given) else None
    return Order(meetup.id, act, tags=tags, reason=reason, who=_who(given), wanted=wanted), problem


def _who(given: MultiDict[str, str]) -> list[str]:
    return given.getlist("who")[:MOST_NAMED]


def _lead(there: str, program: Program, slug: str, given: MultiDict[str, str]) -> ResponseReturnValue:
    """To another page, with the filters or with those who are ticked."""
    at: dict[str, Any] = {"program": program.slug, "slug": slug}
    query, who, everybody = people.view_of(given), _who(given), _is_everybody(given)
    if not everybody and not who:
        flash(_("Tick people in the list first, or choose all whom the filters find."), "warning")
        return _back(program, slug, given)
    if not everybody:
        query = {"sort": query.get("sort", []), "only": [people_filters.only_these(who)]}
        return redirect(url_for(there, **(query | at)))
    if there != TO["print"]:
        query["status"] = sorted(people_filters.read(given).states)
    return redirect(url_for(there, **(query | at)))


def _is_everybody(given: MultiDict[str, str]) -> bool:
    return bool(given.get("everybody"))


def _left_out(skipped: Counter[str]) -> list[str]:
    """Why, and how many; the same words stand once."""
    found: Counter[str] = Counter()
    for code, number in skipped.items():
        found[bulk_words.why(code)] += number
    return [f"{words}: {format_decimal(number)}" for words, number in found.items()]


def _back(program: Program, slug: str, given: MultiDict[str, str]) -> ResponseReturnValue:
    values: dict[str, Any] = {"program": program.slug, "slug": slug} | people.view_of(given)
    return redirect(url_for(".attendees_list", **values), 303)
