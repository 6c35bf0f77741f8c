"""The code that unlocks a self check-in tablet, and what a tablet's list says."""

from __future__ import annotations

import hashlib

import pytest

from app.domain.door import kiosks
from app.domain.door.sealing import Record
from app.domain.errors import DomainError

SALT = kiosks.salt_of(b"key", 7)


@pytest.mark.parametrize("typed", ["482913", " 48 29 13 ", "482-913"])
def test_blanks_and_hyphens_do_not_count(typed: str) -> None:
    assert kiosks.read_code(typed) == "482913"


@pytest.mark.parametrize("typed", ["", "12345", "12345678901", "48291a", "４８２９１３"])
def test_a_code_has_six_to_ten_digits(typed: str) -> None:
    with pytest.raises(DomainError, match="kiosk_code_unreadable"):
        kiosks.read_code(typed)


def test_what_is_kept_of_a_code_differs_by_meetup_and_installation() -> None:
    salts = [SALT, kiosks.salt_of(b"key", 8), kiosks.salt_of(b"other", 7)]

    assert len({kiosks.kept(salt, "482913") for salt in salts}) == 3
    assert "482913" not in kiosks.kept(SALT, "482913")


def test_a_tablet_knows_the_code_by_what_it_is_told() -> None:
    stored = kiosks.kept(SALT, "482913")
    lock = kiosks.lock(SALT, stored)

    typed = kiosks.kept(bytes.fromhex(lock.salt), "482913").encode()
    slow = hashlib.pbkdf2_hmac("sha256", typed, bytes.fromhex(lock.salt), lock.rounds)

    assert slow.hex() == lock.verifier
    assert stored not in (lock.salt, lock.verifier)


@pytest.mark.parametrize(
    ("state", "told"), [("admitted", "admitted"), ("canceled", "ask_staff"), ("waitlisted", "ask_staff")]
)
def test_a_tablet_s_list_tells_a_masked_name_and_whether_the_ticket_opens(state: str, told: str) -> None:
    record = Record("김민수", "3기", "ABCDEFGHJK", state, "VIP", people=3)

    assert kiosks.told(record) == Record("김*수", "", "", told, None, people=3)
