"""How a meetup gives its seats, at the desk. A change of mode is shown with whom it affects before it is saved."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.companion_names import CompanionNames
from app.domain.seating.draw import MOST_WEIGHT, Terms
from app.domain.seating.modes import IN_ORDER, Mode
from app.domain.seating.seat_rules import SeatRules
from app.models import Meetup, Program, Role
from app.numbers import typed_number
from app.refusals import explain
from app.services.inviting import candidates
from app.services.registering import companions
from app.services.seating import draws
from app.services.seating import seat_rules as service

from . import numbers
from .routes import bp
from .seat_forms import SeatRulesForm, rules_of, shares_of

SEATS = "/desk/<program>/meetups/<slug>/seats"


@bp.get(SEATS)
@access.member(Role.ORGANIZER)
def seat_rules(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    form = SeatRulesForm(formdata=None, data=rules_of(meetup, draws.typed_of(meetup.id)))
    return _page(program, meetup, form)


@bp.post(SEATS)
@access.member(Role.ORGANIZER)
def save_seat_rules(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), SeatRulesForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    try:
        rules = form.rules(meetup)
        rules.require_usable()
        terms = draws.preview(meetup, rules.draw) if rules.draw else None
        if _touches_people(meetup, rules, terms) and form.understood.data != rules.mode.value:
            return _warning(program, meetup, form, rules, terms)
        service.save(meetup.id, rules, access.current_actor())
    except Unusable as refusal:
        form.note(refusal)
        return _page(program, access.meetup_of(program, slug), form), 422
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return _page(program, access.meetup_of(program, slug), form), 422
    flash(_("Saved."))
    return redirect(url_for(".seat_rules", program=program.slug, slug=slug), 303)


@bp.post(f"{SEATS}/companions")
@access.member(Role.ORGANIZER)
def allow_companions(program: Program, slug: str) -> ResponseReturnValue:
    """How many people a registrant may bring by themselves."""
    meetup = access.meetup_of(program, slug)
    typed = request.form.get("companions", "").strip()
    try:
        most = typed_number(typed)
        companions.allow(meetup.id, -1 if most is None else most, access.current_actor(), _asked_names())
    except DomainError as refusal:
        form = SeatRulesForm(formdata=None, data=rules_of(meetup, draws.typed_of(meetup.id)))
        return _page(program, meetup, form, typed, explain(refusal)), 422
    flash(_("Saved."))
    return redirect(url_for(".seat_rules", program=program.slug, slug=slug, _anchor="companions"), 303)


def _asked_names() -> CompanionNames | None:
    chosen = request.form.get("companion_names", "")
    return CompanionNames(chosen) if chosen in set(CompanionNames) else None


def _touches_people(meetup: Meetup, rules: SeatRules, terms: Terms | None) -> bool:
    """Another mode, or other terms of a draw that somebody entered already."""
    if rules.mode is meetup.mode and terms is None:
        return False
    if rules.mode is not meetup.mode and Mode.INVITATION in (rules.mode, meetup.mode) and meetup.is_public:
        return True
    return numbers.of_meetup(meetup).total.registered > 0


def _warning(
    program: Program, meetup: Meetup, form: SeatRulesForm, rules: SeatRules, terms: Terms | None
) -> str:
    form.understood.data = form.understood.raw_data = None
    return render_template(
        "meetups/mode_change.html",
        program=program,
        meetup=meetup,
        form=form,
        to=rules.mode,
        terms=terms,
        sent={
            name: value for name, value in request.form.items() if name not in {"csrf_token", "understood"}
        },
        total=numbers.of_meetup(meetup).total,
        effect=service.effect_of(meetup) if rules.mode in IN_ORDER else None,
        reach=candidates.reach(db.session(), meetup)
        if Mode.INVITATION in (rules.mode, meetup.mode)
        else None,
        stands=meetup.drawing(now()),
    )


def _page(
    program: Program, meetup: Meetup, form: SeatRulesForm, typed: str | None = None, problem: str = ""
) -> str:
    draw = draws.typed_of(meetup.id)
    return render_template(
        "meetups/seat_rules.html",
        program=program,
        meetup=meetup,
        form=form,
        applied=numbers.of_meetup(meetup).total.applied,
        shares=shares_of(draw, meetup.cohorts),
        terms_stay=draws.terms_stay(meetup),
        most_weight=MOST_WEIGHT,
        companions_typed=meetup.companions_most if typed is None else typed,
        companions_problem=problem,
    )
