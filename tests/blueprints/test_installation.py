"""The installation's own pages: backups and accounts, for those who run it."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.backups import Kind
from app.models import Account, AccountSession, AuditEntry, Membership, OutboxMail, Registration, Role
from app.services.backups import files, jobs
from tests.factories import make_account, make_member, make_program, make_registration, sign_in
from tests.support.client import submit

pytestmark = pytest.mark.one_database
BACKUPS, ACCOUNTS = "/installation/backups", "/installation/accounts"


@pytest.fixture
def founder(client: FlaskClient) -> Account:
    account = make_account(is_founder=True)
    sign_in(client, account)
    return account


def long_signed_in() -> None:
    with transaction() as session:
        session.execute(update(AccountSession).values(created_at=now() - dt.timedelta(hours=1)))


def made(client: FlaskClient) -> files.Backup:
    submit(client, BACKUPS, {}, action=BACKUPS)
    jobs.run()
    return files.all_of_them()[0]


def test_a_backup_is_made_and_downloaded_once(client: FlaskClient, founder: Account) -> None:
    backup = made(client)
    download = f"{BACKUPS}/{backup.name}/download"

    first = submit(client, BACKUPS, {}, action=download)
    token = client.get(BACKUPS)
    again = client.post(download, data={"csrf_token": token_of(token.text)})

    assert first.mimetype == "application/zip"
    assert first.data.startswith(b"PK")
    assert again.status_code == 422
    assert "was downloaded already" in again.text


def token_of(text: str) -> str:
    return text.split('name="csrf_token" value="')[1].split('"', maxsplit=1)[0]


def test_who_signed_in_long_ago_neither_downloads_nor_restores(client: FlaskClient, founder: Account) -> None:
    backup = made(client)
    long_signed_in()

    page = client.get(BACKUPS)
    token = token_of(page.text)
    download = client.post(f"{BACKUPS}/{backup.name}/download", data={"csrf_token": token})
    restore = client.post(
        f"{BACKUPS}/{backup.name}/restore", data={"csrf_token": token, "confirm_name": "localhost:8000"}
    )
    submit(client, BACKUPS, {}, action="/installation/fresh-sign-in")

    assert "Sign in again first" in page.text
    assert (download.status_code, restore.status_code) == (422, 422)
    end_reading()
    mail = db.session.scalars(select(OutboxMail)).one()
    assert (mail.address, mail.params["next"]) == (founder.address, BACKUPS)


def test_a_restore_shows_what_is_lost_and_wants_the_name(client: FlaskClient, founder: Account) -> None:
    backup = made(client)
    make_registration()
    page = f"{BACKUPS}/{backup.name}/restore"

    shown = client.get(page)
    wrong = submit(client, page, {"confirm_name": "another"})
    end_reading()
    kept = db.session.scalars(select(Registration)).all()
    right = submit(client, page, {"confirm_name": "localhost:8000"})

    assert "-1" in shown.text
    assert wrong.status_code == 422
    assert "another" in wrong.text
    assert kept
    assert right.status_code == 303


def test_nobody_is_served_until_it_is_done_and_then_who_asked_is_still_signed_in(
    client: FlaskClient, founder: Account
) -> None:
    backup = made(client)
    make_registration()
    submit(client, f"{BACKUPS}/{backup.name}/restore", {"confirm_name": "localhost:8000"})

    meanwhile, alive = client.get("/"), client.get("/livez")
    jobs.run()
    after = client.get(BACKUPS)

    assert (meanwhile.status_code, meanwhile.headers["Refresh"]) == (503, "5")
    assert "A backup is being put back" in meanwhile.text
    assert alive.status_code == 200
    assert after.status_code == 200
    assert "Restored" in after.text
    assert "From before a restore" in after.text
    assert db.session.scalars(select(Registration)).all() == []


def test_an_uploaded_file_is_looked_at_first(client: FlaskClient, founder: Account) -> None:
    backup = made(client)
    data = backup.file.read_bytes()
    token = token_of(client.get(BACKUPS).text)

    def send(content: bytes) -> object:
        form = {"csrf_token": token, "file": (io.BytesIO(content), "backup.zip")}
        return client.post(f"{BACKUPS}/uploads", data=form)

    bad, good = send(b"nothing"), send(data)

    assert bad.status_code == 422  # type: ignore[attr-defined]
    assert "is no backup of Dongmun" in bad.text  # type: ignore[attr-defined]
    assert good.status_code == 303  # type: ignore[attr-defined]
    assert "Then and now" in client.get(good.headers["Location"]).text  # type: ignore[attr-defined]


def test_a_backup_may_be_larger_than_other_files_for_those_who_may_put_it_back(
    app: Flask, client: FlaskClient, founder: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1024)
    token = token_of(client.get(BACKUPS).text)
    somebody = client.application.test_client()
    sign_in(somebody, make_member(make_program(), Role.OWNER))

    def send(who: FlaskClient, page: str) -> int:
        form = {"csrf_token": token, "file": (io.BytesIO(bytes(4096)), "backup.zip")}
        return who.post(page, data=form).status_code

    assert send(client, f"{BACKUPS}/uploads") == 422
    assert send(somebody, f"{BACKUPS}/uploads") == 413
    assert send(client.application.test_client(), f"{BACKUPS}/uploads") == 413
    assert send(client, BACKUPS) == 413


def test_what_is_over_is_deleted(app: Flask) -> None:
    old = files.new(Kind.MADE, 1)
    files.note(old, step="done", asked_at=(now() - dt.timedelta(days=2)).isoformat())
    safety = files.new(Kind.SAFETY, 1)
    files.note(safety, step="done", asked_at=(now() - dt.timedelta(days=2)).isoformat())

    assert files.forget_old() == 1
    assert [each.name for each in files.all_of_them()] == [safety.name]


def test_accounts_and_their_rights_are_listed_and_taken(client: FlaskClient, founder: Account) -> None:
    program = make_program()
    make_member(program, Role.OWNER)
    other = make_member(program, Role.OWNER)
    sign_in(client.application.test_client(), other)

    page = client.get(ACCOUNTS)
    taken = submit(client, ACCOUNTS, {}, action=f"{ACCOUNTS}/{other.id}/rights")

    assert other.address in page.text
    assert program.name_en in page.text
    assert taken.status_code == 303
    end_reading()
    assert not db.session.scalars(select(Membership).where(Membership.account_id == other.id)).all()
    open_ones = select(AccountSession).where(
        AccountSession.account_id == other.id, AccountSession.ended_at.is_(None)
    )
    assert not db.session.scalars(open_ones).all()


@pytest.mark.parametrize("act", ["rights", "sign-out", "founding"])
def test_who_signed_in_long_ago_neither_takes_rights_nor_signs_others_out(
    client: FlaskClient, founder: Account, act: str
) -> None:
    program = make_program()
    make_member(program, Role.OWNER)
    other = make_member(program, Role.OWNER)
    sign_in(client.application.test_client(), other)
    long_signed_in()

    page = client.get(ACCOUNTS)
    refused = client.post(f"{ACCOUNTS}/{other.id}/{act}", data={"csrf_token": token_of(page.text)})

    assert "Sign in again first" in page.text
    assert f"{other.id}/{act}" not in page.text
    assert refused.status_code == 422
    end_reading()
    assert db.session.scalars(select(Membership).where(Membership.account_id == other.id)).all()
    ended = select(AccountSession.ended_at).where(AccountSession.account_id == other.id)
    assert db.session.scalars(ended).one() is None


def test_a_second_person_is_let_in_to_run_the_installation(client: FlaskClient, founder: Account) -> None:
    other = make_member(make_program(), Role.OWNER)
    theirs = client.application.test_client()
    sign_in(theirs, other)
    never_here = make_member(make_program(), Role.OWNER)

    before = theirs.get(BACKUPS).status_code
    page = client.get(ACCOUNTS).text
    done = submit(client, ACCOUNTS, {}, action=f"{ACCOUNTS}/{other.id}/founding")
    twice = client.post(f"{ACCOUNTS}/{other.id}/founding", data={"csrf_token": token_of(page)})

    assert (before, done.status_code, twice.status_code) == (403, 303, 303)
    assert f"{never_here.id}/founding" not in page
    assert theirs.get(BACKUPS).status_code == 200
    end_reading()
    noted = select(AuditEntry.actor).where(AuditEntry.act == "account.founder")
    assert db.session.scalars(noted).all() == [f"account:{founder.id}"]


def test_neither_a_last_owner_nor_oneself_loses_rights(client: FlaskClient, founder: Account) -> None:
    alone = make_member(make_program(), Role.OWNER)
    token = token_of(client.get(ACCOUNTS).text)

    refused = [
        client.post(f"{ACCOUNTS}/{each.id}/rights", data={"csrf_token": token}) for each in (alone, founder)
    ]

    assert [each.status_code for each in refused] == [422, 422]
    end_reading()
    assert db.session.scalars(select(Membership).where(Membership.account_id == alone.id)).all()
    assert db.session.get_one(Account, founder.id).is_founder


def test_signing_somebody_out_leaves_their_rights(client: FlaskClient, founder: Account) -> None:
    other = make_member(make_program(), Role.ORGANIZER)
    sign_in(client.application.test_client(), other)

    submit(client, ACCOUNTS, {}, action=f"{ACCOUNTS}/{other.id}/sign-out")

    end_reading()
    ended = select(AccountSession.ended_at).where(AccountSession.account_id == other.id)
    assert db.session.scalars(ended).one() is not None
    assert db.session.scalars(select(Membership).where(Membership.account_id == other.id)).all()
