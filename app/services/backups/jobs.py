"""What owners ask of backups, and the worker's part: one job at a time, begun anew by whoever finds it unfinished."""

from __future__ import annotations

import logging
import threading
from typing import IO

from flask import current_app

from app.db import end_reading, transaction
from app.domain.backups import Fault, Kind, Step
from app.domain.errors import DomainError
from app.services import audit
from app.services.backups import checking, files, making, restoring
from app.services.backups.files import Backup

log = logging.getLogger(__name__)


def ask(account_id: int) -> Backup:
    """A backup of now; while one is being made, that one."""
    if busy := next((each for each in files.all_of_them() if each.is_busy), None):
        return busy
    backup = files.new(Kind.MADE, account_id)
    _record("backup.asked", backup, account_id)
    return backup


def upload(account_id: int, file: IO[bytes]) -> Backup:
    """Keep a file for a look at it. Raises `DomainError` for one that can't be put back."""
    backup = files.keep_upload(file, account_id)
    try:
        checking.refuse_another_past(backup.file, checking.check(backup.file))
    except BaseException:
        files.remove(backup)
        raise
    _record("backup.uploaded", backup, account_id)
    return backup


def take(backup: Backup, account_id: int) -> None:
    """Whoever asked for it takes it away, once. Raises `DomainError`."""
    if backup.by != account_id or backup.kind is Kind.UPLOADED or backup.step is not Step.DONE:
        raise DomainError("backup_of_another")
    if backup.downloaded:
        raise DomainError("backup_taken")
    files.note(backup, downloaded=True)
    _record("backup.downloaded", backup, account_id)


def ask_to_put_back(backup: Backup, account_id: int, session_hash: str) -> None:
    """From here on nobody is served until the worker has done it. Raises `DomainError`."""
    if any(each.is_busy for each in files.all_of_them()):
        raise DomainError("backup_busy")
    checking.refuse_another_past(backup.file, checking.manifest_of(backup.file))
    safety = files.new(Kind.SAFETY, account_id)
    _record("backup.put_back_asked", backup, account_id)
    files.note(
        backup, put_back=Step.ASKED, put_back_by=account_id, put_back_session=session_hash, safety=safety.name,
        put_back_no="",
    )  # fmt: skip
    files.restoring().touch(mode=0o600)


def is_wanted() -> bool:
    """Whether there is anything for `run`."""
    return files.restoring().exists() or any(each.is_busy for each in files.all_of_them())


def run() -> bool:
    """Do what was asked, if this worker is the one; whether there was anything."""
    waiting = [each for each in files.all_of_them() if each.is_busy]
    if not waiting:
        _reopen()
        return False
    with files.alone() as mine:
        if mine:
            # A safety copy is younger than what is put back after it, and all others come one by one.
            for each in sorted(waiting, key=lambda one: one.put_back is not None):
                _do(files.found(each.name) or each)
            _reopen()
    return mine


def _reopen() -> None:
    """Serve again, once nothing is being put back."""
    if files.restoring().exists() and not any(each.put_back_busy for each in files.all_of_them()):
        files.restoring().unlink(missing_ok=True)


def _do(backup: Backup) -> None:
    try:
        if backup.put_back_busy:
            _put_back(backup)
        elif backup.is_busy:
            _make(backup)
    except Exception as error:
        log.error("a backup's job failed", exc_info=error, extra={"backup": backup.name})
        end_reading()
        why = error.code if isinstance(error, DomainError) else "backup_failed"
        now = files.found(backup.name) or backup
        if now.put_back_busy:
            files.note(now, put_back=Step.FAILED, put_back_no=str(why))
        else:
            files.note(now, step=Step.FAILED)


def _make(backup: Backup) -> None:
    current = files.note(backup, step=Step.RUNNING)

    def progress(done: int, total: int) -> None:
        nonlocal current
        current = files.note(current, done=done, total=total)

    making.write(backup.file, progress)
    files.note(current, step=Step.DONE)
    if backup.kind is Kind.MADE:
        _record("backup.made", backup, None)


def _put_back(backup: Backup) -> None:
    """The copy of before first, or nothing."""
    running = files.note(backup, put_back=Step.RUNNING)
    safety = files.found(backup.safety)
    if safety is None or safety.step is not Step.DONE:
        raise DomainError(Fault.UNREADABLE)
    restoring.put_back(running, running.file, f"account:{backup.put_back_by}")
    files.note(running, put_back=Step.DONE)


def _record(act: str, backup: Backup, account_id: int | None) -> None:
    actor = audit.WORKER if account_id is None else f"account:{account_id}"
    with transaction() as session:
        audit.record(session, act, f"backup:{backup.name}", actor, program_id=None)


class Aside:
    """The worker's jobs on a thread of their own: codes don't wait for a backup."""

    def __init__(self) -> None:
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]
        self._thread: threading.Thread | None = None

    def look(self) -> None:
        """Begin what was asked, unless this worker is at it."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="backups", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        with self._app.app_context():
            run()
