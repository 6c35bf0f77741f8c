"""People and rights of a programme: for its owners."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from app import access
from app.blueprints.accounts.blueprint import bp, role_label
from app.blueprints.accounts.forms import InviteForm
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Meetup, MeetupMembership, Membership, Program, Role
from app.refusals import explain
from app.services.organizing import attendee
from app.services.staff import browser_sessions, invitations, passkey_rules
from app.services.staff import members as service

MOST_AT_MEETUPS = 100  # the newest meetups come first
GONE = frozenset({"no_such_member", "no_such_invitation"})


@bp.get("/desk/<program>/people")
@access.member(Role.OWNER)
def members(program: Program) -> ResponseReturnValue:
    return _page(program, InviteForm())


@bp.post("/desk/<program>/people/invitations")
@access.member(Role.OWNER)
def invite(program: Program) -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return _page(program, form), 422
    try:
        invitations.invite(
            program.id, form.address.data, Role(form.role.data), by=access.me().id, locale=current_locale()
        )
    except DomainError as refusal:
        form.address.errors = [*form.address.errors, explain(refusal)]
        return _page(program, form), 422
    flash(_("The invitation is on its way to %(address)s.", address=form.address.data), "success")
    return redirect(url_for(".members", program=program.slug), 303)


@bp.post("/desk/<program>/people/invitations/<int:invitation_id>/mails")
@access.member(Role.OWNER)
def resend_invitation(program: Program, invitation_id: int) -> ResponseReturnValue:
    return _done(
        program,
        lambda: invitations.resend(program.id, invitation_id, by=access.me().id, locale=current_locale()),
        _("The invitation was sent again."),
    )


@bp.post("/desk/<program>/people/invitations/<int:invitation_id>/withdrawal")
@access.member(Role.OWNER)
def withdraw_invitation(program: Program, invitation_id: int) -> ResponseReturnValue:
    return _done(
        program,
        lambda: invitations.withdraw(program.id, invitation_id, by=access.me().id),
        _("The invitation was withdrawn. Its link no longer works."),
    )


@bp.post("/desk/<program>/people/<int:membership_id>/role")
@access.member(Role.OWNER)
def change_role(program: Program, membership_id: int) -> ResponseReturnValue:
    role = request.form.get("role", "")
    if role not in set(Role):
        return _refused(program, _("Choose a role."))
    return _done(
        program,
        lambda: service.change_role(program.id, membership_id, Role(role), by=access.me().id),
        _("The role was changed."),
    )


@bp.post("/desk/<program>/people/<int:membership_id>/removal")
@access.member(Role.OWNER)
def remove_member(program: Program, membership_id: int) -> ResponseReturnValue:
    return _done(
        program,
        lambda: service.remove(program.id, membership_id, by=access.me().id),
        _("They are no longer a member and were signed out everywhere."),
    )


@bp.post("/desk/<program>/people/<int:membership_id>/sessions/end")
@access.member(Role.OWNER)
def end_member_sessions(program: Program, membership_id: int) -> ResponseReturnValue:
    return _done(
        program,
        lambda: browser_sessions.end_of_member(program.id, membership_id, by=access.me().id),
        _("They are signed out of every browser."),
    )


@bp.post("/desk/<program>/people/at-meetups/<int:meetup_membership_id>/sessions/end")
@access.member(Role.OWNER)
def end_helper_sessions(program: Program, meetup_membership_id: int) -> ResponseReturnValue:
    return _done(
        program,
        lambda: browser_sessions.end_of_helper(program.id, meetup_membership_id, by=access.me().id),
        _("They are signed out of every browser."),
    )


def _done(program: Program, act: Callable[[], None], said: str) -> ResponseReturnValue:
    try:
        act()
    except DomainError as refusal:
        return _refused(program, explain(refusal), 404 if refusal.code in GONE else 422)
    flash(said, "success")
    if not _still_owner(program):
        return redirect(url_for("programs.index"), 303)
    return redirect(url_for(".members", program=program.slug), 303)


def _refused(program: Program, sentence: str, status: int = 422) -> ResponseReturnValue:
    form = InviteForm(formdata=None)
    form.form_errors.append(sentence)
    return _page(program, form), status


def _still_owner(program: Program) -> bool:
    mine = select(Membership.role).where(
        Membership.program_id == program.id, Membership.account_id == access.me().id
    )
    return db.session.scalar(mine) is Role.OWNER


def _page(program: Program, form: InviteForm) -> str:
    listed = db.session.scalars(
        select(Membership)
        .options(joinedload(Membership.account, innerjoin=True))
        .where(Membership.program_id == program.id)
        .order_by(Membership.id)
    ).all()
    at_meetups = db.session.scalars(
        select(MeetupMembership)
        .join(MeetupMembership.meetup)
        .options(
            joinedload(MeetupMembership.account, innerjoin=True), contains_eager(MeetupMembership.meetup)
        )
        .where(Meetup.program_id == program.id)
        .order_by(Meetup.starts_at.desc(), MeetupMembership.id)
        .limit(MOST_AT_MEETUPS)
    ).all()
    invited_to_meetups = invitations.open_at_meetups(program.id, MOST_AT_MEETUPS)
    everybody = [held.account_id for held in listed] + [held.account_id for held in at_meetups]
    return render_template(
        "accounts/members.html",
        program=program,
        members=listed,
        invitations=invitations.still_open(program.id, None),
        at_meetups=at_meetups,
        invited_to_meetups=invited_to_meetups,
        invited_by=attendee.names_of(f"account:{each.invited_by_id}" for each in invited_to_meetups),
        members_with_passkey=passkey_rules.holders([member.account_id for member in listed]),
        with_passkey=passkey_rules.holders(everybody),
        grace_days=passkey_rules.GRACE.days,
        activity=browser_sessions.activity(everybody),
        form=form,
        roles=[(role.value, role_label(role)) for role in reversed(Role)],
        owners=sum(member.role is Role.OWNER for member in listed),
        at=now(),
    )
