"""Many people at once, each with a browser of their own, over HTTP."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.support.client import Page


@dataclass
class Answer:
    status: int
    location: str
    text: str


@dataclass
class Visitor:
    """Cookies; sends forms as the pages offer them."""

    host: str
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def ask(self, method: str, path: str, body: dict[str, str] | None = None) -> Answer:
        headers = {"Cookie": self.cookies.output(attrs=[], header="", sep=";").strip()}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection(self.host, timeout=60)) as connection:
            connection.request(method, path, urlencode(body) if body is not None else None, headers)
            response = connection.getresponse()
            for value in response.headers.get_all("Set-Cookie", []):
                self.cookies.load(value)
            text = response.read().decode()
            return Answer(response.status, response.headers.get("Location", ""), text)

    def form(self, page: str, action: str) -> dict[str, str]:
        """What the page's form to `action` would send as it stands."""
        forms = Page(self.ask("GET", page).text).forms
        found = next(form for form in forms if (urlsplit(form.action).path or page) == action)
        return {name: values[0] for name, values in found.fields.items()}

    def send(self, page: str, action: str, **typed: str) -> Answer:
        return self.ask("POST", action, self.form(page, action) | typed)


def at_once(acts: Sequence[Callable[[], Answer]]) -> list[Answer]:
    """Each on a thread of its own, all let go at the same moment."""
    barrier = threading.Barrier(len(acts))

    def go(act: Callable[[], Answer]) -> Answer:
        barrier.wait(60)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [task.result() for task in [pool.submit(go, act) for act in acts]]
