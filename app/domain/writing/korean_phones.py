"""Korean phone numbers: read as people type them, kept as 010-1234-5678."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

REGION = "KR"
KOREA = 82


def korean_phone(text: str) -> str | None:
    """The number in its national form, or None when it is no Korean number."""
    try:
        number = phonenumbers.parse(text, REGION)
    except NumberParseException:
        return None
    if number.country_code != KOREA or number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
