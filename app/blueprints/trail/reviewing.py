"""The owners' monthly review: who looked at personal data, who took it away, and that somebody looked it through."""

from __future__ import annotations

import datetime as dt
import re

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import Length

from app import access
from app.blueprints.trail import telling
from app.blueprints.trail.asking import zone
from app.blueprints.trail.routes import bp
from app.clock import now
from app.models import Program, Role
from app.services.auditing import reviews, subjects
from app.services.organizing import attendee, looks
from app.trail_words import told
from app.typed_texts import no_resident_number

MOST_SHOWN = 200
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class ReviewForm(FlaskForm):
    note = StringField(
        _l("What you found"),
        description=_l("For example: nothing unusual. Without names."),
        validators=[Length(max=500), no_resident_number],
    )


@bp.get("/months/<month>")
@access.member(Role.OWNER)
def month(program: Program, month: str) -> ResponseReturnValue:
    return _page(program, _first_day(month), ReviewForm())


@bp.post("/months/<month>/reviews")
@access.member(Role.OWNER)
def review(program: Program, month: str) -> ResponseReturnValue:
    first, form = _first_day(month), ReviewForm()
    if not form.validate():
        return _page(program, first, form), 422
    reviews.review(program.id, month, access.current_actor(), (form.note.data or "").strip())
    flash(_("Noted: this month was reviewed."), "success")
    return redirect(url_for(".month", program=program.slug, month=month), 303)


def _first_day(month: str) -> dt.date:
    """Of a month up to the present one; 404 for what is none."""
    found = MONTH.fullmatch(month) or abort(404)
    first = dt.date(int(found[1]), int(found[2]), 1)
    return first if first <= now().astimezone(zone()).date() else abort(404)


def _next(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)


def _begins(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), zone())


def _page(program: Program, first: dt.date, form: ReviewForm) -> str:
    since, until = _begins(first), _begins(_next(first))
    looks.at_trail(program.id, access.current_actor())
    lines, taken = (
        reviews.of_month(program.id, since, until),
        reviews.taken_away(program.id, since, until, MOST_SHOWN),
    )
    done = reviews.reviews(program.id).get(f"{first:%Y-%m}", [])
    found = subjects.of(taken)
    actors = [line.actor for line in lines] + [entry.actor for entry in (*taken, *done)]
    names = attendee.names_of(actors)
    return render_template(
        "trail/month.html",
        program=program,
        first=first,
        before=(first - dt.timedelta(days=1)).replace(day=1),
        after=_next(first) if until <= now() else None,
        is_over=until <= now(),
        lines=[(line, telling.who(line.actor, names)) for line in lines],
        taken=[
            (entry, telling.who(entry.actor, names), telling.about(program, found, entry)) for entry in taken
        ],
        rows_of=reviews.rows_of,
        most=MOST_SHOWN,
        done=[(entry, telling.who(entry.actor, names)) for entry in done],
        told=told,
        form=form,
    )
