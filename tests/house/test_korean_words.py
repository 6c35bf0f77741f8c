"""One thing has one Korean word, wherever people read it: on pages, at the door, in mails and in the guides."""

import re

import pytest
from babel.messages.pofile import read_po

from config import ROOT
from tests.house.sources import texts

PO = "app/translations/ko/LC_MESSAGES/messages.po"
READ_BY_PEOPLE = (PO, "app/**/*.py", "templates/**/*.*", "static/js/**/*.js", "docs/*.md", "README.md")
# What is not said → what is.
OTHER_WORDS = {
    "운영자|주최자|관리자": "운영진",
    "(체크인|퇴장|입장)(을|를)? ?(취소|철회)": "되돌리기",
    "입장(을|를)? ?(먼저 )?되돌": "체크인 되돌리기",
}
UNDOES = re.compile(r"\b(undo|undoes|undone)\b", re.IGNORECASE)
UNDOING = re.compile("되돌[리려릴린림렸]")


@pytest.mark.parametrize("other", OTHER_WORDS)
def test_no_page_mail_or_guide_has_another_word_for_it(other: str) -> None:
    found = [
        f"{path}: {match.group()}, say {OTHER_WORDS[other]}"
        for path, content in texts(*READ_BY_PEOPLE)
        for match in re.finditer(other, content)
    ]
    assert found == []


def test_to_undo_is_one_word() -> None:
    with (ROOT / PO).open("rb") as file:
        catalogue = read_po(file, locale="ko")
    wrong = {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str)
        and UNDOES.search(message.id)
        and not UNDOING.search(str(message.string))
    }
    assert wrong == {}


def test_no_word_changes_with_the_value_before_it() -> None:
    """ "오전 4:54예요", "10이 되면": a value's last sound decides, which no catalogue knows. The sentence is built to need none,
    or `josa` writes it."""
    ending = re.compile(r"(%\(\w+\)s|\{\w+\})(이?예요|이에요|은|는|이|을|를|과|와)(?=[ .,?!]|$)")
    with (ROOT / PO).open("rb") as file:
        catalogue = read_po(file, locale="ko")
    said = [
        text
        for each in catalogue
        for text in ([each.string] if isinstance(each.string, str) else each.string)
    ]
    assert [text for text in said if ending.search(text)] == []
