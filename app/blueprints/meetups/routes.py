"""Looking at meetups from the desk. Editing: editing.py; their states: states.py; pictures: pictures.py."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from markupsafe import Markup
from sqlalchemy import select

from app import access, mail_words
from app.clock import now
from app.db import db
from app.domain.meetups import why_not_open
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import Status
from app.i18n import LOCALES, current_locale
from app.models import Meetup, MeetupState, Program, Role
from app.services.alumni import attendance
from app.services.mails import mail_fates
from app.services.mails.mail_fates import Health
from app.services.organizing import decisions, meetup_states, notices, preparations
from app.services.organizing.decisions import Open
from app.services.organizing.kept_counts import of_people
from app.services.organizing.preparations import Preparations
from app.services.personal import keeping
from app.services.registering import host_entries, moves, replies
from app.services.seating import seat_counts
from app.services.staff import rights

from . import numbers, wording

bp = Blueprint("meetups", __name__)
wording.install(bp)


@bp.app_context_processor
def _addresses() -> dict[str, Any]:
    return {"public_address": public_address}


def public_address(meetup: Meetup) -> str:
    """The link that people get, by the configured base URL."""
    return f"{current_app.config['SETTINGS'].base_url}/m/{meetup.slug}"


def may_edit() -> bool:
    role = access.current_role()
    return role is not None and role.includes(Role.ORGANIZER)


def _called_off(meetup: Meetup) -> bool:
    return meetup.state is MeetupState.CALLED_OFF


@bp.get("/desk/<program>/meetups")
@access.any_member
def index(program: Program) -> ResponseReturnValue:
    query = select(Meetup).where(Meetup.program_id == program.id)
    if access.program_role() is None:
        query = query.where(Meetup.id.in_(rights.meetups_of(access.me().id)))
    found = db.session.scalars(query.order_by(Meetup.starts_at, Meetup.id)).all()
    at = now()
    return render_template(
        "meetups/index.html",
        program=program,
        coming=[meetup for meetup in found if meetup.ends_at > at and not _called_off(meetup)],
        called_off=[meetup for meetup in found if meetup.ends_at > at and _called_off(meetup)],
        past=[meetup for meetup in reversed(found) if meetup.ends_at <= at],
        held=seat_counts.held_by(found),
        may_edit=may_edit(),
    )


@bp.get("/desk/<program>/meetups/<slug>")
@access.member(Role.VIEWER)
def show(program: Program, slug: str) -> ResponseReturnValue:
    return overview(program, access.meetup_of(program, slug))


def overview(program: Program, meetup: Meetup) -> str:
    """The overview page; also what a refused change of state is answered with."""
    move, counted = moves.asking(meetup), numbers.of_meetup(meetup)
    people = counted.total.registered
    mails = of_people(people, ("mails", meetup.id), lambda: mail_fates.health(meetup.id))
    return render_template(
        "meetups/show.html",
        program=program,
        meetup=meetup,
        numbers=counted,
        preparations=_preparations(meetup, counted.total.eligible),
        preparing=wording.PREPARING,
        pools=seat_counts.seating_of(db.session(), meetup),
        no_shows=attendance.no_shows(meetup),
        host_entries=_host_entries(meetup, people) if meetup.has_host_event else None,
        move=move,
        reminder_opens=moves.reminder_opens(meetup, move) if move else None,
        coming=replies.counts(meetup) if meetup.reconfirms_at else None,
        mails=mails,
        decisions=_decisions(meetup, counted.total, mails),
        deciding=wording.DECIDING,
        mail_words=mail_words,
        kept_until=keeping.last_day(meetup),
        goes_soon=keeping.is_near(meetup),
        destroyed=keeping.log_of(meetup),
        missing=meetup_states.missing(meetup),
        drawing=meetup.drawing(now()),
        unannounced=sum(not talk.is_announced(now()) for talk in meetup.talks),
        has_begun=meetup.starts_at <= now(),
        is_over=meetup.ends_at <= now(),
        not_open=why_not_open(
            meetup.state,
            opens_at=meetup.opens_at,
            closes_at=meetup.closes_at,
            starts_at=meetup.starts_at,
            ends_at=meetup.ends_at,
            at=now(),
        ),
        may_edit=may_edit(),
    )


def _host_entries(meetup: Meetup, people: int) -> dict[HostEntry | None, int]:
    return of_people(people, ("host_entries", meetup.id), lambda: host_entries.counts(meetup.id))


def _decisions(meetup: Meetup, total: numbers.Count, mails: Health) -> list[Open] | None:
    """What waits for those who decide; None for others, and while nobody can have registered."""
    if not may_edit() or meetup.state is MeetupState.DRAFT:
        return None
    counted = {
        Status.PENDING: total.pending,
        Status.APPLIED: total.applied,
        Status.OFFERED: total.offered,
    }
    return decisions.of_meetup(meetup, counted, mails, total.registered)


def _preparations(meetup: Meetup, eligible: int) -> Preparations | None:
    """What is still to be prepared, for those who do it, until the meetup begins."""
    is_ahead = meetup.starts_at > now() and not _called_off(meetup)
    return preparations.of_meetup(meetup, eligible=eligible) if may_edit() and is_ahead else None


@bp.get("/desk/<program>/meetups/<slug>/preview")
@access.member(Role.ORGANIZER)
def preview(program: Program, slug: str) -> ResponseReturnValue:
    """The public page as it will look, in either language. Whom a draft names is nobody else's to know yet."""
    meetup = access.meetup_of(program, slug)
    shown = request.args.get("lang", current_locale())
    if shown not in LOCALES:
        abort(404)
    with force_locale(shown):
        public_page = Markup(  # noqa: S704 - a template's own
            render_template("meetups/_public.html", meetup=meetup, notice=notices.current(meetup), at=now())
        )
    return render_template(
        "meetups/preview.html",
        program=program,
        meetup=meetup,
        public_page=public_page,
        shown=shown,
        at=now(),
    )
