"""A backup holds everything of one moment, and putting it back is whole or nothing; what went out since has gone out."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.backups import Kind, Manifest, Step
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.registering.registrations import Status
from app.keys import Keys
from app.models import (
    Account,
    AccountSession,
    AuditEntry,
    Device,
    Image,
    MailState,
    Meetup,
    OutboxMail,
    Passkey,
    Person,
    Program,
    Registration,
    StoryPhoto,
    StoryQuote,
    Ticket,
)
from app.services import audit
from app.services.alumni import roster_uploads
from app.services.alumni.rosters import Source
from app.services.auditing import seals
from app.services.backups import checking, files, jobs, making, restoring
from app.services.mails import outbox
from app.services.organizing import stories, story_photos
from app.services.personal import erasure
from app.services.registering import consents, tickets
from config import ROOT, Settings
from tests.access.crowd import crowd
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_consent,
    make_device,
    make_meetup,
    make_notice,
    make_program,
    make_registration,
)
from tests.support.server import environment

Rows = dict[str, list[tuple[Any, ...]]]
GOES_ON = {"audit_entry", "audit_seal", "account_session", "throttle"}


def everything() -> Rows:
    end_reading()
    tables = [table for table in db.metadata.sorted_tables if table.name not in GOES_ON]
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr) for table in tables}


def made(name: str = "backup") -> Path:
    path = files.folder() / f"{name}.zip"
    making.write(path)
    return path


def put_back(path: Path, session: str = "") -> None:
    job = files.note(files.new(Kind.UPLOADED, 1, Step.DONE), put_back_session=session)
    restoring.put_back(job, path, "account:1")
    end_reading()


def refusal(path: Path) -> str:
    with pytest.raises(DomainError) as refused:
        checking.check(path)
    return refused.value.code


def test_whatever_happened_since_is_as_it_was(app: Flask) -> None:
    mine = crowd()
    before, path = everything(), made()

    with transaction() as session:
        session.execute(update(Person).values(name="아무개"))
        session.get_one(Meetup, mine.meetup.id).title_ko = "다른 제목"
    make_registration(make_meetup(make_program()))
    put_back(path)

    after = everything()
    later = {row for row in after["program"] if row not in before["program"]}
    assert len(later) == 1, "a programme that the trail may name stays, empty"
    assert after | {"program": before["program"]} == before
    make_registration(mine.meetup)  # new rows find free numbers


def test_a_backup_of_one_database_can_be_put_into_the_other(
    make_app: Callable[[str], Flask], app: Flask, tmp_path: Path
) -> None:
    crowd()
    before, path = everything(), made()
    kind = "postgresql" if db.engine.dialect.name == "sqlite" else "sqlite"
    other = make_app(kind)
    keys: Keys = other.extensions["keys"]
    other.extensions["keys"] = app.extensions["keys"]
    try:
        with other.app_context():
            put_back(path)
            there = everything()
            with transaction() as session:
                for table in reversed(db.metadata.sorted_tables):
                    session.execute(table.delete())
    finally:
        other.extensions["keys"] = keys

    assert there == before


def test_mails_that_went_out_since_do_not_go_out_again(app: Flask) -> None:
    with transaction() as session:
        for address in ("went@example.com", "waits@example.com"):
            outbox.enqueue(session, "sign_in_link", address, "ko", next=None)
    path = made()
    with transaction() as session:
        went = update(OutboxMail).where(OutboxMail.address == "went@example.com")
        session.execute(went.values(state=MailState.SENT, sent_at=now()))

    put_back(path)

    states = {row.address: row.state for row in db.session.scalars(select(OutboxMail))}
    assert states == {"went@example.com": MailState.SENT, "waits@example.com": MailState.QUEUED}


def test_who_was_erased_since_stays_erased_and_the_trail_goes_on(app: Flask) -> None:
    person = make_alumnus(make_cohort(make_program(), 1), "김하늘")
    path = made()
    erasure.erase(person.id, "account:1", Asked.LETTER)

    put_back(path)

    assert db.session.get_one(Person, person.id).erased_at is not None
    acts = list(db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)))
    assert acts[-3:] == ["person.erased", "backup.put_back", "person.erased"]
    seals.seal()
    assert seals.standing().broken == []


def test_everybody_is_signed_out_but_who_put_it_back(app: Flask) -> None:
    account, other = make_account(), make_account()
    path = made()
    with transaction() as session:
        for number, each in enumerate((account, other)):
            row = AccountSession(account_id=each.id, token_hash=f"hash-{number}", expires_at=now())
            session.add(row)

    put_back(path, session="hash-0")

    open_ones = select(AccountSession.token_hash).where(AccountSession.ended_at.is_(None))
    assert list(db.session.scalars(open_ones)) == ["hash-0"]


def test_one_that_fails_midway_changes_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd()
    path = made()
    make_registration(make_meetup())
    before = everything()

    def fails(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.services.backups.since.stay_true", fails)
    with pytest.raises(RuntimeError):
        put_back(path)

    assert everything() == before


def test_what_is_damaged_or_not_ours_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    make_registration()
    path = made()
    whole = path.read_bytes()

    path.write_bytes(b"no backup")
    assert refusal(path) == "backup_unreadable"
    path.write_bytes(whole[: len(whole) // 2])
    assert refusal(path) == "backup_unreadable"
    path.write_bytes(changed(whole, "tables/person.jsonl"))
    assert refusal(path) == "backup_damaged"
    path.write_bytes(whole)
    monkeypatch.setattr("app.services.running.health.newest_schema", lambda: "9999")
    assert refusal(path) == "backup_other_schema"
    own: Keys = app.extensions["keys"]
    monkeypatch.setitem(
        app.extensions, "keys", Keys(own.session, own.session_fallbacks, b"another", own.link, own.audit)
    )
    assert refusal(path) == "backup_other_keys"


def changed(whole: bytes, name: str) -> bytes:
    """The same file with one letter more in one of its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(out, "w") as target:
        for each in source.namelist():
            target.writestr(each, source.read(each) + (b"x" if each == name else b""))
    return out.getvalue()


