"""The worker: sends owed mails, again and again until they are taken, and does what is due by itself.

Several may run. None holds a transaction while it talks to the mail server. One that is killed
between sending and settling leaves its lease to run out, and the mail goes out again under the same
Message-ID.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from email.utils import parseaddr
from typing import Any, cast

from flask import Flask, current_app

from app.db import end_reading
from app.mailer import Mailer, Unreachable, parse
from app.models import OutboxMail
from app.services.backups import files, jobs
from app.services.mails import mail_server, outbox, writing
from app.services.mails.sending import Sending, Transport
from app.services.organizing import export_making
from app.services.running import schedule
from config import Settings

log = logging.getLogger(__name__)
BATCH = 50
BATCH_SECONDS = 10.0  # what is not sent by then is handed back, so that no code ages in a queue here
AWAITED_IN_A_ROW = 4  # so many batches of codes, then one of what nobody waits for, however many codes come
FEW = BATCH // outbox.PATIENT_SHARE
GATHER_SECONDS = 0.05  # between batches of few: in a rush one of many costs far less than many of one
STOP_SECONDS = 10.0  # for the file under way, which is handed back
SETTINGS_SECONDS = 5.0  # so often the desk's own mail settings are looked at
AWAY_SECONDS = (1, 2, 5, 10, 30)


class KeptForThePage:
    """Without a mail server, in debug mode: the page of sent mails is where they go."""

    lanes = 1

    def send(self, sender: str, recipient: str, message: bytes) -> None: ...

    def close(self) -> None: ...


def transport_for(settings: Settings) -> Transport | None:
    """The mail server; in debug mode without one, the page of sent mails; otherwise nothing."""
    return _transport_by(settings.SMTP_URL, settings)


def _transport_by(url: str, settings: Settings) -> Transport | None:
    if url:
        return Mailer(parse(url), settings.SMTP_CONNECTIONS)
    return KeptForThePage() if settings.DEBUG else None


class Worker:
    """One sender of mails. `stop` ends it after the mail under way."""

    def __init__(self, transport: Transport | None, stop: threading.Event | None = None) -> None:
        settings: Settings = current_app.config["SETTINGS"]
        self._settings = settings
        self._transport = transport
        self._stop = stop or threading.Event()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._way = mail_server.of_environment()
        self._next_settings = 0.0
        self._times_away = 0
        self._in_a_row = 0
        self._pause = 0.0  # after the batch under way
        self._next_look = 0.0  # at what is due by itself
        others = transport.lanes - 1 if transport else 0
        self._lanes = ThreadPoolExecutor(others, "mail") if others else None
        self._backups = jobs.Aside()

    def run(self) -> None:
        """Work until stopped."""
        if self._transport is None:
            log.error("no SMTP_URL is set: mails are kept in the outbox and not sent")
        files_made = self._make_files()
        while not self._stop.is_set():
            self._follow_settings()
            if jobs.is_wanted():
                self._backups.look()
            if files.restoring().exists():  # what is owed will have changed
                self._stop.wait(self._settings.WORKER_POLL_SECONDS)
                continue
            done = self._on_time()
            wait = self._turn()
            if not done:
                self._stop.wait(wait)
        if self._lanes:
            self._lanes.shutdown()
        if self._transport:
            self._transport.close()
        files_made.join(STOP_SECONDS)

    def _make_files(self) -> threading.Thread:
        """Beside the mails: a large file takes longer than anybody waits for a code."""
        app: Flask = cast("Any", current_app)._get_current_object()
        given = (app, self._name, self._stop, self._settings.WORKER_POLL_SECONDS)
        thread = threading.Thread(target=export_making.serve, args=given, name="files", daemon=True)
        thread.start()
        return thread

    def _follow_settings(self) -> None:
        """Hand mails over as the desk says, once it says something else."""
        if time.monotonic() < self._next_settings:
            return
        self._next_settings = time.monotonic() + SETTINGS_SECONDS
        way = mail_server.current()
        end_reading()
        if way == self._way:
            return
        if self._transport:
            self._transport.close()
        self._way, self._transport = way, _transport_by(way.url, self._settings)
        current_app.extensions[mail_server.SENDER] = way.sender
        log.info("mails go out another way", extra={"from_the_desk": way.is_own})

    def run_once(self) -> int:
        """Send one batch of what is due; how many mails were dealt with. Raises `Unreachable`."""
        if self._transport is None:
            return 0
        mails = self._claim()
        if not mails:
            return 0
        written = writing.write(mails)
        end_reading()
        outbox.settle_dropped(written.dropped)
        outbox.settle_unwanted(written.unwanted)
        outbox.put_off(written.later)
        by_id = {mail.id: mail for mail in mails}
        for mail_id, error in written.broken.items():
            outbox.settle_failed(by_id[mail_id], error, permanent=False)
        self._send(self._transport, [m for m in mails if m.id in written.messages], written.messages)
        return len(mails)

    def _claim(self) -> list[OutboxMail]:
        """The next batch; after few codes, what nobody waits for has its turn at once, and then mails may gather."""
        patient_first = self._in_a_row >= AWAITED_IN_A_ROW
        mails = outbox.claim(self._name, BATCH, patient_first=patient_first)
        codes, few = bool(mails) and mails[0].priority == outbox.AT_ONCE, len(mails) < FEW
        if codes and not patient_first:
            self._in_a_row = AWAITED_IN_A_ROW if few else self._in_a_row + 1
            self._pause = 0.0
        else:
            self._in_a_row, self._pause = 0, GATHER_SECONDS if few else 0.0
        return mails

    def _on_time(self) -> int:
        """What is due by itself, before the mails: it may owe some. How many acts were done.

        Looked for as often as an idle worker looks for mails, however many batches go out meanwhile.
        """
        if time.monotonic() < self._next_look:
            return 0
        self._next_look = time.monotonic() + self._settings.WORKER_POLL_SECONDS
        try:
            schedule.clean_up()
            done = schedule.run_due()
        except Exception as error:
            log.error("the schedule stumbled", exc_info=error)
            end_reading()
            return 0
        if done:
            self._next_look = 0.0
        return done

    def _turn(self) -> float:
        """One batch; how long to wait before the next."""
        try:
            worked = self.run_once()
        except Unreachable as error:
            pause = AWAY_SECONDS[min(self._times_away, len(AWAY_SECONDS) - 1)]
            self._times_away += 1
            log.warning("the mail server is away", extra={"error": str(error), "retry_in": pause})
            return pause
        except Exception as error:
            log.error("the worker stumbled", exc_info=error)
            end_reading()
            return 5.0
        self._times_away = 0
        return self._pause if worked else self._settings.WORKER_POLL_SECONDS

    def _send(self, transport: Transport, mails: Sequence[OutboxMail], messages: dict[int, bytes]) -> None:
        """Send what is written and note what became of each. Raises `Unreachable`."""
        sending = Sending(transport, parseaddr(self._way.sender)[1], messages, self._stop)
        done = sending.run(mails, BATCH_SECONDS, self._lanes)
        outbox.settle_sent(list(done.sent), self._copies(done.sent))
        for failure in done.failures:
            outbox.settle_failed(failure.mail, failure.error, permanent=failure.permanent)
        outbox.hand_back([mail.id for mail in done.left], str(done.away) if done.away else None)
        if done.away:
            raise done.away

    def _copies(self, sent: dict[int, bytes]) -> dict[int, str]:
        """What the page of sent mails shows; kept in debug mode only."""
        return {key: data.decode() for key, data in sent.items()} if self._settings.DEBUG else {}
