"""What a page weighs with its styles and scripts, and that it says everything before any script runs."""

from __future__ import annotations

import gzip
import re
from urllib.parse import urljoin

import pytest
from flask import Flask

from app.models import Role
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_program,
    make_question,
    make_questions,
    make_registration,
    sign_in,
)
from tests.support.client import Browser

pytestmark = pytest.mark.one_database

PUBLIC, DESK = 60_000, 150_000  # bytes, compressed
LINKED = re.compile(
    r'<link rel="(?:stylesheet|modulepreload)" href="([^"]+)"|<script[^>]* src="([^"]+)"|<img[^>]* src="([^"]+)"'
)
IMPORTED = re.compile(
    r'(?:import|from)\s*\(?\s*"(\.{1,2}/[^"]+)"|@import\s+(?:url\()?"([^"]+)"|url\("?([^")]+)"?\)'
)


def weight(client: Browser, path: str) -> int:
    """Bytes of the page and of everything that it loads by itself, each compressed as a server does."""
    page = client.get(path)
    assert page.status_code == 200, path
    waiting = {urljoin(path, next(filter(None, found))) for found in LINKED.findall(page.text)}
    total, seen = len(gzip.compress(page.data, 6)), set[str]()
    while waiting - seen:
        asset = (waiting - seen).pop()
        seen.add(asset)
        answer = client.get(asset)
        assert answer.status_code == 200, asset
        total += len(gzip.compress(answer.data, 6))
        if asset.endswith((".js", ".css")):
            waiting |= {
                urljoin(asset, next(filter(None, found)))
                for found in IMPORTED.findall(answer.text)
                if not next(filter(None, found)).startswith(("data:", "#"))
            }
    assert len(seen) > 3, "the page's styles were not found"
    return total


def test_public_and_personal_pages_are_light(client: Browser, app: Flask) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort], description_ko="소개\n\n" * 200)
    make_notice(meetup, consents=(make_consent("photos"), make_consent("third_party")))
    make_questions(meetup, *(make_question(f"q{n}") for n in range(10)))

    found = {path: weight(client, path) for path in ("/", f"/m/{meetup.slug}", "/sign-in")}

    assert {path: size for path, size in found.items() if size > PUBLIC} == {}


def test_the_desk_is_light_also_with_a_full_list(client: Browser, app: Flask) -> None:
    program = make_program()
    cohort = make_cohort(program)
    meetup = make_meetup(program, cohorts=[cohort], capacity=60)
    for _ in range(60):
        make_registration(meetup, make_alumnus(cohort))
    sign_in(client, make_member(program, Role.OWNER))
    desk, here = f"/desk/{program.slug}", f"/desk/{program.slug}/meetups/{meetup.slug}"
    pages = (desk, f"{desk}/cohorts/{cohort.ordinal}", f"{desk}/records", f"{desk}/people", here)
    pages += tuple(
        f"{here}/{part}"
        for part in ("attendees", "edit", "questions", "notice", "mails", "door", "door/live")
    )

    found = {path: weight(client, path) for path in pages}

    assert {path: size for path, size in found.items() if size > DESK} == {}


def test_pages_say_everything_before_a_script_runs(client: Browser, app: Flask) -> None:
    """Scripts are modules, which wait for the page; the form and the facts stand in the HTML."""
    meetup = make_meetup(cohorts=[make_cohort()], title_en="Spring evening")

    page = client.get(f"/m/{meetup.slug}").text

    scripts = re.findall(r"<script[^>]*>", page)
    assert scripts
    assert all('type="module"' in script or "application/ld+json" in script for script in scripts)
    assert "Spring evening" in page
    assert re.search(r'<input[^>]*name="address"', page)
