"""A file that is too large is refused before it is sent, and nothing of the form is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.services.staff import sign_in
from tests.factories import make_cohort, make_member, make_program
from tests.support.browser import context_of, launched, strict_page
from tests.support.server import Server

pytestmark = pytest.mark.one_database
HELD = "Array.from(document.querySelector('input[type=file]').files, (file) => file.name)"
REFUSED = {
    "sqlite": ("ko-KR", "파일이 1MB보다 커서 받지 않았어요."),
    "postgresql": ("en-GB", "That file is larger than 1 MB. It was not taken"),
}


def test_a_file_that_is_too_large_is_refused_on_the_spot_and_the_one_before_it_stays(
    database: str, app: Flask, serve: Callable[..., Server], tmp_path: Path
) -> None:
    program, (locale, sentence) = make_program(), REFUSED[database]
    make_cohort(program, 1)
    organizer = make_member(program)
    (tmp_path / "small.csv").write_text("이름,이메일,수료")
    (tmp_path / "large.csv").write_bytes(b"x" * (1024 * 1024 + 1))
    server = serve(alone=True, MAX_UPLOAD_MB=1)
    with launched() as browser:
        page, complaints = strict_page(context_of(browser, locale=locale), server.url)
        page.goto(server.url + urlsplit(sign_in.one_time_link(organizer.address)).path)
        page.click("main form button[type=submit]")
        page.goto(f"{server.url}/desk/{program.slug}/rosters/new")
        page.wait_for_selector("[data-drop-label]")
        page.fill("textarea", "이름")
        refusal, chosen = page.get_by_role("alert"), page.locator("[data-drop-name]")
        for name, refusals, held in (
            ("large.csv", 1, []),
            ("small.csv", 0, ["small.csv"]),
            ("large.csv", 1, ["small.csv"]),
        ):
            page.set_input_files("input[type=file]", tmp_path / name)
            assert refusal.count() == refusals, name
            assert page.evaluate(HELD) == held
            assert ("small.csv" in chosen.inner_text()) == bool(held)
        assert sentence in refusal.inner_text()
        assert page.input_value("textarea") == "이름"
    assert complaints == []
