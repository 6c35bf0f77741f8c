"""Roles and invitations: who may do what, and the owner that a programme never loses."""

from __future__ import annotations

import datetime as dt
import threading
from email import message_from_bytes, policy

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading
from app.domain import tokens
from app.domain.errors import DomainError
from app.keys import keys
from app.models import (
    Account,
    AccountInvitation,
    AccountSession,
    AuditEntry,
    Membership,
    OutboxMail,
    Program,
    Role,
)
from app.services.mails import writing
from app.services.staff import invitations, members, sign_in
from config import Settings
from tests.factories import make_account, make_member, make_program
from tests.support.smtp import text_of


def membership(program: Program, account: Account) -> Membership | None:
    end_reading()
    query = select(Membership).where(Membership.program_id == program.id, Membership.account_id == account.id)
    return db.session.scalars(query).one_or_none()


def id_of(program: Program, account: Account) -> int:
    found = membership(program, account)
    assert found
    return found.id


def token_of(invitation: AccountInvitation) -> str:
    return tokens.invitation_token(keys().link, invitation.uid)


def accept(invitation: AccountInvitation) -> tuple[str, str]:
    session, accepted = invitations.accept(token_of(invitation), locale="en", user_agent="", ending=None)
    return session, accepted.program.slug


def live_sessions(account: Account) -> int:
    end_reading()
    query = select(AccountSession).where(
        AccountSession.account_id == account.id, AccountSession.ended_at.is_(None)
    )
    return len(db.session.scalars(query).all())


def signed_in(account: Account) -> None:
    token = sign_in.one_time_link(account.address).rpartition("/")[2]
    sign_in.redeem(token, user_agent="", ending=None)


def test_an_invited_stranger_becomes_a_member_with_an_account(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "New@Example.com", Role.VIEWER, by=owner.id, locale="ko")

    _, slug = accept(invitation)

    account = db.session.scalars(select(Account).where(Account.address_key == "new@example.com")).one()
    member = membership(program, account)
    assert (slug, member and member.role) == (program.slug, Role.VIEWER)
    assert live_sessions(account) == 1


def test_the_invitation_mail_carries_the_link(app: Flask) -> None:
    program = make_program(name_en="Bootcamp")
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.ORGANIZER, by=owner.id, locale="en")

    mails = list(db.session.scalars(select(OutboxMail)))
    text = text_of(message_from_bytes(writing.write(mails).messages[mails[0].id], policy=policy.default))  # type: ignore[arg-type]

    assert token_of(invitation) in text
    assert "Bootcamp" in text
    assert token_of(invitation) not in str(mails[0].params)


