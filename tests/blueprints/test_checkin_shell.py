"""The scanner kept on the phone: the service worker's list is all that the page and its worker load."""

from __future__ import annotations

import json
import re
from posixpath import dirname, normpath
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_meetup
from tests.support.client import Browser
from tests.support.door import Phone

LOADED = re.compile(r"(?:src|href|data-worker|data-wasm)=\"(/(?:static|door/sealed)/[^\"#]+)")
IMPORTED = re.compile(
    r"^\s*(?:import|export)\b[^;]*?[\"'](\.[^\"']+)[\"']|from ?\"(\.[^\"]+)\"", re.MULTILINE
)


def shell(client: FlaskClient) -> dict[str, Any]:
    head = client.get("/door/sw.js").text.split(";\n", 1)[0]
    found: dict[str, Any] = json.loads(head.removeprefix("const SHELL = "))
    return found


def with_imports(client: FlaskClient, url: str, seen: set[str]) -> set[str]:
    """A script and all that it imports, however deep."""
    if url in seen:
        return seen
    seen.add(url)
    for pair in IMPORTED.findall(client.get(url).text):
        with_imports(client, normpath(f"{dirname(url)}/{pair[0] or pair[1]}"), seen)
    return seen


def test_everything_that_the_page_and_its_worker_load_is_kept(app: Flask) -> None:
    phone = Phone(app, make_meetup())
    loaded = set(LOADED.findall(phone.client.get(f"/door/{phone.slug}").text))
    for script in [url for url in loaded if url.endswith(".js")]:
        loaded |= with_imports(phone.client, script, set())

    kept = set(shell(phone.client)["files"])

    assert loaded - kept == set()
    assert any(url.endswith(".wasm") for url in loaded)
    assert any(url.endswith("/share.js") for url in loaded)


def test_every_kept_file_is_there(app: Flask) -> None:
    client = app.test_client()

    answers = {url: client.get(url).status_code for url in shell(client)["files"]}

    assert {url for url, status in answers.items() if status != 200} == set()


def test_page_and_service_worker_name_one_version(app: Flask) -> None:
    phone = Phone(app, make_meetup())

    page = phone.client.get(f"/door/{phone.slug}")

    assert page.headers["Dongmun-Shell"] == shell(phone.client)["version"]
    assert "/door/sw.js" in page.text


def test_page_worker_and_service_worker_may_do_no_more_than_before(app: Flask) -> None:
    phone = Phone(app, make_meetup())
    worker = next(url for url in shell(phone.client)["files"] if "/sealed/" in url)

    policies = {
        path: phone.client.get(path).headers["Content-Security-Policy"].split("script-src ")[1].split(";")[0]
        for path in (f"/door/{phone.slug}", worker, "/door/sw.js")
    }

    assert list(policies.values()) == ["'self' 'wasm-unsafe-eval'"] * 2 + ["'self'"]


def test_the_browser_asks_for_a_newer_service_worker_each_time(client: Browser) -> None:
    answer = client.get("/door/sw.js")

    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")


def test_the_manifest_opens_this_door_and_tells_nothing_of_the_meetup(app: Flask, client: Browser) -> None:
    meetup = make_meetup()

    own = client.get(f"/door/{meetup.slug}/app.webmanifest")
    missing = client.get("/door/no-such-meetup/app.webmanifest")

    assert (own.mimetype, own.json["start_url"]) == ("application/manifest+json", f"/door/{meetup.slug}")
    assert own.text.replace(meetup.slug, "no-such-meetup") == missing.text
    assert all(client.get(icon["src"]).status_code == 200 for icon in own.json["icons"])
