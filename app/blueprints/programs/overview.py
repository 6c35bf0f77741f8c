"""The desk's front pages: which programmes, and one programme at a glance."""

from __future__ import annotations

from collections.abc import Sequence

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
from app.services.staff import rights

PAST_SHOWN = 5


@bp.get("/desk")
@access.signed_in
def index() -> ResponseReturnValue:
    account = access.me()
    memberships = db.session.scalars(
        select(Membership)
        .join(Membership.program)
        .options(joinedload(Membership.program, innerjoin=True))
        .where(Membership.account_id == account.id)
        .order_by(Program.slug)
    ).all()
    elsewhere = _with_meetups_alone(account.id, [member.program_id for member in memberships])
    found = [*(member.program for member in memberships), *elsewhere]
    if len(found) == 1 and "all" not in request.args:
        return redirect(url_for(".show", program=found[0].slug))
    return render_template("programs/index.html", memberships=memberships, elsewhere=elsewhere)


def _with_meetups_alone(account_id: int, besides: list[int]) -> Sequence[Program]:
    """Programmes of which the account knows only single meetups."""
    query = select(Program).where(rights.programs_of(account_id), Program.id.not_in(besides))
    return db.session.scalars(query.order_by(Program.slug)).all()


@bp.get("/desk/<program>")
@access.any_member
def show(program: Program) -> ResponseReturnValue:
    if access.program_role() is None:
        return redirect(url_for("meetups.index", program=program.slug))
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
