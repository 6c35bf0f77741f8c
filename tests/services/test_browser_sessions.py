"""Signed-in browsers: when they were last seen, and an owner who signs a member out."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.models import AccountSession, AuditEntry, Membership, Program, Role
from app.services.staff import browser_sessions
from app.services.staff.browser_sessions import Activity
from tests.factories import make_account, make_member, make_program

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def begin(account_id: int) -> str:
    with transaction() as session:
        return browser_sessions.begin(session, account_id, "Mozilla/5.0", ending=None)


def look(token: str) -> AccountSession:
    end_reading()
    found = browser_sessions.of_token(token)
    assert found
    browser_sessions.note_seen(found[1])
    return found[1]


def membership_id(program: Program, account_id: int) -> int:
    return db.session.scalars(
        select(Membership.id).where(Membership.program_id == program.id, Membership.account_id == account_id)
    ).one()


def test_a_browser_in_use_is_noted_after_a_while_and_not_with_every_page(app: Flask) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        token = begin(make_account().id)
        clock.shift(dt.timedelta(minutes=9))
        soon = look(token).last_seen_at
        clock.shift(dt.timedelta(minutes=2))
        later = look(token).last_seen_at

    assert (soon, later) == (AT, AT + dt.timedelta(minutes=11))


def test_an_owner_reads_when_members_were_last_active_and_in_how_many_browsers(app: Flask) -> None:
    ana, ben = make_account(), make_account()
    with time_machine.travel(AT, tick=False) as clock:
        begin(ana.id)
        clock.shift(dt.timedelta(hours=1))
        ended = begin(ana.id)
        browser_sessions.sign_out(ended)
        found = browser_sessions.activity([ana.id, ben.id])

    assert found == {ana.id: Activity(AT + dt.timedelta(hours=1), 1)}


def test_an_owner_signs_a_member_out_everywhere_and_nobody_else(app: Flask) -> None:
    program = make_program()
    owner, member, other = (make_member(program, role) for role in (Role.OWNER, Role.ORGANIZER, Role.VIEWER))
    tokens = [begin(each.id) for each in (member, member, other)]

    browser_sessions.end_of_member(program.id, membership_id(program, member.id), by=owner.id)

    end_reading()
    assert [browser_sessions.of_token(token) is not None for token in tokens] == [False, False, True]
    assert db.session.scalars(select(AuditEntry.act)).all() == ["session.ended_by_owner"]


def test_only_owners_do_and_only_to_members_of_their_own_programme(app: Flask) -> None:
    program, elsewhere = make_program(), make_program()
    owner, organizer = make_member(program, Role.OWNER), make_member(program)
    stranger = make_member(elsewhere)
    token = begin(stranger.id)

    with pytest.raises(DomainError, match="no_such_member"):
        browser_sessions.end_of_member(program.id, membership_id(elsewhere, stranger.id), by=owner.id)
    with pytest.raises(DomainError, match="no_longer_owner"):
        browser_sessions.end_of_member(program.id, membership_id(program, owner.id), by=organizer.id)

    end_reading()
    assert browser_sessions.of_token(token) is not None
