"""Handing a batch of written mails to the mail server, over several connections at once."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol

from app.mailer import Refused, Unreachable
from app.models import OutboxMail

log = logging.getLogger(__name__)


class Transport(Protocol):
    """A way to the mail server. `send` is called by up to `lanes` threads at once."""

    lanes: int

    def send(self, sender: str, recipient: str, message: bytes) -> None: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Failure:
    mail: OutboxMail
    error: str
    permanent: bool = False


@dataclass
class Round:
    """What became of a batch: every mail is in `sent`, in `failures` or still in `left`."""

    left: deque[OutboxMail]
    sent: dict[int, bytes] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    away: Unreachable | None = None  # the mail server takes nothing now


class Sending:
    """One batch on its way. A mail that fails holds up no other.

    The mail during which the server hung up counts as failed, to be tried again later: were it the next to be
    tried, one that the server always hangs up on would stop all the others.
    """

    def __init__(
        self, transport: Transport, sender: str, messages: Mapping[int, bytes], stop: threading.Event
    ) -> None:
        self._transport, self._sender, self._messages, self._stop = transport, sender, messages, stop
        self._until = 0.0

    def run(self, mails: Sequence[OutboxMail], seconds: float, lanes: Executor | None) -> Round:
        """Send for so long at most; what is under way then, or at a stop, is finished."""
        self._until = time.monotonic() + seconds
        found = Round(deque(mails))
        others = min(self._transport.lanes, len(mails)) - 1 if lanes else 0
        waiting = [lanes.submit(self._lane, found) for _ in range(others)] if lanes else []
        self._lane(found)
        for lane in waiting:
            lane.result()
        return found

    def _lane(self, found: Round) -> None:
        while found.away is None and not self._stop.is_set() and time.monotonic() < self._until:
            try:
                mail = found.left.popleft()
            except IndexError:
                return
            self._one(mail, found)

    def _one(self, mail: OutboxMail, found: Round) -> None:
        data = self._messages[mail.id]
        try:
            self._transport.send(self._sender, mail.address, data)
            found.sent[mail.id] = data
        except Refused as error:
            found.failures.append(Failure(mail, str(error), permanent=error.permanent))
        except Unreachable as error:
            found.away = error
            if error.under_way:
                found.failures.append(Failure(mail, str(error)))
            else:
                found.left.append(mail)
        except Exception as error:
            about = {"mail": mail.id, "kind": mail.kind}
            log.error("a mail could not be sent", exc_info=error, extra=about)
            found.failures.append(Failure(mail, type(error).__name__))
