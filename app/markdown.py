"""Markdown, as organizers write it, into HTML that may stand on a public page.

No raw HTML, no pictures from elsewhere, headings below those of the page. What the parser makes is
sanitised once more against a short list of tags.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {
    "p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "strong", "em",
    "s", "a", "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
TOP = 3  # the page has its h1 and h2
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\]*[^\s<>\"'`|\\.,:;!?…)\]}’”·]", re.IGNORECASE)
_BLOCK_END = re.compile(r"</(?:p|li|h\d|tr|blockquote|pre)>|<(?:br|hr)[^>]*>")


@lru_cache(maxsize=256)
def render(text: str) -> Markup:
    """Safe HTML of a Markdown text."""
    clean = nh3.clean(
        _parser.render(text),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener nofollow",
    )
    return Markup(clean)  # noqa: S704 - sanitised in the statement above


def plain(text: str) -> str:
    """The text without its marks, line by line: for calendars."""
    broken = _BLOCK_END.sub(lambda match: match[0] + "\n", str(render(text)))
    bare = unescape(nh3.clean(broken, tags=set()))
    return re.sub(r"\n{2,}", "\n", bare).strip()


def summary(text: str, length: int = 160) -> str:
    """The beginning of the text in one line: for chat previews."""
    line = " ".join(plain(text).split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1:]) + TOP - 1, 6)}"


def _link_addresses(state: StateCore) -> None:
    """Bare addresses become links; inside a link they stay text."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = _linked(token.children or [])


def _linked(children: list[Token]) -> list[Token]:
    result: list[Token] = []
    depth = 0
    for child in children:
        depth += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        result.extend([child] if depth or child.type != "text" else _split(child))
    return result


def _split(token: Token) -> list[Token]:
    parts: list[Token] = []
    end = 0
    for match in _ADDRESS.finditer(token.content):
        parts.append(_text(token.content[end : match.start()], token.level))
        parts.append(Token("link_open", "a", 1, attrs={"href": match[0]}))
        parts.append(_text(match[0], token.level + 1))
        parts.append(Token("link_close", "a", -1))
        end = match.end()
    return [*parts, _text(token.content[end:], token.level)]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


_parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
_parser.enable(["table", "strikethrough"]).disable(["image", "html_block", "html_inline"])
_parser.core.ruler.push("lower_headings", _lower_headings)
_parser.core.ruler.push("link_addresses", _link_addresses)
