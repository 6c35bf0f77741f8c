"""Pages load nothing from elsewhere and hold no script or style of their own."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask

from app import extensions
from tests.house.sources import texts

PAGES = [
    (path, text) for path, text in texts("templates/**/*.html") if not path.startswith("templates/emails/")
]
OURS = list(texts("static/js/**/*.js", "static/css/**/*.css"))
LOADS = {"src", "srcset", "href", "action", "poster", "data", "formaction"}
# What anybody may send: app/origins.py looks at the sender instead.
TOKENLESS = {"site.mail_report", "rsvp.opt_out", "rsvp.ask", "site.language"}
OF_ITS_OWN_ORIGIN = rf"url_for\(['\"]({'|'.join(map(re.escape, TOKENLESS))})['\"]"
NAMESPACES = ("http://www.w3.org/",)


class Markup(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.loaded: list[str] = []
        self._script: str | None = None
        self.feed(re.sub(r"{#.*?#}", "", text, flags=re.DOTALL))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "style" or "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(f"<{tag}> {sorted(given)}")
        if tag == "script" and not given.get("src") and given.get("type") != "application/json":
            self.inline.append("<script> without src")
        if tag != "a":
            self.loaded += [value or "" for name, value in attrs if name in LOADS]


@pytest.mark.parametrize(("path", "text"), PAGES, ids=[path for path, _ in PAGES])
def test_a_page_has_no_inline_script_or_style(path: str, text: str) -> None:
    assert Markup(text).inline == []


@pytest.mark.parametrize(("path", "text"), PAGES, ids=[path for path, _ in PAGES])
def test_a_page_loads_nothing_from_elsewhere(path: str, text: str) -> None:
    away = [url for url in Markup(text).loaded if re.match(r"(https?:)?//", url)]
    assert away == []


def test_scripts_and_style_sheets_name_no_other_host() -> None:
    away = {
        (path, url)
        for path, text in OURS
        for url in re.findall(r"https?://[^\s\"'`)]+", text, re.IGNORECASE)
        if not url.lower().startswith(NAMESPACES)
    }
    assert {
        pair
        for pair in away
        if not re.search(r"//(localhost|[\w.-]*\.example|example\.(com|org))\b", pair[1])
    } == set()


def test_no_template_switches_escaping_off() -> None:
    found = [
        path for path, text in texts("templates/**/*.*") if re.search(r"\|\s*safe\b|autoescape false", text)
    ]
    assert found == []


def test_every_post_form_carries_the_token() -> None:
    bare = [
        f"{path}: {form[:80]}"
        for path, text in PAGES
        for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL | re.IGNORECASE)
        if re.search(r"method=\"post\"", form, re.IGNORECASE)
        and not re.search(r"csrf|hidden_tag|_fields\(form", form)
        and not re.search(OF_ITS_OWN_ORIGIN, form)
    ]
    assert bare == []


def test_only_the_forms_that_anybody_may_send_go_without_a_token(app: Flask) -> None:
    exempt = extensions.csrf._exempt_views
    found = {
        endpoint
        for endpoint, view in app.view_functions.items()
        if f"{view.__module__}.{view.__name__}" in exempt
    }

    assert {e for e in found if not e.startswith("checkin.")} == TOKENLESS
