"""Walking through the whole site as one person, and reading whatever comes back."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support import paper

SEALED = ("/static/", "/door/sealed/")  # files of the source, the same for everybody
TEXT = ("text/", "application/json", "application/manifest+json", "image/svg+xml")
PICTURES = ("image/png", "image/jpeg", "image/webp", "image/x-icon", "image/vnd.microsoft.icon")
LEADS = {"href", "src", "action", "formaction"}
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def crawl(client: FlaskClient, starts: Iterable[str]) -> Iterator[tuple[str, TestResponse]]:
    """Everything that answers a GET: the starts, and whatever is linked from an answer, each once."""
    waiting, seen = list(starts), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith(SEALED):
            continue
        seen.add(path)
        response = client.get(path)
        yield path, response
        waiting += links_of(response)


def links_of(response: TestResponse) -> list[str]:
    """Wherever an answer leads that is here: by a redirect, or by any attribute of its HTML that is an address."""
    found = [response.headers.get("Location", "")]
    if response.mimetype == "text/html":
        found += _Addresses(response.text).found
    here = response.request.url
    parts = [urlsplit(urljoin(here, each)) for each in found if each]
    own = [part for part in parts if part.netloc == response.request.host]
    return [part._replace(scheme="", netloc="", fragment="").geturl() for part in own]


class _Addresses(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if value and (name in LEADS or value.startswith("/"))]


def text_of(response: TestResponse) -> str:
    """All that an answer says, its headers and what is packed in its files included, made alike to be searched."""
    said = [
        *(f"{name}: {value}" for name, value in response.headers),
        *_told(response.mimetype, response.data),
    ]
    read = "\n".join(said)
    unescaped = ESCAPE.sub(lambda match: chr(int(match[1], 16)), unescape(read))
    return alike("\n".join([read, unescaped, unquote(unescaped)]))


def alike(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _told(kind: str | None, data: bytes) -> Iterator[str]:
    kind = kind or ""
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield name
                yield packed.read(name).decode("utf-8", "replace")
    elif kind == "application/pdf":
        yield from paper.pages(data)
    elif kind.startswith(TEXT):
        yield data.decode("utf-8", "replace")
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            yield data.decode("utf-16")
    elif kind in PICTURES:
        yield data.decode("latin-1")  # what is written beside the picture
    else:
        assert not data, f"nobody taught us to read {kind}"
