"""The worker: sends owed mails, again and again until they are taken, and cleans up.

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
from email.utils import parseaddr
from typing import Protocol

from flask import current_app

from app.db import end_reading
from app.mailer import Mailer, Refused, Unreachable, parse
from app.models import OutboxMail
from app.services import cleanup, outbox
from app.services.mails import writing
from config import Settings

log = logging.getLogger(__name__)
BATCH = 50
BATCH_SECONDS = 10.0  # what is not sent by then is handed back, so that no code ages in a queue here
CLEAN_UP_SECONDS = 600.0
AWAY_SECONDS = (1, 2, 5, 10, 30)


class Transport(Protocol):
    def send(self, sender: str, recipient: str, message: bytes) -> None: ...

    def close(self) -> None: ...


class KeptForThePage:
    """Without a mail server, in debug mode: the page of sent mails is where they go."""

    def send(self, sender: str, recipient: str, message: bytes) -> None: ...

    def close(self) -> None: ...


def transport_for(settings: Settings) -> Transport | None:
    """The mail server; in debug mode without one, the page of sent mails; otherwise nothing."""
    if settings.SMTP_URL:
        return Mailer(parse(settings.SMTP_URL))
    return KeptForThePage() if settings.DEBUG else None


class Worker:
    """One sender of mails. `stop` ends it after the mail under way."""

    def __init__(self, transport: Transport | None, stop: threading.Event | None = None) -> None:
        settings: Settings = current_app.config["SETTINGS"]
        self._settings = settings
        self._transport = transport
        self._stop = stop or threading.Event()
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._sender = parseaddr(settings.MAIL_FROM)[1]
        self._times_away = 0

    def run(self) -> None:
        """Work until stopped."""
        if self._transport is None:
            log.error("no SMTP_URL is set: mails are kept in the outbox and not sent")
        clean_at = 0.0
        while not self._stop.is_set():
            if time.monotonic() >= clean_at:
                cleanup.run()
                clean_at = time.monotonic() + CLEAN_UP_SECONDS
            self._stop.wait(self._turn())
        if self._transport:
            self._transport.close()

    def run_once(self) -> int:
        """Send one batch of what is due; how many mails were dealt with. Raises `Unreachable`."""
        if self._transport is None:
            return 0
        mails = outbox.claim(self._name, BATCH)
        if not mails:
            return 0
        written = writing.write(mails)
        end_reading()
        outbox.settle_dropped(written.dropped)
        by_id = {mail.id: mail for mail in mails}
        for mail_id, error in written.broken.items():
            outbox.settle_failed(by_id[mail_id], error, permanent=False)
        self._send(self._transport, [m for m in mails if m.id in written.messages], written.messages)
        return len(mails)

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
        return 0.0 if worked else self._settings.WORKER_POLL_SECONDS

    def _send(self, transport: Transport, mails: Sequence[OutboxMail], messages: dict[int, bytes]) -> None:
        """Send them in turn: one that fails holds up no other, and what was taken is noted as sent."""
        until = time.monotonic() + BATCH_SECONDS
        sent: dict[int, bytes] = {}
        left, why = list(mails), None
        try:
            while left and not self._stop.is_set() and time.monotonic() < until:
                mail, data = left[0], messages[left[0].id]
                try:
                    transport.send(self._sender, mail.address, data)
                    sent[mail.id] = data
                except Refused as error:
                    outbox.settle_failed(mail, str(error), permanent=error.permanent)
                except Unreachable:
                    raise
                except Exception as error:
                    about = {"mail": mail.id, "kind": mail.kind}
                    log.error("a mail could not be sent", exc_info=error, extra=about)
                    outbox.settle_failed(mail, type(error).__name__, permanent=False)
                left.pop(0)
        except Unreachable as error:
            why = str(error)
            raise
        finally:
            outbox.settle_sent(list(sent), self._copies(sent))
            outbox.hand_back([mail.id for mail in left], why)

    def _copies(self, sent: dict[int, bytes]) -> dict[int, str]:
        """What the page of sent mails shows; kept in debug mode only."""
        return {key: data.decode() for key, data in sent.items()} if self._settings.DEBUG else {}
