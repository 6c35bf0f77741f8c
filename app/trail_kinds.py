"""How what an entry of the trail is about is called where it has no name, or is gone. A test names a kind that is missing here."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

KINDS: dict[str, LazyString | str] = {
    "account": _l("An account"),
    "account_invitation": _l("Invitation to the desk"),
    "account_session": _l("Signed-in browser"),
    "backup": _l("Backup"),
    "check_in": _l("Scan"),
    "cohort": _l("Cohort"),
    "column_set": _l("Kept columns"),
    "device": _l("Staff phone"),
    "enrolment": _l("Link for staff phones"),
    "image": _l("Picture"),
    "mail_server": _l("The installation's mails"),
    "meetup": _l("A meetup"),
    "meetup_invitation": _l("Invitation"),
    "meetup_membership": _l("Right at one meetup"),
    "membership": _l("Right in the programme"),
    "message": _l("A message to many"),
    "outbox_mail": _l("Mail"),
    "person": _l("Person"),
    "program": "",  # the records are its own
    "registration": _l("Registration"),
    "roster_entry": _l("Entry of a list"),
    "roster_import": _l("Imported list"),
    "saved_view": _l("Kept view"),
    "sign_in_link": _l("Link for signing in"),
    "story_photo": _l("Photo"),
    "text_template": _l("Kept text"),
    "ticket": _l("Ticket"),
}
NAMELESS = frozenset({"program", "mail_server"})  # there is one
# Where at the desk something of a meetup is found; anything else at the meetup's own page.
AT_MEETUP = {
    "account_invitation": "accounts.meetup_people",
    "check_in": "checkin.door",
    "device": "checkin.door",
    "enrolment": "checkin.door",
    "meetup_invitation": "meetups.invitations",
    "meetup_membership": "accounts.meetup_people",
    "message": "meetups.messages",
    "outbox_mail": "meetups.mails",
    "story_photo": "meetups.story",
}


def kind_words(kind: str) -> str:
    """In the reader's language; a kind of another version by its code."""
    return str(KINDS.get(kind, kind))
