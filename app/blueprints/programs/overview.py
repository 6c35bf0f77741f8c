"""The desk's front pages: which programmes, and one programme at a glance."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import access
from app.blueprints.programs import numbers
from app.blueprints.programs.blueprint import bp, may
from app.clock import now
from app.db import db
from app.models import Membership, Program, Role

PAST_SHOWN = 5


@bp.get("/desk")
@access.signed_in
def index() -> ResponseReturnValue:
    account = access.current_account()
    assert account is not None  # noqa: S101 - the rule's promise
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.program)
        .options(joinedload(Membership.program, innerjoin=True))
        .where(Membership.account_id == account.id)
        .order_by(Program.slug)
    ).all()
    if len(memberships) == 1 and "all" not in request.args:
        return redirect(url_for(".show", program=memberships[0].program.slug))
    return render_template("programs/index.html", memberships=memberships)


@bp.get("/desk/<program>")
@access.member(Role.VIEWER)
def show(program: Program) -> ResponseReturnValue:
    at = now()
    meetups = numbers.of_meetups(program.id)
    past = [line for line in meetups if line.meetup.ends_at <= at]
    participants, alumni = numbers.of_people(program.id)
    return render_template(
        "programs/show.html",
        program=program,
        coming=[line for line in reversed(meetups) if line.meetup.ends_at > at and not line.called_off],
        called_off=[line for line in reversed(meetups) if line.meetup.ends_at > at and line.called_off],
        past=past[:PAST_SHOWN],
        more_past=len(past) > PAST_SHOWN,
        cohorts=numbers.of_cohorts(program.id),
        participants=participants,
        alumni=alumni,
        may_edit=may(Role.ORGANIZER),
        may_own=may(Role.OWNER),
    )
