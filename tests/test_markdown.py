"""Markdown from organizers: what it becomes, and what never gets through."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import markdown
from app.markdown import ATTRIBUTES, TAGS

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt&colon;alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:msgbox(1))",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=https://evil.example></iframe>",
    "<style>body{display:none}</style>",
    "<div style='position:fixed'>x</div>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "https://a.example/<script>alert(1)</script>",
    'https://a.example/"onclick=alert(1)',
    "<javascript:alert(1)>",
    "[a]: javascript:alert(1)\n[a]",
    "<!-- --><math><mtext></mtext></math>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "a\x00<scr\x00ipt>alert(1)</script>",
]


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def check(html: str) -> None:
    for tag, attributes in Elements(html).found:
        assert tag in TAGS
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}
        if href := attributes.get("href"):
            assert not re.match(r"\s*(?:javascript|data|vbscript):", href, re.IGNORECASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through(text: str):
    check(markdown.render(text))


@given(st.text(alphabet="<>[]()!\"'`*_#&;:/=\n abjsconeript", max_size=80))
def test_no_text_makes_an_element_that_is_not_listed(text: str):
    check(markdown.render(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**굵게**", "<p><strong>굵게</strong></p>"),
        ("# 오시는 길", "<h3>오시는 길</h3>"),
        ("###### 끝", "<h6>끝</h6>"),
        ("한 줄\n두 줄", "<p>한 줄<br>\n두 줄</p>"),
        ("~~옛 장소~~", "<p><s>옛 장소</s></p>"),
    ],
)
def test_what_organizers_write(text: str, html: str):
    assert markdown.render(text).strip() == html


@pytest.mark.parametrize(
    "text", ["https://a.example/x", "<https://a.example/x>", "[여기](https://a.example/x)"]
)
def test_links_say_nothing_about_us_and_lend_no_name(text: str):
    assert 'href="https://a.example/x" rel="noopener nofollow"' in markdown.render(text)


def test_an_address_in_a_sentence_ends_before_the_sentence_does():
    html = markdown.render("지도는 https://a.example/x?q=1&r=2, 그다음 (https://b.example).")

    assert 'href="https://a.example/x?q=1&amp;r=2"' in html
    assert 'href="https://b.example"' in html


def test_a_link_is_not_linked_twice():
    assert markdown.render("[https://a.example](https://b.example)").count("<a ") == 1


def test_a_bare_address_never_leads_elsewhere_than_it_says():
    assert "javascript" not in markdown.render("javascript:alert(1) https://a.example").split("href")[1]


def test_plain_text_for_calendars_has_no_marks():
    assert markdown.plain("# 안내\n\n- **하나** & 둘\n- <b>셋</b>") == "안내\n하나 & 둘\n<b>셋</b>"


def test_a_summary_fits_a_chat_preview():
    assert len(markdown.summary("가나다 " * 200)) <= 160
