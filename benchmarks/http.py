"""HTTP/1.1 as far as the bench's own clients need it: small, and cheap beside the server."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_HIDDEN = re.compile(r"<input\b[^>]*\btype=\"hidden\"[^>]*>")
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\r]+)=([^;\r]*)", re.IGNORECASE)
_LOCATION = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        found = _LOCATION.search(self.head)
        return found[1].decode() if found else ""

    def form(self, action: str, here: str = "") -> tuple[str, dict[str, str]]:
        """Where the form goes whose address ends in `action`, and its hidden fields.

        A form without an address goes to `here`, the page's own.
        """
        for attributes, inside in _FORM.findall(self.body.decode()):
            target = unescape(dict(_ATTRIBUTE.findall(attributes)).get("action", here))
            if target.endswith(action):
                hidden = (dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(inside))
                return target, {each["name"]: unescape(each.get("value", "")) for each in hidden}
        raise LookupError(f"no form for {action} in an answer of status {self.status}")


def read_answer(data: bytes | bytearray) -> tuple[Answer, int] | None:
    """The first complete answer in `data` and its length; None while more is to come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(data[:end])
    length = _LENGTH.search(head)
    if not length:
        return _read_chunks(head, data, end + 4)
    total = end + 4 + int(length[1])
    if len(data) < total:
        return None
    return Answer(int(head[9:12]), head, bytes(data[end + 4 : total])), total


def _read_chunks(head: bytes, data: bytes | bytearray, at: int) -> tuple[Answer, int] | None:
    """An answer in chunks, which must be the last one in `data`."""
    if not _CHUNKED.search(head):
        raise ValueError(f"an answer of unknown length: {head!r}")
    if not data.endswith(b"0\r\n\r\n"):
        return None
    body = bytearray()
    while (line := data.find(b"\r\n", at)) >= 0 and (size := int(data[at:line], 16)) > 0:
        body += data[line + 2 : line + 2 + size]
        at = line + 2 + size + 2
    if line < 0:
        return None  # what looked like the end was a row that ends so
    return Answer(int(head[9:12]), head, bytes(body)), len(data)


def fetch(connection: socket.socket, request: bytes) -> Answer:
    """The answer to one request."""
    connection.sendall(request)
    received = bytearray()
    while (found := read_answer(received)) is None:
        data = connection.recv(1 << 20)
        if not data:
            raise ConnectionError("the connection ended early")
        received += data
    return found[0]


@dataclass
class Jar:
    """One browser's cookies, and requests that carry them."""

    host: str
    cookies: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def with_cookie(cls, host: str, cookie: str) -> Jar:
        """A browser that has this one, as "name=value"."""
        name, _, value = cookie.partition("=")
        return cls(host, {name.encode(): value.encode()})

    def take(self, answer: Answer) -> None:
        self.cookies.update(_COOKIE.findall(answer.head))

    def get(self, path: str) -> bytes:
        return self._request("GET", path, b"", "")

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> bytes:
        kind = "Content-Type: application/x-www-form-urlencoded\r\n"
        return self._request("POST", path, urlencode(fields).encode(), kind)

    def _request(self, method: str, path: str, body: bytes, more: str) -> bytes:
        cookies = b"; ".join(name + b"=" + value for name, value in self.cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}\r\nAccept-Language: ko\r\n{more}"
        cookie = b"Cookie: " + cookies + b"\r\n" if cookies else b""
        length = f"Content-Length: {len(body)}\r\n" if method == "POST" else ""
        return head.encode() + cookie + length.encode() + b"\r\n" + body