def test_an_asked_backup_is_made_once_and_taken_once_by_who_asked(app: Flask) -> None:
    mine, other = make_account(), make_account()
    asked = jobs.ask(mine.id)
    assert jobs.ask(mine.id).name == asked.name

    assert jobs.run()
    done = files.found(asked.name)

    assert done
    assert (done.step, done.done) == (Step.DONE, done.total)
    assert done.size > 0
    with pytest.raises(DomainError, match="backup_of_another"):
        jobs.take(done, other.id)
    jobs.take(done, mine.id)
    with pytest.raises(DomainError, match="backup_taken"):
        jobs.take(files.found(asked.name) or done, mine.id)
    assert not jobs.run()


def test_what_is_put_back_can_be_taken_back(app: Flask) -> None:
    account = make_account()
    asked = jobs.ask(account.id)
    jobs.run()
    make_registration()
    before = everything()

    jobs.ask_to_put_back(files.found(asked.name) or asked, account.id, "")
    assert files.restoring().exists()
    jobs.run()
    end_reading()

    assert not files.restoring().exists()
    assert db.session.scalars(select(Registration)).all() == []
    safety = next(each for each in files.all_of_them() if each.kind is Kind.SAFETY)
    jobs.ask_to_put_back(safety, account.id, "")
    jobs.run()
    assert everything() == before


