"""Sentences for the reason codes of story pages."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "story_too_soon": _l("The story can be published once the meetup is over."),
    "story_empty": _l("Write something first, in Korean or in English."),
    "photo_unconfirmed": _l(
        "Tick that everybody who can be recognised agreed. Without that a photo can't be added."
    ),
    "photo_missing": _l("Choose one to %(most)s photos."),
    "too_many_photos": _l("At most %(most)s photos. Remove some first."),
    "no_such_photo": _l("This photo was removed meanwhile."),
    "too_many_removals": _l("There were many requests from one place today. Please write to the organizer."),
    "restore_needs_reason": _l("Write why the photo may be shown again."),
    "quote_empty": _l("Write what the speaker said."),
    "no_such_speaker": _l(
        "There is no registration with this number. The speaker needs one, to agree by their own link."
    ),
    "no_such_quote": _l("This quotation was removed meanwhile."),
}
