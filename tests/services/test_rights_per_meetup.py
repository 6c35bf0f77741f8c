"""Rights at one meetup: invited to, changed, taken; beside a role in the programme, and never more than it is for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.keys import keys
from app.models import (
    Account,
    AccountInvitation,
    AccountSession,
    AuditEntry,
    Device,
    DeviceRole,
    Meetup,
    MeetupMembership,
    Membership,
    Role,
)
from app.services.door import devices
from app.services.staff import browser_sessions, invitations, meetup_members, members, rights
from tests.factories import make_helper, make_meetup, make_member


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup()


def organizer_of(meetup: Meetup) -> int:
    return make_member(meetup.program, Role.ORGANIZER).id


def invite(meetup: Meetup, role: Role, by: int, address: str = "new@example.com") -> AccountInvitation:
    return invitations.invite(meetup.program_id, address, role, by=by, locale="en", meetup_id=meetup.id)


def accept(invitation: AccountInvitation) -> Any:
    token = tokens.invitation_token(keys().link, invitation.uid)
    return invitations.accept(token, locale="en", user_agent="", ending=None)[1]


def role_at(account_id: int, meetup: Meetup) -> Role | None:
    end_reading()
    return rights.at(account_id, db.session.get_one(Meetup, meetup.id))


def held(account_id: int) -> MeetupMembership:
    end_reading()
    return db.session.scalars(select(MeetupMembership).where(MeetupMembership.account_id == account_id)).one()


def live_sessions(account_id: int) -> int:
    end_reading()
    query = select(AccountSession.id).where(
        AccountSession.account_id == account_id, AccountSession.ended_at.is_(None)
    )
    return len(db.session.scalars(query).all())


def make_session(account_id: int) -> None:
    with transaction() as session:
        browser_sessions.begin(session, account_id, "", ending=None)


def membership_of(account_id: int) -> int:
    return db.session.scalars(select(Membership.id).where(Membership.account_id == account_id)).one()


def own_phone(meetup: Meetup, account_id: int) -> Device:
    enrolment = devices.open_door(meetup.id, DeviceRole.SCAN, account_id, is_own=True)
    devices.enrol(devices.link_token(enrolment), "phone")
    return db.session.scalars(select(Device).where(Device.enrolment_id == enrolment.id)).one()


def is_shut_out(device_id: int) -> bool:
    end_reading()
    return db.session.get_one(Device, device_id).revoked_at is not None


def test_who_accepts_has_the_role_at_that_meetup_and_nothing_in_the_programme(meetup: Meetup) -> None:
    other = make_meetup(meetup.program)

    accepted = accept(invite(meetup, Role.ORGANIZER, organizer_of(meetup)))

    account = db.session.scalars(select(MeetupMembership.account_id)).one()
    assert accepted.meetup.id == meetup.id
    assert [role_at(account, meetup), role_at(account, other)] == [Role.ORGANIZER, None]


def test_a_larger_role_that_somebody_has_already_stays(meetup: Meetup) -> None:
    helper = make_helper(meetup, Role.ORGANIZER, address="ana@example.com")

    with pytest.raises(DomainError, match="already_member"):
        invite(meetup, Role.VIEWER, organizer_of(meetup), "ana@example.com")

    assert role_at(helper.id, meetup) is Role.ORGANIZER


def test_a_viewer_of_the_programme_can_organize_one_meetup(meetup: Meetup) -> None:
    viewer = make_member(meetup.program, Role.VIEWER, address="vera@example.com")

    accept(invite(meetup, Role.ORGANIZER, organizer_of(meetup), "vera@example.com"))

    assert role_at(viewer.id, meetup) is Role.ORGANIZER
    assert role_at(viewer.id, make_meetup(meetup.program)) is Role.VIEWER


def test_nobody_is_invited_to_what_the_programme_lets_them_do_already(meetup: Meetup) -> None:
    make_member(meetup.program, Role.ORGANIZER, address="otto@example.com")

    with pytest.raises(DomainError, match="may_already"):
        invite(meetup, Role.DOOR, organizer_of(meetup), "otto@example.com")


def test_one_meetup_has_no_owner(meetup: Meetup) -> None:
    by, helper = organizer_of(meetup), make_helper(meetup)

    with pytest.raises(DomainError, match="role_of_programs"):
        invite(meetup, Role.OWNER, by)
    with pytest.raises(DomainError, match="role_of_programs"):
        meetup_members.change_role(meetup, held(helper.id).id, Role.OWNER, by=by)


def test_an_organizer_of_the_meetup_alone_gives_no_rights(meetup: Meetup) -> None:
    helper, other = make_helper(meetup), make_helper(meetup, Role.DOOR)
    acts: list[Any] = [
        lambda: invite(meetup, Role.VIEWER, helper.id),
        lambda: meetup_members.change_role(meetup, held(other.id).id, Role.ORGANIZER, by=helper.id),
        lambda: meetup_members.remove(meetup, held(other.id).id, by=helper.id),
    ]

    for act in acts:
        with pytest.raises(DomainError, match="no_longer_organizer"):
            act()

    assert role_at(other.id, meetup) is Role.DOOR


def test_an_invitation_to_one_meetup_is_not_the_programmes_to_resend_or_another_ones(meetup: Meetup) -> None:
    by = make_member(meetup.program, Role.OWNER).id
    invitation, other = invite(meetup, Role.VIEWER, by), make_meetup(meetup.program)

    for elsewhere in (None, other.id):
        with pytest.raises(DomainError, match="no_such_invitation"):
            invitations.withdraw(meetup.program_id, invitation.id, by=by, meetup_id=elsewhere)


def test_whoever_loses_rights_is_signed_out_and_their_own_phone_shut_out(meetup: Meetup) -> None:
    by, helper = organizer_of(meetup), make_helper(meetup, Role.DOOR)
    make_session(helper.id)
    device = own_phone(meetup, helper.id)

    meetup_members.change_role(meetup, held(helper.id).id, Role.VIEWER, by=by)

    assert (live_sessions(helper.id), is_shut_out(device.id)) == (0, True)
    assert role_at(helper.id, meetup) is Role.VIEWER


def test_phones_that_an_organizer_let_in_for_others_stay_when_they_go(meetup: Meetup) -> None:
    by, helper = organizer_of(meetup), make_helper(meetup)
    enrolment = devices.open_door(meetup.id, DeviceRole.SCAN, helper.id)
    devices.enrol(devices.link_token(enrolment), "somebody's")
    device = db.session.scalars(select(Device).where(Device.enrolment_id == enrolment.id)).one()

    meetup_members.remove(meetup, held(helper.id).id, by=by)

    assert (role_at(helper.id, meetup), is_shut_out(device.id)) == (None, False)


def test_leaving_ends_the_right_and_keeps_the_session(meetup: Meetup) -> None:
    helper = make_helper(meetup, Role.DOOR)
    make_session(helper.id)
    device = own_phone(meetup, helper.id)

    meetup_members.leave(meetup, helper.id)

    assert (role_at(helper.id, meetup), live_sessions(helper.id)) == (None, 1)
    assert is_shut_out(device.id)


def test_with_a_membership_go_rights_at_meetups_and_invitations_that_lie_in_their_mail(
    meetup: Meetup,
) -> None:
    owner = make_member(meetup.program, Role.OWNER)
    member = make_member(meetup.program, Role.VIEWER, address="gone@example.com")
    accept(invite(meetup, Role.DOOR, owner.id, "gone@example.com"))
    waiting = invite(make_meetup(meetup.program), Role.DOOR, owner.id, "gone@example.com")
    elsewhere = make_meetup()
    accept(invite(elsewhere, Role.DOOR, organizer_of(elsewhere), "gone@example.com"))

    members.remove(meetup.program_id, membership_of(member.id), by=owner.id)

    assert [role_at(member.id, each) for each in (meetup, elsewhere)] == [None, Role.DOOR]
    with pytest.raises(DomainError, match="invitation_withdrawn"):
        accept(waiting)


@pytest.mark.parametrize("how", ["removed", "demoted", "left"])
def test_nobody_comes_back_by_an_invitation_that_they_sent_to_another_address_of_theirs(
    meetup: Meetup, how: str
) -> None:
    owner, organizer = make_member(meetup.program, Role.OWNER), organizer_of(meetup)
    theirs = invite(meetup, Role.ORGANIZER, organizer, "private@example.com")
    another = invite(meetup, Role.DOOR, organizer_of(meetup), "colleague@example.com")

    if how == "removed":
        members.remove(meetup.program_id, membership_of(organizer), by=owner.id)
    elif how == "demoted":
        members.change_role(meetup.program_id, membership_of(organizer), Role.DOOR, by=owner.id)
    else:
        members.leave(meetup.program_id, organizer)

    with pytest.raises(DomainError, match="invitation_withdrawn"):
        accept(theirs)
    assert accept(another)
    told = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "invitation.withdrawn")).one()
    assert (told.subject, told.details["meetup"]) == (f"account_invitation:{theirs.id}", meetup.id)


def test_an_owner_who_becomes_an_organizer_keeps_what_an_organizer_may_offer(meetup: Meetup) -> None:
    first, second = make_member(meetup.program, Role.OWNER), make_member(meetup.program, Role.OWNER)
    at_meetup = invite(meetup, Role.DOOR, second.id, "helper@example.com")
    of_program = invitations.invite(
        meetup.program_id, "private@example.com", Role.OWNER, by=second.id, locale="en"
    )

    members.change_role(meetup.program_id, membership_of(second.id), Role.ORGANIZER, by=first.id)

    with pytest.raises(DomainError, match="invitation_withdrawn"):
        accept(of_program)
    assert accept(at_meetup)


def test_every_act_about_a_right_is_told_with_its_meetup(meetup: Meetup) -> None:
    by = organizer_of(meetup)
    accept(invite(meetup, Role.DOOR, by))
    account = db.session.scalars(select(MeetupMembership.account_id)).one()

    meetup_members.change_role(meetup, held(account).id, Role.VIEWER, by=by)
    meetup_members.remove(meetup, held(account).id, by=by)

    acts = ("invitation.sent", "member.joined", "member.role_changed", "member.removed")
    told = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act.in_(acts)).order_by(AuditEntry.id)
    ).all()
    assert [entry.act for entry in told] == list(acts)
    assert {entry.details["meetup"] for entry in told} == {meetup.id}


def test_who_organizes_one_meetup_is_asked_for_its_draws_value(meetup: Meetup) -> None:
    helper, viewer = make_helper(meetup), make_helper(meetup, Role.DOOR)
    make_helper(make_meetup(meetup.program))
    organizer = organizer_of(meetup)

    found = db.session.scalars(select(Account.id).where(rights.organizers_of(meetup))).all()

    assert set(found) == {helper.id, organizer}
    assert viewer.id not in found