def test_an_invitation_is_accepted_once(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")
    accept(invitation)

    with pytest.raises(DomainError, match="invitation_used"):
        accept(invitation)


def test_a_withdrawn_invitation_is_of_no_use_and_its_mail_is_not_sent(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")

    invitations.withdraw(program.id, invitation.id, by=owner.id)

    with pytest.raises(DomainError, match="invitation_withdrawn"):
        accept(invitation)
    assert writing.write(list(db.session.scalars(select(OutboxMail)))).messages == {}


def test_an_expired_invitation_works_again_once_it_is_sent_again(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")

    with time_machine.travel(now() + dt.timedelta(days=15), tick=False):
        with pytest.raises(DomainError, match="invitation_expired"):
            accept(invitation)
        invitations.resend(program.id, invitation.id, by=owner.id, locale="ko")
        assert accept(invitation)


def test_members_and_the_invited_are_not_invited_again(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    make_member(program, Role.VIEWER, address="member@example.com")
    invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")

    for address, code in (("MEMBER@example.com", "already_member"), ("new@example.com", "already_invited")):
        with pytest.raises(DomainError, match=code):
            invitations.invite(program.id, address, Role.VIEWER, by=owner.id, locale="ko")


def test_nobody_is_pestered_with_invitations(app: Flask, settings: Settings) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")

    for _ in range(settings.MAILS_PER_ADDRESS_HOUR - 1):
        invitations.resend(program.id, invitation.id, by=owner.id, locale="ko")

    with pytest.raises(DomainError, match="too_many_mails"):
        invitations.resend(program.id, invitation.id, by=owner.id, locale="ko")


def test_an_owner_who_is_invited_as_a_viewer_stays_owner(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    other = make_account("late@example.com")
    invitation = invitations.invite(program.id, other.address, Role.VIEWER, by=owner.id, locale="ko")
    second = invitations.invite(program.id, "owner2@example.com", Role.OWNER, by=owner.id, locale="ko")
    accept(second)
    accept(invitation)
    members.change_role(program.id, id_of(program, other), Role.OWNER, by=owner.id)

    with pytest.raises(DomainError, match="invitation_used"):
        accept(invitation)

    member = membership(program, other)
    assert member
    assert member.role is Role.OWNER


ENDS = {
    "leaves": lambda program, _, by: members.leave(program, by),
    "is demoted": lambda program, member, by: members.change_role(program, member, Role.VIEWER, by=by),
    "is removed": lambda program, member, by: members.remove(program, member, by=by),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_last_owner_stays(app: Flask, end: str) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    make_member(program, Role.ORGANIZER)
    mine = id_of(program, owner)

    with pytest.raises(DomainError, match="last_owner"):
        ENDS[end](program.id, mine, owner.id)

    kept = membership(program, owner)
    assert kept
    assert kept.role is Role.OWNER


@pytest.mark.parametrize("lowered", [True, False])
def test_who_loses_rights_is_signed_out_and_who_gains_them_is_not(app: Flask, lowered: bool) -> None:
    program = make_program()
    owner, other = make_member(program, Role.OWNER), make_member(program, Role.ORGANIZER)
    signed_in(other)

    role = Role.VIEWER if lowered else Role.OWNER
    members.change_role(program.id, id_of(program, other), role, by=owner.id)

    assert live_sessions(other) == (0 if lowered else 1)


def test_who_is_removed_is_signed_out(app: Flask) -> None:
    program = make_program()
    owner, other = make_member(program, Role.OWNER), make_member(program, Role.OWNER)
    signed_in(other)

    members.remove(program.id, id_of(program, other), by=owner.id)

    assert (membership(program, other), live_sessions(other)) == (None, 0)


def test_who_stopped_being_owner_meanwhile_changes_nothing(app: Flask) -> None:
    program = make_program()
    former, other = make_member(program, Role.ORGANIZER), make_member(program, Role.VIEWER)
    make_member(program, Role.OWNER)

    with pytest.raises(DomainError, match="no_longer_owner"):
        members.change_role(program.id, id_of(program, other), Role.OWNER, by=former.id)


def test_a_member_of_another_programme_is_not_found(app: Flask) -> None:
    program, elsewhere = make_program(), make_program()
    owner, stranger = make_member(program, Role.OWNER), make_member(elsewhere, Role.VIEWER)

    with pytest.raises(DomainError, match="no_such_member"):
        members.remove(program.id, id_of(elsewhere, stranger), by=owner.id)


@pytest.mark.parametrize("round_", range(5))
def test_two_owners_who_demote_each_other_at_once_leave_one_owner(app: Flask, round_: int) -> None:
    program = make_program()
    owners = [make_member(program, Role.OWNER) for _ in range(2)]
    ids = [id_of(program, owner) for owner in owners]
    program_id, by = program.id, [owner.id for owner in owners]
    start, answers = threading.Barrier(2), []
    end_reading()

    def demote(mine: int, theirs: int) -> None:
        with app.app_context():
            start.wait()
            try:
                members.change_role(program_id, ids[theirs], Role.VIEWER, by=by[mine])
                answers.append("done")
            except DomainError as refused:
                answers.append(refused.code)

    threads = [threading.Thread(target=demote, args=pair) for pair in ((0, 1), (1, 0))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    roles = sorted(db.session.scalars(select(Membership.role).where(Membership.program_id == program_id)))
    assert roles == [Role.OWNER, Role.VIEWER]
    assert sorted(answers) == ["done", "no_longer_owner"]


def test_every_change_of_rights_is_on_record_without_names_or_addresses(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)
    invitation = invitations.invite(program.id, "new@example.com", Role.VIEWER, by=owner.id, locale="ko")
    accept(invitation)
    new = db.session.scalars(select(Account).where(Account.address_key == "new@example.com")).one()
    members.change_role(program.id, id_of(program, new), Role.ORGANIZER, by=owner.id)
    members.remove(program.id, id_of(program, new), by=owner.id)

    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()

    assert [entry.act for entry in entries] == [
        "invitation.sent",
        "member.joined",
        "member.role_changed",
        "member.removed",
    ]
    assert all("@" not in f"{entry.details}{entry.subject}{entry.actor}" for entry in entries)
