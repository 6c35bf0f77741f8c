"""Passkeys: what is accepted from a browser, what is not, and what becomes of sessions."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.models import Account, AccountSession, AuditEntry, Passkey, PasskeyChallenge, Program, Role
from app.services.staff import browser_sessions, fresh_sign_in, passkey_checks, passkey_rules, passkeys
from tests.factories import make_account, make_member, make_program
from tests.support.authenticator import Authenticator


@pytest.fixture
def ana(app: Flask) -> Account:
    return make_account("ana@example.com")


def begin(account: Account) -> str:
    with transaction() as session:
        return browser_sessions.begin(session, account.id, "", ending=None)


def shown(token: str) -> bool:
    end_reading()
    found = browser_sessions.of_token(token)
    return found is not None and found[1].passkey_at is not None


def lives(token: str) -> bool:
    end_reading()
    return browser_sessions.of_token(token) is not None


def with_key(
    account: Account, token: str | None = None, device: Authenticator | None = None
) -> Authenticator:
    device, token = device or Authenticator(), token or begin(account)
    challenge, options = passkeys.begin_adding(account.id, token)
    passkeys.add(account.id, token, challenge, device.create(options), "laptop")
    return device


def keys_of(account: Account) -> list[Passkey]:
    end_reading()
    return list(passkeys.of_account(account.id))


def sign_in(device: Authenticator) -> str:
    challenge, options = passkeys.begin_sign_in("client")
    return passkeys.sign_in(challenge, device.get(options), user_agent="", ending=None)


def test_a_passkey_signs_its_account_in_and_is_noted_as_used(ana: Account) -> None:
    device = with_key(ana)

    token = sign_in(device)

    found = browser_sessions.of_token(token)
    assert found
    assert (found[0].id, shown(token)) == (ana.id, True)
    assert keys_of(ana)[0].last_used_at is not None
    assert keys_of(ana)[0].sign_count == device.count - 1


def test_what_a_device_is_asked_for_names_no_other_site_and_wants_its_holder(ana: Account) -> None:
    _, options = passkeys.begin_adding(ana.id, begin(ana))

    asked = json.loads(options)
    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert "ana" not in asked["user"]["id"]


def test_an_answer_is_taken_once(ana: Account) -> None:
    device = with_key(ana)
    challenge, options = passkeys.begin_sign_in("client")
    answer = device.get(options)
    passkeys.sign_in(challenge, answer, user_agent="", ending=None)

    with pytest.raises(DomainError, match="passkey_too_late"):
        passkeys.sign_in(challenge, answer, user_agent="", ending=None)


def test_a_challenge_is_used_up_by_a_wrong_answer(ana: Account) -> None:
    device = with_key(ana)
    challenge, options = passkeys.begin_sign_in("client")
    with pytest.raises(DomainError, match="passkey_refused"):
        passkeys.sign_in(challenge, "{}", user_agent="", ending=None)

    with pytest.raises(DomainError, match="passkey_too_late"):
        passkeys.sign_in(challenge, device.get(options), user_agent="", ending=None)


def test_a_challenge_lasts_five_minutes(ana: Account) -> None:
    device = with_key(ana)
    challenge, options = passkeys.begin_sign_in("client")

    with (
        time_machine.travel(now() + passkeys.LIFETIME + dt.timedelta(seconds=1)),
        pytest.raises(DomainError, match="passkey_too_late"),
    ):
        passkeys.sign_in(challenge, device.get(options), user_agent="", ending=None)


def test_an_answer_to_another_browsers_challenge_is_refused(ana: Account) -> None:
    device = with_key(ana)
    _, theirs = passkeys.begin_sign_in("client")
    mine, _ = passkeys.begin_sign_in("client")

    with pytest.raises(DomainError, match="passkey_refused"):
        passkeys.sign_in(mine, device.get(theirs), user_agent="", ending=None)


def test_a_challenge_for_one_purpose_is_no_good_for_another(ana: Account) -> None:
    device, token = with_key(ana), begin(ana)
    challenge, options = passkeys.begin_sign_in("client")

    with pytest.raises(DomainError, match="passkey_too_late"):
        passkeys.prove(ana.id, token, challenge, device.get(options))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("origin", "http://localhost:8001"),
        ("origin", "https://localhost:8000"),
        ("origin", "http://localhost.example:8000"),
        ("relying_party", "example.com"),
        ("verifies", False),
        ("count", 1),
    ],
)
def test_a_wrong_site_an_unknown_holder_and_a_copied_key_are_refused(
    ana: Account, field: str, value: object
) -> None:
    device = with_key(ana)
    sign_in(device)
    setattr(device, field, value)

    with pytest.raises(DomainError, match="passkey_refused"):
        sign_in(device)


@pytest.mark.parametrize(
    ("field", "value"),
    [("origin", "http://evil.example"), ("relying_party", "example.com"), ("verifies", False)],
)
def test_no_key_is_added_from_a_wrong_site_or_without_its_holder(
    ana: Account, field: str, value: object
) -> None:
    device = Authenticator()
    setattr(device, field, value)

    with pytest.raises(DomainError, match="passkey_refused"):
        with_key(ana, device=device)

    assert keys_of(ana) == []


def test_another_accounts_key_proves_nothing(ana: Account) -> None:
    ben = make_account("ben@example.com")
    with_key(ana)
    bens = with_key(ben)
    token = begin(ana)
    challenge, options = passkeys.begin_proving(ana.id)

    with pytest.raises(DomainError, match="passkey_unknown"):
        passkeys.prove(ana.id, token, challenge, bens.get(options))

    assert not shown(token)


def test_a_key_that_names_another_account_than_it_is_stored_for_is_refused(ana: Account) -> None:
    ben = make_account("ben@example.com")
    device, bens = with_key(ana), with_key(ben)
    device.handle = bens.handle

    with pytest.raises(DomainError, match="passkey_refused"):
        sign_in(device)


def test_a_signature_by_another_key_under_a_known_name_is_refused(ana: Account) -> None:
    device = with_key(ana)
    forged = Authenticator(credential=device.credential, handle=device.handle, count=50)

    with pytest.raises(DomainError, match="passkey_refused"):
        sign_in(forged)


def test_a_key_that_one_account_has_is_not_added_to_another(ana: Account) -> None:
    device = with_key(ana)

    with pytest.raises(DomainError, match="passkey_known"):
        with_key(make_account(), device=device)


@pytest.mark.parametrize("answer", ["", "[]", "null", "{", '{"id": 3}', '{"id": "x"}', "x" * 30_000])
def test_whatever_comes_instead_of_an_answer_is_refused(ana: Account, answer: str) -> None:
    with_key(ana)
    challenge, _ = passkeys.begin_sign_in("client")

    with pytest.raises(DomainError, match=r"passkey_(refused|unknown)"):
        passkeys.sign_in(challenge, answer, user_agent="", ending=None)


def test_adding_a_key_signs_every_other_browser_out(ana: Account) -> None:
    here, there = begin(ana), begin(ana)

    with_key(ana, here)

    assert (lives(here), shown(here), lives(there)) == (True, True, False)


def test_a_mailbox_alone_adds_no_key_to_an_account_that_has_one(ana: Account) -> None:
    device = with_key(ana)
    by_mail = begin(ana)
    with pytest.raises(DomainError, match="passkey_to_prove"):
        with_key(ana, by_mail)

    challenge, options = passkeys.begin_proving(ana.id)
    passkeys.prove(ana.id, by_mail, challenge, device.get(options))
    with_key(ana, by_mail)

    assert len(keys_of(ana)) == 2


def prove(account: Account, token: str, device: Authenticator) -> None:
    challenge, options = passkeys.begin_proving(account.id)
    passkeys.prove(account.id, token, challenge, device.get(options))


def is_fresh(token: str) -> bool:
    end_reading()
    return fresh_sign_in.is_fresh(token)


def test_a_sign_in_by_mail_is_no_fresh_one_where_the_account_has_a_passkey(ana: Account) -> None:
    before = is_fresh(begin(ana))
    device = with_key(ana)
    by_mail = begin(ana)
    by_mail_alone = is_fresh(by_mail)

    prove(ana, by_mail, device)

    assert (before, by_mail_alone, is_fresh(by_mail)) == (True, False, True)


def test_a_passkey_keeps_a_session_fresh_for_a_quarter_of_an_hour_and_does_so_again(ana: Account) -> None:
    device = with_key(ana)
    token = sign_in(device)
    at_once = is_fresh(token)
    with time_machine.travel(now() + fresh_sign_in.LASTS + dt.timedelta(seconds=1)):
        later = is_fresh(token)
        prove(ana, token, device)
        again = is_fresh(token)

    assert (at_once, later, again) == (True, False, True)


@pytest.mark.parametrize("has_one", [False, True])
def test_a_passkey_that_is_added_in_a_browser_left_open_makes_it_no_fresher(
    ana: Account, *, has_one: bool
) -> None:
    token = sign_in(with_key(ana)) if has_one else begin(ana)
    with time_machine.travel(now() + dt.timedelta(hours=1)):
        added = with_key(ana, token)
        once_added = is_fresh(token)
        prove(ana, token, added)
        proved = is_fresh(token)

    assert (once_added, proved, fresh_sign_in.by_passkey(token)) == (False, False, has_one)


def test_only_whoever_showed_one_deletes_a_key_and_only_their_own(ana: Account) -> None:
    with_key(ana)
    by_mail, ben = begin(ana), make_account()
    (key,) = keys_of(ana)

    with pytest.raises(DomainError, match="passkey_to_prove"):
        passkeys.remove(ana.id, by_mail, key.id)
    with pytest.raises(DomainError, match="no_such_passkey"):
        passkeys.remove(ben.id, begin(ben), key.id)
    with pytest.raises(DomainError, match="no_such_passkey"):
        passkeys.rename(ben.id, key.id, "mine")

    assert len(keys_of(ana)) == 1


def test_a_deleted_key_signs_nobody_in_and_its_deletion_ends_other_sessions(ana: Account) -> None:
    here = begin(ana)
    device = with_key(ana, here)
    there = sign_in(device)

    passkeys.remove(ana.id, here, keys_of(ana)[0].id)

    assert (lives(here), lives(there)) == (True, False)
    with pytest.raises(DomainError, match="passkey_unknown"):
        sign_in(device)


def test_the_operator_deletes_lost_keys_and_the_account_begins_anew_by_mail(ana: Account) -> None:
    token = sign_in(with_key(ana))

    assert passkeys.drop_all("ana@example.com") == 1

    assert (lives(token), keys_of(ana)) == (False, [])
    with_key(ana)
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert acts == ["passkey.added", "account.signed_in", "passkey.all_removed", "passkey.added"]


def owner_with_key(program: Program) -> tuple[Account, str]:
    owner = make_member(program, Role.OWNER)
    token = begin(owner)
    with_key(owner, token)
    return owner, token


def test_an_owner_asks_for_passkeys_after_a_grace_and_lifts_it(app: Flask) -> None:
    program = make_program()
    owner, token = owner_with_key(program)

    passkey_rules.ask_for(program.id, by=owner.id, session_token=token)

    asked = db.session.get_one(Program, program.id, populate_existing=True).passkeys_from
    assert asked
    assert dt.timedelta(days=13) < asked - now() <= passkey_rules.GRACE
    passkey_rules.lift(program.id, by=owner.id)
    end_reading()
    assert db.session.get_one(Program, program.id).passkeys_from is None


def test_an_owner_who_showed_no_passkey_cannot_shut_themselves_out(app: Flask) -> None:
    program = make_program()
    owner = make_member(program, Role.OWNER)

    with pytest.raises(DomainError, match="passkey_first"):
        passkey_rules.ask_for(program.id, by=owner.id, session_token=begin(owner))


def test_who_is_no_owner_decides_nothing_about_passkeys(app: Flask) -> None:
    program = make_program()
    organizer = make_member(program)
    token = begin(organizer)
    with_key(organizer, token)

    with pytest.raises(DomainError, match="no_longer_owner"):
        passkey_rules.ask_for(program.id, by=organizer.id, session_token=token)


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://desk.example.com", True),
        ("http://localhost:8000", True),
        ("http://desk.example.com", False),
        ("https://192.0.2.7", False),
        ("https://[2001:db8::7]", False),
    ],
)
def test_passkeys_need_a_name_over_https(
    app: Flask, monkeypatch: pytest.MonkeyPatch, address: str, *, possible: bool
) -> None:
    settings = dataclasses.replace(app.config["SETTINGS"], BASE_URL=address)
    monkeypatch.setitem(app.config, "SETTINGS", settings)

    assert passkey_checks.are_possible() is possible


def test_challenges_that_ran_out_are_forgotten_with_the_next(ana: Account) -> None:
    for _ in range(3):
        passkeys.begin_sign_in("client")
    with time_machine.travel(now() + dt.timedelta(hours=1)):
        passkeys.begin_sign_in("client")

    assert len(db.session.scalars(select(PasskeyChallenge)).all()) == 1
    assert db.session.scalars(select(AccountSession)).all() == []
