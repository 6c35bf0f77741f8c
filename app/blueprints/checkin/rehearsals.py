"""Practising before the doors open: what a phone needs for it, and the tickets to practise with, to be printed."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, qr
from app.blueprints.checkin import answers
from app.blueprints.checkin.desk import DOOR
from app.blueprints.checkin.routes import bp
from app.domain.door import rehearsals, tickets
from app.domain.door.rehearsals import SAMPLES, Sample
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.services.door import door_settings
from app.services.organizing import preparations


def facts(meetup: Meetup) -> dict[str, Any]:
    """What the scanner's page brings along, so that a phone can practise without the server."""
    return {
        "until": answers.instant(rehearsals.ends_at(meetup.starts_at)),
        "minutes": rehearsals.LASTS.seconds // 60,
        "samples": [_told(sample) for sample in SAMPLES],
    }


def _told(sample: Sample) -> dict[str, Any]:
    return {
        "code": sample.code,
        "reference": sample.reference,
        "name": sample.name,
        "cohort": answers.cohort_label(sample.cohort),
        "cohortKey": answers.cohort_key(sample.cohort),
        "state": sample.state,
        "people": sample.people,
        "inside": sample.inside,
    }


@bp.get(f"{DOOR}/rehearsal")
@access.member(Role.ORGANIZER)
def rehearsal(program: Program, slug: str) -> ResponseReturnValue:
    """Practice tickets, one of each answer that the door gives."""
    meetup = access.meetup_of(program, slug)
    base = current_app.config["SETTINGS"].base_url
    host = rehearsals.host_text(door_settings.told(meetup.id).host_patterns)
    return render_template(
        "checkin/rehearsal.html",
        program=program,
        meetup=meetup,
        title=meetup.title(current_locale()),
        samples=[(each, qr.svg(tickets.payload(base, each.code))) for each in SAMPLES],
        cohort_label=answers.cohort_label,
        host=qr.svg(host) if host else None,
        until=rehearsals.ends_at(meetup.starts_at),
    )


@bp.post(f"{DOOR}/rehearsal")
@access.member(Role.ORGANIZER)
def practised(program: Program, slug: str) -> ResponseReturnValue:
    """Ticks it off the list of what is to be prepared."""
    meetup = access.meetup_of(program, slug)
    preparations.practised(meetup.id, access.current_actor())
    flash(_("Noted: the door was practised."))
    return redirect(url_for("meetups.show", program=program.slug, slug=slug), 303)
