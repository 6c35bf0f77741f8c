"""A test client that behaves like a browser: one context a request, forms sent as they stand."""

from __future__ import annotations

import contextvars
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import end_reading

ELSEWHERE = ("/language", "/sign-out")  # forms of the frame, on every page


class Browser(FlaskClient):
    """Each request runs in an application context of its own, as on a server: nothing that one
    request looked up (`g`, the database session) is seen by the next, or by the test.
    """

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():  # not while it follows a redirect
            end_reading()
        kwargs.setdefault("buffered", True)
        return contextvars.Context().run(super().open, *args, **kwargs)


class Form:
    """A form of a page: where it goes, and what it would send if the person pressed the button."""

    def __init__(self, action: str, method: str) -> None:
        self.action, self.method = action, method
        self.fields: dict[str, list[str]] = {}

    def add(self, name: str | None, value: str | None) -> None:
        if name:
            self.fields.setdefault(name, []).append(value or "")


class Page(HTMLParser):
    """The forms of an HTML page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select: str | None = None
        self._first_option: str | None = None
        self._chosen = False
        self._textarea: tuple[str, list[str]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = Form(given.get("action") or "", (given.get("method") or "get").lower())
            self.forms.append(self._form)
        elif self._form is None or "disabled" in given:
            return
        elif tag == "input":
            self._input(self._form, given)
        elif tag == "textarea":
            self._textarea = (given.get("name") or "", [])
        elif tag == "select":
            self._select, self._first_option, self._chosen = given.get("name"), None, False
        elif tag == "option" and self._select:
            self._option(self._form, given)

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._textarea[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea" and self._textarea and self._form:
            self._form.add(self._textarea[0], "".join(self._textarea[1]).removeprefix("\n"))
            self._textarea = None
        elif tag == "select" and self._form:
            if not self._chosen and self._first_option is not None:
                self._form.add(self._select, self._first_option)
            self._select = None

    @staticmethod
    def _input(form: Form, given: dict[str, str | None]) -> None:
        kind = (given.get("type") or "text").lower()
        if kind in {"submit", "button", "file", "image", "reset"}:
            return
        if kind in {"checkbox", "radio"} and "checked" not in given:
            return
        form.add(given.get("name"), given.get("value", "on" if kind == "checkbox" else ""))

    def _option(self, form: Form, given: dict[str, str | None]) -> None:
        if self._first_option is None:
            self._first_option = given.get("value") or ""
        if "selected" in given:
            self._chosen = True
            form.add(self._select, given.get("value"))


def form_of(client: FlaskClient, url: str, action: str | None = None) -> tuple[str, Form]:
    """Load the page and find its form: the one that goes to `action`, else the page's own one."""
    response = client.get(url, follow_redirects=True)
    assert response.status_code == 200, f"{url} answered {response.status_code}"
    here = response.request.path
    forms = [(urljoin(here, form.action or here), form) for form in Page(response.text).forms]
    if action is not None:
        forms = [(target, form) for target, form in forms if urlsplit(target).path == urlsplit(action).path]
    else:
        forms = [(target, form) for target, form in forms if form.method == "post" and not _frame(target)]
        forms = [pair for pair in forms if urlsplit(pair[0]).path == here] or forms
    assert forms, f"{url} has no form {f'for {action}' if action else 'of its own'}"
    return forms[0]


def csrf(client: FlaskClient, url: str) -> str:
    """The token that a form on the page would send."""
    forms = Page(client.get(url, follow_redirects=True).text).forms
    return next(form.fields["csrf_token"][0] for form in forms if "csrf_token" in form.fields)


def submit(
    client: FlaskClient,
    url: str,
    data: dict[str, Any] | None = None,
    action: str | None = None,
    **kwargs: Any,
) -> TestResponse:
    """Load the page, fill in `data` over what the form holds already, and press its button.

    A value of None leaves the field out (an unticked box). Redirects are not followed unless asked.
    """
    target, form = form_of(client, url, action)
    sent: dict[str, Any] = {**form.fields, **(data or {})}
    return client.post(target, data={k: v for k, v in sent.items() if v is not None}, **kwargs)


def _frame(target: str) -> bool:
    return urlsplit(target).path in ELSEWHERE