def test_a_job_that_was_killed_is_done_by_the_next_worker_and_only_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = make_account()
    asked = jobs.ask(account.id)
    jobs.run()
    jobs.ask_to_put_back(files.found(asked.name) or asked, account.id, "")
    whole = files.note

    def killed(backup: files.Backup, **changes: Any) -> files.Backup:
        if changes == {"put_back": Step.DONE}:
            raise SystemExit
        return whole(backup, **changes)

    monkeypatch.setattr(files, "note", killed)
    with pytest.raises(SystemExit):
        jobs.run()
    assert files.restoring().exists(), "nobody is served before it is known to be done"
    monkeypatch.undo()
    program = make_program()

    jobs.run()

    assert not files.restoring().exists()
    assert (files.found(asked.name) or asked).put_back is Step.DONE
    assert db.session.get(Program, program.id), "it isn't put back twice"
    assert db.session.get(Account, account.id)


MIDWAY = """
import time
from app import create_app
from app.services.backups import jobs, since

def waits(*_):
    print("midway", flush=True)
    time.sleep(60)

since.stay_true = waits
with create_app().app_context():
    jobs.run()
"""


def test_a_worker_that_is_killed_in_the_middle_of_a_restore_leaves_everything_as_it_was(
    app: Flask, settings: Settings
) -> None:
    account = make_account()
    asked = jobs.ask(account.id)
    jobs.run()
    make_registration()
    jobs.ask_to_put_back(files.found(asked.name) or asked, account.id, "")
    before = everything()

    command = [sys.executable, "-c", MIDWAY]
    with subprocess.Popen(command, cwd=ROOT, env=environment(settings), stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stdout.readline() == b"midway\n"
        worker.send_signal(signal.SIGKILL)

    assert everything() == before
    assert files.restoring().exists(), "nobody is served with a restore half done"
    jobs.run()
    end_reading()
    assert db.session.scalars(select(Registration)).all() == []
    assert not files.restoring().exists()


def tampered(path: Path, table: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """A backup as whoever holds one can make it: other rows, and a seal under the keys that lie in it."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    name = f"tables/{table}.jsonl"
    lines = [json.dumps(change(json.loads(line))).encode() + b"\n" for line in parts[name].splitlines()]
    parts[name] = b"".join(lines)
    said = json.loads(parts["manifest.json"])
    said["tables"][table]["sha256"] = hashlib.sha256(parts[name]).hexdigest()
    parts["manifest.json"] = Manifest(**said).sealed(making.seal_key()).text().encode()
    with zipfile.ZipFile(path, "w") as target:
        for each, content in parts.items():
            target.writestr(each, content)


def test_a_backup_with_another_trail_is_not_put_back_at_the_desk(app: Flask) -> None:
    person = make_alumnus(make_cohort(make_program(), 1), "김하늘")
    erasure.erase(person.id, "account:1", Asked.LETTER)
    path = made()
    columns = checking.check(path).tables["audit_entry"]["columns"]
    actor = columns.index("actor")
    tampered(path, "audit_entry", lambda row: [*row[:actor], "account:999", *row[actor + 1 :]])
    trail = list(db.session.scalars(select(AuditEntry.actor).order_by(AuditEntry.id)))

    with pytest.raises(DomainError, match="backup_other_past"):
        put_back(path)
    with path.open("rb") as file, pytest.raises(DomainError, match="backup_other_past"):
        jobs.upload(1, file)
    asked = files.new(Kind.UPLOADED, 1, Step.DONE)
    path.rename(asked.file)
    with pytest.raises(DomainError, match="backup_other_past"):
        jobs.ask_to_put_back(asked, 1, "")

    end_reading()
    assert list(db.session.scalars(select(AuditEntry.actor).order_by(AuditEntry.id))) == trail
    uploads = [each.file for each in files.all_of_them() if each.file.exists()]
    assert uploads == [asked.file], "what is refused isn't kept"
    restoring.put_back(
        asked, asked.file, "command", new_machine=True
    )  # that is left to whoever has the shell


def test_a_second_restore_erases_nobody_else(app: Flask) -> None:
    cohort = make_cohort(make_program(), 1)
    path = made("first")
    gone = make_alumnus(cohort, "김하늘").id
    erasure.erase(gone, "account:1", Asked.LETTER)
    put_back(path)

    other = make_alumnus(make_cohort(make_program(), 1), "이바다")
    assert other.id > gone, "the trail names rows by their numbers: none is given twice"
    with transaction() as session:  # as an earlier version left it: a trail that names somebody else's number
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "person.erased")).first()
        assert entry
        entry.subject = f"person:{other.id}"
    second = made("second")
    number = other.id
    put_back(second)

    assert db.session.get_one(Person, number).erased_at is None


def test_a_seal_that_is_none_is_refused_and_the_file_goes(app: Flask) -> None:
    path = made()
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | {"seal": "봉인"}).encode()
    with zipfile.ZipFile(path, "w") as target:
        for name, content in parts.items():
            target.writestr(name, content)

    with path.open("rb") as file, pytest.raises(DomainError, match="backup_other_keys"):
        jobs.upload(1, file)

    assert files.all_of_them() == []


def test_an_upload_that_breaks_off_leaves_nothing(app: Flask) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        jobs.upload(1, Broken())

    assert files.all_of_them() == []


def test_what_people_took_back_since_stays_taken_back(app: Flask) -> None:
    program = make_program()
    cohort = make_cohort(program, 1)
    meetup = make_meetup(program, cohorts=[cohort])
    make_notice(meetup, consents=(make_consent("photos"),))
    mine = make_registration(meetup, make_alumnus(cohort), cohort=cohort)
    phone, _ = make_device(meetup)
    make_account()  # so that the key has another number than its account
    account = make_account()
    picture = Image(program_id=program.id, sha256="a" * 64, media_type="image/webp", width=1, height=1)
    key = Passkey(account_id=account.id, credential_id="key", public_key=b"key", name="열쇠")
    quote = StoryQuote(meetup_id=meetup.id, registration_id=mine.id, words="반가웠어요.", approved_at=now())
    with transaction() as session:
        session.add_all((picture, key, quote))
        session.flush()
        photos = [
            StoryPhoto(
                uid=f"photo-{n}",
                meetup_id=meetup.id,
                image_id=picture.id,
                small_id=picture.id,
                confirmed_by="x",
            )
            for n in range(2)
        ]
        session.add_all(photos)
    consents.change(mine.id, {"photos": True})
    gone, hidden = (photo.id for photo in photos)
    path = made()

    consents.change(mine.id, {"photos": False})
    stories.decide_quote(mine.id, quote.id, approved=False)
    story_photos.ask_down(meetup, "photo-1", "내려 주세요", "client")
    story_photos.remove_photo(meetup.id, gone, "account:1")
    new_ticket = tickets.reissue(mine.id, "account:1")
    with transaction() as session:
        session.get_one(Device, phone.id).revoked_at = now()
        session.get_one(Registration, mine.id).link_revision = 3
        session.get_one(Program, program.id).passkeys_from = now()
        audit.record(session, "program.passkeys_asked", program, "account:1", program_id=program.id)
        holder = f"account:{key.account_id}"
        audit.record(session, "passkey.removed", holder, holder, program_id=None, passkey=key.id)
        session.delete(session.get_one(Passkey, key.id))
    ids = {"mine": mine.id, "quote": quote.id, "phone": phone.id, "program": program.id}
    new_code, safety = new_ticket.digest, made("safety")
    before = everything()
    put_back(path)

    session = db.session()
    assert [row.given for row in consents.history(ids["mine"])] == [True, False]
    assert session.get_one(StoryQuote, ids["quote"]).refused_at
    assert session.get_one(StoryQuote, ids["quote"]).approved_at is None
    assert session.get_one(StoryPhoto, hidden).hidden_at
    assert session.get(StoryPhoto, gone) is None
    valid = select(Ticket.digest).where(Ticket.revoked_at.is_(None))
    assert list(session.scalars(valid)) == [new_code], "the ticket that was given instead holds"
    assert session.get_one(Device, ids["phone"]).revoked_at
    assert session.get_one(Registration, ids["mine"]).link_revision == 3
    assert session.get_one(Program, ids["program"]).passkeys_from
    assert session.scalar(select(Passkey.id)) is None
    put_back(safety)
    assert everything() == before


def test_whoever_has_a_seat_again_has_a_ticket_and_not_the_revoked_one(app: Flask) -> None:
    mine = make_registration()
    path = made()
    with transaction() as session:
        tickets.revoke(session, mine.id)
        session.get_one(Registration, mine.id).status = Status.CANCELLED

    number = mine.id
    put_back(path)

    assert db.session.get_one(Registration, number).status is Status.CONFIRMED
    issued = db.session.execute(select(Ticket.revision, Ticket.revoked_at).order_by(Ticket.revision)).all()
    assert [(row.revision, row.revoked_at is None) for row in issued] == [(1, False), (2, True)]


def test_lists_that_no_row_names_after_a_restore_go_with_the_clean_up(app: Flask, settings: Settings) -> None:
    program, account = make_program(), make_account()
    path = made()
    source = Source("이름,이메일\n김하늘,sky@example.com\n".encode(), "list.csv")
    upload = roster_uploads.keep(program.id, account.id, None, source)
    list_file = settings.DATA_DIR / "incoming" / upload.reference
    put_back(path)

    roster_uploads.discard_expired()
    assert list_file.exists(), "it may be an upload under way"
    os.utime(list_file, (time.time() - 4000,) * 2)
    kept = roster_uploads.keep(program.id, account.id, None, source)
    kept_file = settings.DATA_DIR / "incoming" / kept.reference
    os.utime(kept_file, (time.time() - 4000,) * 2)
    roster_uploads.discard_expired()

    assert not list_file.exists()
    assert kept_file.exists()


def test_a_backup_holds_the_pictures_that_a_row_names_and_no_others(app: Flask, settings: Settings) -> None:
    folder = settings.DATA_DIR / "uploads"
    folder.mkdir(exist_ok=True)
    named, other = (hashlib.sha256(content).hexdigest() for content in (b"named", b"other"))
    (folder / f"{named}.webp").write_bytes(b"named")
    (folder / f"{other}.webp").write_bytes(b"other")
    program = make_program()
    with transaction() as session:
        values = {"sha256": named, "media_type": "image/webp", "width": 1, "height": 1}
        session.add(Image(program_id=program.id, **values))

    assert checking.check(made()).uploads == [f"{named}.webp"]


def test_a_backup_that_fails_halfway_leaves_nothing_to_read(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "_write_files", full)

    with pytest.raises(OSError, match="No space"):
        making.write(tmp_path / "b" / "one.zip")

    assert list((tmp_path / "b").iterdir()) == []


def test_what_a_killed_process_left_half_written_goes_with_what_is_old(app: Flask):
    files.new(Kind.MADE, 1)
    old, young = files.folder() / "old.part", files.folder() / "young.part"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))

    assert files.forget_old() == 1
    assert (old.exists(), young.exists()) == (False, True)


def test_who_asked_an_organizer_to_withdraw_a_consent_is_known_after_a_restore_too(app: Flask) -> None:
    cohort = make_cohort(None, 1)
    meetup = make_meetup(cohorts=[cohort])
    make_notice(meetup, consents=(make_consent("photos"),))
    mine = make_registration(meetup, make_alumnus(cohort), cohort=cohort)
    consents.change(mine.id, {"photos": True})
    path = made()

    consents.withdraw(mine.id, "photos", "account:1", "본인 전화")
    mine_id, _safety = mine.id, made("safety")
    put_back(path)

    told = select(AuditEntry.actor, AuditEntry.reason).where(AuditEntry.act == "consents.changed")
    newest = db.session.execute(told.order_by(AuditEntry.id.desc())).first()
    assert newest == ("account:1", "본인 전화")
    assert [row.actor for row in consents.history(mine_id)] == ["person", "account:1"]
