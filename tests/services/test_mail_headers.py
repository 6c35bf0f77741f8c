"""Words in a mail's headers arrive as they were written, blanks included."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr

from hypothesis import example, given
from hypothesis import strategies as st

from app.services.mails.messages import _header

WORDS = st.lists(st.text("가나오후ABab07é:()[],", min_size=1, max_size=12), min_size=1, max_size=12).map(
    " ".join
)
NAMES = st.lists(st.text("가나오후ABab07é", min_size=1, max_size=12), min_size=1, max_size=6).map(" ".join)
MIXED = "[논문 읽는 밤] 12월 4일(금) 오후 7:00에 만나요"


def read(name: str, value: str) -> str:
    """As a mail program reads it that follows RFC 2047."""
    line = _header(policy.SMTP, name, value)
    assert all(len(each) <= 78 for each in line.split(b"\r\n"))
    return str(make_header(decode_header(message_from_bytes(line + b"\r\n")[name])))


@given(WORDS)
@example(MIXED)
def test_a_subject_arrives_as_it_was_written(words: str) -> None:
    assert read("Subject", words) == words


@given(NAMES)
@example("데이터 과학 부트캠프 2기 KAIST 2기 담당")
def test_a_sender_s_name_arrives_as_it_was_written(name: str) -> None:
    display, address = parseaddr(read("From", f'"{name}" <office@example.com>'))

    assert (display.strip(), address) == (name, "office@example.com")
