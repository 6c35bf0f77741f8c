"""A mail server for tests: takes every message, keeps it, and can be told to refuse or to be away."""

from __future__ import annotations

import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.server import free_port

Predicate = Callable[[EmailMessage], bool]


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail, decoded."""
    part = message.get_body(("plain",))
    assert part is not None, "a mail has a plain text part"
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    """The HTML of a mail, decoded; empty where there is none."""
    part = message.get_body(("html",))
    return str(part.get_content()) if part else ""


class Sink:
    """Collects what arrives. `refuse` is the SMTP answer to give instead, while it is set; `refuse_sender`, to
    MAIL FROM. At the recipients in `hangs_up_on` it drops the connection without a word; at those in `keeps_silent_to`
    it takes the mail, once, and drops the connection before it says so.
    """

    def __init__(self, port: int | None = None) -> None:
        self.port = port or free_port()
        self.messages: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.refuse: str | None = None
        self.refuse_sender: str | None = None
        self.hangs_up_on: set[str] = set()
        self.keeps_silent_to: set[str] = set()
        self.connections = 0
        self._controller: Controller | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_MAIL(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refuse_sender:
            return self.refuse_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_EHLO(  # noqa: N802
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += 1
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.hangs_up_on:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.recipients.append(list(envelope.rcpt_tos))
        self.messages.append(message)
        if silent := self.keeps_silent_to.intersection(envelope.rcpt_tos):
            self.keeps_silent_to -= silent
            server.transport.abort()
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        """The mails that were delivered to `address`, in order of arrival."""
        return [mail for mail, to in zip(self.messages, self.recipients, strict=False) if address in to]

    def wait_for(
        self, address: str, predicate: Predicate = lambda _mail: True, timeout: float = 20
    ) -> EmailMessage:
        """The newest mail to `address` that `predicate` holds for; waits until there is one."""
        until = time.monotonic() + timeout
        while True:
            if found := [mail for mail in self.to(address) if predicate(mail)]:
                return found[-1]
            if time.monotonic() > until:
                subjects = [mail["Subject"] for mail in self.to(address)]
                raise AssertionError(f"no such mail to {address} in {timeout} s; there were: {subjects}")
            time.sleep(0.05)
