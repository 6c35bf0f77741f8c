"""People of one meetup: who may do what there beside those of the programme, for whoever organizes it."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app import access
from app.blueprints.accounts.blueprint import bp, role_label
from app.blueprints.accounts.forms import InviteToMeetupForm
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import MEETUP_ROLES, Meetup, MeetupMembership, Membership, Program, Role
from app.refusals import explain
from app.services.staff import invitations
from app.services.staff import meetup_members as service

PEOPLE = "/desk/<program>/meetups/<slug>/people"
INVITATION = f"{PEOPLE}/invitations/<int:invitation_id>"
ONE = f"{PEOPLE}/<int:meetup_membership_id>"
GONE = frozenset({"no_such_member", "no_such_invitation"})


@bp.get(PEOPLE)
@access.member(Role.ORGANIZER)
def meetup_people(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug), InviteToMeetupForm())


@bp.post(f"{PEOPLE}/invitations")
@access.program_member(Role.ORGANIZER)
def invite_to_meetup(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), InviteToMeetupForm()
    if not form.validate():
        return _page(program, meetup, form), 422
    address, role = form.address.data, Role(form.role.data)
    try:
        invitations.invite(
            program.id, address, role, by=access.me().id, locale=current_locale(), meetup_id=meetup.id
        )
    except DomainError as refusal:
        form.address.errors = [*form.address.errors, explain(refusal)]
        return _page(program, meetup, form), 422
    flash(_("The invitation is on its way to %(address)s.", address=address), "success")
    return _back(program, slug)


@bp.post(f"{INVITATION}/mails")
@access.program_member(Role.ORGANIZER)
def resend_meetup_invitation(program: Program, slug: str, invitation_id: int) -> ResponseReturnValue:
    meetup, by = access.meetup_of(program, slug), access.me().id
    return _done(
        program,
        meetup,
        lambda: invitations.resend(
            program.id, invitation_id, by=by, locale=current_locale(), meetup_id=meetup.id
        ),
        _("The invitation was sent again."),
    )


@bp.post(f"{INVITATION}/withdrawal")
@access.program_member(Role.ORGANIZER)
def withdraw_meetup_invitation(program: Program, slug: str, invitation_id: int) -> ResponseReturnValue:
    meetup, by = access.meetup_of(program, slug), access.me().id
    return _done(
        program,
        meetup,
        lambda: invitations.withdraw(program.id, invitation_id, by=by, meetup_id=meetup.id),
        _("The invitation was withdrawn. Its link no longer works."),
    )


@bp.post(f"{ONE}/role")
@access.program_member(Role.ORGANIZER)
def change_meetup_role(program: Program, slug: str, meetup_membership_id: int) -> ResponseReturnValue:
    meetup, role, by = access.meetup_of(program, slug), request.form.get("role", ""), access.me().id
    if role not in set(MEETUP_ROLES):
        return _refused(program, meetup, _("Choose a role."))
    return _done(
        program,
        meetup,
        lambda: service.change_role(meetup, meetup_membership_id, Role(role), by=by),
        _("The role was changed."),
    )


@bp.post(f"{ONE}/removal")
@access.program_member(Role.ORGANIZER)
def remove_from_meetup(program: Program, slug: str, meetup_membership_id: int) -> ResponseReturnValue:
    meetup, by = access.meetup_of(program, slug), access.me().id
    return _done(
        program,
        meetup,
        lambda: service.remove(meetup, meetup_membership_id, by=by),
        _("They no longer have a right at this meetup and were signed out everywhere."),
    )


@bp.post(f"{PEOPLE}/leaving")
@access.member(Role.VIEWER)
def leave_meetup(program: Program, slug: str) -> ResponseReturnValue:
    """One's own right at this meetup; whoever has the programme's alone has nothing to leave here."""
    try:
        service.leave(access.meetup_of(program, slug), access.me().id)
    except DomainError as refusal:
        flash(explain(refusal), "error")
        return redirect(url_for(".account"), 303)
    flash(_("You left the meetup."), "success")
    return redirect(url_for(".account"), 303)


def _done(program: Program, meetup: Meetup, act: Callable[[], None], said: str) -> ResponseReturnValue:
    slug = meetup.slug
    try:
        act()
    except DomainError as refusal:
        return _refused(program, meetup, explain(refusal), 404 if refusal.code in GONE else 422)
    flash(said, "success")
    return _back(program, slug)


def _refused(program: Program, meetup: Meetup, sentence: str, status: int = 422) -> ResponseReturnValue:
    form = InviteToMeetupForm(formdata=None)
    form.form_errors.append(sentence)
    return _page(program, meetup, form), status


def _back(program: Program, slug: str) -> ResponseReturnValue:
    return redirect(url_for(".meetup_people", program=program.slug, slug=slug), 303)


def _page(program: Program, meetup: Meetup, form: InviteToMeetupForm) -> str:
    listed = db.session.scalars(
        select(MeetupMembership)
        .options(joinedload(MeetupMembership.account, innerjoin=True))
        .where(MeetupMembership.meetup_id == meetup.id)
        .order_by(MeetupMembership.id)
    ).all()
    of_program = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.account, innerjoin=True))
        .where(Membership.program_id == program.id)
        .order_by(Membership.id)
    ).all()
    return render_template(
        "accounts/meetup_people.html",
        program=program,
        meetup=meetup,
        members=listed,
        of_program=of_program,
        invitations=invitations.still_open(program.id, meetup.id),
        form=form,
        roles=[(role.value, role_label(role)) for role in reversed(MEETUP_ROLES)],
        at=now(),
    )
