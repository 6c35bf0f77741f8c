"""A mail server that takes everything, on the loop of the people who wait for their mails."""

from __future__ import annotations

import re
import selectors
import socket
from collections.abc import Callable
from email import message_from_bytes

_CODE = re.compile(r"(?<!\d)(\d{4}) ?(\d{4})(?!\d)")
_ADDRESS = re.compile(rb"<([^>]*)>")
END = b"\r\n.\r\n"
Deliver = Callable[[str, bytes], None]


def code_in(message: bytes) -> str | None:
    """The code in a verification mail's text part; None in any other mail, as are all that carry a picture."""
    if b"image/png" in message:
        return None
    for part in message_from_bytes(message).walk():
        if part.get_content_type() == "text/plain":
            found = _CODE.search(bytes(part.get_payload(decode=True)).decode())
            return found[1] + found[2] if found else None
    return None


class Talk:
    """One SMTP conversation as a state machine: bytes in, answers out, mails to `deliver`."""

    def __init__(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._data = bytearray()
        self._to = ""
        self._in_mail = False
        self.ended = False

    def feed(self, data: bytes) -> bytes:
        self._data += data
        answers = b""
        while (answer := self._next()) is not None:
            answers += answer
        return answers

    def _next(self) -> bytes | None:
        end = self._data.find(END if self._in_mail else b"\r\n")
        if end < 0:
            return None
        taken = bytes(self._data[:end])
        del self._data[: end + (len(END) if self._in_mail else 2)]
        if self._in_mail:
            self._in_mail = False
            self._deliver(self._to, taken.replace(b"\r\n..", b"\r\n."))
            return b"250 OK\r\n"
        return self._command(taken)

    def _command(self, line: bytes) -> bytes:
        word = line[:4].upper()
        if word == b"EHLO":
            return b"250-sink\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n"
        if word == b"RCPT" and (found := _ADDRESS.search(line)):
            self._to = found[1].decode()
        if word == b"DATA":
            self._in_mail = True
            return b"354 go on\r\n"
        if word == b"QUIT":
            self.ended = True
            return b"221 bye\r\n"
        return b"250 OK\r\n"


class Sink:
    """Listens on `port` and hands every mail to `deliver`, as part of somebody else's loop."""

    def __init__(self, selector: selectors.BaseSelector, port: int, deliver: Deliver) -> None:
        self._selector, self._deliver = selector, deliver
        self._listening = socket.create_server(("127.0.0.1", port), backlog=64)
        self._listening.setblocking(False)
        selector.register(self._listening, selectors.EVENT_READ, self._accept)

    def close(self) -> None:
        for key in list(self._selector.get_map().values()):
            if getattr(key.data, "__self__", None) is self or isinstance(key.data, _Reader):
                self._selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]

    def _accept(self) -> None:
        connection, _ = self._listening.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"220 sink\r\n")
        reader = _Reader(connection, Talk(self._deliver), self._selector)
        self._selector.register(connection, selectors.EVENT_READ, reader)


class _Reader:
    def __init__(self, connection: socket.socket, talk: Talk, selector: selectors.BaseSelector) -> None:
        self._connection, self._talk, self._selector = connection, talk, selector

    def __call__(self) -> None:
        try:
            data = self._connection.recv(262_144)
        except ConnectionError:
            data = b""
        if data:
            self._connection.sendall(self._talk.feed(data))
        if not data or self._talk.ended:
            self._selector.unregister(self._connection)
            self._connection.close()
