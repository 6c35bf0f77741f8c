"""Sentences for the reason codes of notices and consents."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "notice_needs_purpose": _l("Write what the data is for, in Korean or in English."),
    "notice_needs_items": _l("Write which data you take, in Korean or in English."),
    "notice_needs_refusal": _l(
        "Write that people may refuse and what happens then, in Korean or in English."
    ),
    "notice_needs_days": _l("Write for how many days you keep the data: a number from 1 to %(limit)s."),
    "consent_needs_label": _l("Write what stands beside the box, in Korean or in English."),
    "consent_needs_recipient": _l("Write who gets the data, by name, in Korean or in English."),
    "consent_needs_purpose": _l("Write what the data is for, in Korean or in English."),
    "consent_needs_items": _l("Write which data this is about, in Korean or in English."),
    "consent_needs_period": _l("Write for how long, in Korean or in English."),
    "consent_needs_refusal": _l(
        "Write that people may refuse and what happens then, in Korean or in English."
    ),
    "too_many_consents": _l("At most %(limit)s consents, please."),
    "text_too_long": _l("At most %(limit)s characters, please."),
    "notice_changed": _l(
        "Somebody else saved this notice while you were editing, so yours is not saved yet. "
        "All you typed is still here. Save again to replace theirs."
    ),
}
