"""The keys of one's own data in words, and its values as people write them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app import host_words, i18n, mail_words
from app.models import Meetup

WITHOUT = frozenset({"format"})  # for machines
LABELS = {
    "made_at": _l("As of"),
    "program": _l("Programme"),
    "name": _l("Name"),
    "known_since": _l("Known since"),
    "addresses": _l("E-mail addresses"),
    "address": _l("E-mail"),
    "invitations": _l("Invitations"),
    "invited_at": _l("Invited at"),
    "said_elsewhere_at": _l("That you can't come was brought in at"),
    "mailed_at": _l("Last mailed at"),
    "reminders": _l("Reminders"),
    "declined_at": _l("Declined at"),
    "no_mail_arrives_since": _l("No mail arrives since"),
    "opted_out": _l("Opted out of invitations and thanks"),
    "phones": _l("Phone numbers"),
    "phone": _l("Phone"),
    "number": _l("No."),
    "since": _l("Since"),
    "roster_entries": _l("On the rosters"),
    "cohort": _l("Cohort"),
    "year": _l("Year"),
    "other_name": _l("Other name"),
    "completed": _l("Completed"),
    "certificate": _l("Certificate or student number"),
    "note": _l("Note"),
    "tags": _l("Tags by the organizers"),
    "notes": _l("Notes by the organizers"),
    "changes": _l("Changes by the organizers"),
    "was": _l("Before"),
    "is_now": _l("After"),
    "registrations": _l("Registrations"),
    "meetup": _l("Meetup"),
    "title": _l("Title"),
    "place": _l("Place"),
    "starts_at": _l("Begins"),
    "ends_at": _l("Ends"),
    "zone": _l("Time zone"),
    "state": _l("State"),
    "state_since": _l("In this state since"),
    "registered_at": _l("Registered at"),
    "language": _l("Language"),
    "companions": _l("Companions"),
    "companion_names": _l("Names of companions"),
    "larger_event": _l("Larger event"),
    "on_hosts_list": _l("On the host's list"),
    "came_by": _l("Registered by"),
    "verified": _l("Identity checked"),
    "asked_to_answer_by": _l("To answer whether you come, by"),
    "attendance": _l("Attendance"),
    "attended": _l("Meetups so far"),
    "stands_behind": _l("Behind the others in line, for a meetup that you missed"),
    "said_still_coming_at": _l("Said that they still come"),
    "notice_version": _l("Version of the notice"),
    "history": _l("History"),
    "at": _l("When"),
    "before": _l("Before"),
    "after": _l("After"),
    "by": _l("Done by"),
    "answers": _l("Answers"),
    "companion": _l("Companion"),
    "given": _l("Given"),
    "said": _l("What was said"),
    "question": _l("Question"),
    "answer": _l("Answer"),
    "consents": _l("Consents"),
    "about": _l("About"),
    "text_version": _l("Version of the text"),
    "list_check": _l("List check"),
    "former_address": _l("Address you studied with"),
    "asked_at": _l("Asked at"),
    "decided_at": _l("Decided at"),
    "draw": _l("Draw"),
    "pseudonym": _l("Pseudonym"),
    "tickets": _l("Tickets"),
    "issued_at": _l("Issued at"),
    "revoked_at": _l("Void since"),
    "door": _l("What happened at the door"),
    "gate": _l("Gate"),
    "method": _l("How"),
    "people": _l("People"),
    "kind": _l("Kind"),
    "verdict": _l("Result"),
    "handed_out": _l("Handed out"),
    "what": _l("What"),
    "mails": _l("Mails"),
    "owed_at": _l("Written at"),
    "sent_at": _l("Sent at"),
    "fate": _l("State"),
    "reserved_seats": _l("Seats reserved for you"),
    "reserved_as": _l("As"),
    "address_changes": _l("Changes of address"),
    "former": _l("Until then"),
    "roster_corrections": _l("Corrections of a roster by hand"),
    "corrected_to": _l("Corrected to"),
    "put_back_at": _l("Put back at"),
    "codes_asked": _l("Codes that were asked for"),
    "proved_at": _l("Proved at"),
    "purpose": _l("What for"),
    "fee": _l("Fee"),
    "depositor": _l("Sender of the transfer"),
    "paid_at": _l("Fee paid at"),
    "amount": _l("Amount in won"),
    "refund_account": _l("Account for the refund"),
    "refunded_at": _l("Paid back at"),
    "introduction": _l("Your card for the others"),
    "quotes": _l("Your words on the story page"),
    "talk": _l("Talk"),
    "your_words": _l("What you said"),
    "approved_at": _l("You agreed at"),
    "refused_at": _l("You said no at"),
    "survey": _l("Survey"),
    "answered": _l("Answered"),
    "tables": _l("Your table"),
    "table": _l("Table"),
    "badges_printed": _l("Name badges that were printed"),
    "nickname": _l("Nickname"),
    "on_badge": _l("Also on your name badge"),
    "affiliation": _l("Where I am"),
    "about_me": _l("What I do these days"),
    "link": _l("A link"),
    "changed_at": _l("Changed at"),
    "hidden_at": _l("Hidden by the organizers at"),
}
VALUES: dict[str, Any] = mail_words.KINDS | {
    **{str(each): word for each, word in host_words.LISTED.items()},
    "tag": _l("Tag"),
    "name": _l("Name"),
    "cohort": _l("Cohort"),
    "phone": _l("Phone"),
    "address": _l("E-mail"),
    "entry": _l("entry"),
    "exit": _l("exit"),
    "undo": _l("undo"),
    "override": _l("let in by a supervisor"),
    "party": _l("number of people"),
    "ok": _l("let in"),
    "already_redeemed": _l("already in"),
    "canceled": _l("registration cancelled"),
    "revoked": _l("ticket no longer valid"),
    "wrong_meetup": _l("ticket of another meetup"),
    "unapproved": _l("not approved yet"),
    "not_verified": _l("address not proved yet"),
    "undone": _l("taken back"),
    "left": _l("left"),
    "not_in": _l("wasn't in"),
    "camera": _l("scanned"),
    "typed": _l("typed"),
    "list": _l("found on the list"),
    "desk": _l("at the desk"),
    "pending": _l("list check open"),
    "applied": _l("applied"),
    "confirmed": _l("confirmed"),
    "waitlisted": _l("on the waitlist"),
    "offered": _l("seat offered"),
    "declined": _l("declined"),
    "cancelled": _l("cancelled"),
    "expired": _l("expired"),
    "you": _l("you"),
    "organizer": _l("an organizer"),
    "staff": _l("staff"),
    "system": _l("automatically"),
    "person": _l("proving an address"),
    "elsewhere": _l("a form that the organizers brought in"),
    "walk_in": _l("walk-in"),
    "added": _l("added by an organizer"),
    "came": _l("came"),
    "no_show": _l("did not come"),
    "cancelled_late": _l("cancelled late"),
    "released": _l("gave no answer"),
    "queued": _l("waiting"),
    "sent": _l("sent"),
    "failed": _l("failed"),
    "dropped": _l("not sent"),
    "download": _l("download your data"),
    "erasure": _l("erase your data"),
    "new_address": _l("new address"),
    "speaker": _l("speaker"),
    "guest": _l("guest"),
    "guest_of_honour": _l("special guest"),
    "ko": "한국어",
    "en": "English",
}
CODED = frozenset(
    {
        "attendance",
        "on_hosts_list",
        "state",
        "before",
        "after",
        "by",
        "came_by",
        "fate",
        "language",
        "purpose",
        "reserved_as",
        "kind",
        "verdict",
        "method",
    }
)


def label(key: str) -> str:
    """The key in the reader's language."""
    return str(LABELS[key])


def is_branch(found: Any) -> bool:
    """Whether there is something beneath it."""
    return isinstance(found, list | dict) and bool(found) and not _are_words(found)


def is_leaf(key: str, found: Any) -> bool:
    """Whether it is a value that says something to people."""
    plain = found not in (None, "") and not isinstance(found, list | dict)
    return key not in WITHOUT and (plain or _are_words(found))


def _are_words(found: Any) -> bool:
    """Whether it is a list of names or words, which make one value together."""
    return isinstance(found, list) and bool(found) and all(isinstance(each, str) for each in found)


def value(key: str, found: Any, meetup: Meetup) -> str:
    """A value as the reader would write it; instants in the meetup's zone."""
    if isinstance(found, bool):
        return str(_("yes") if found else _("no"))
    if _are_words(found):
        return ", ".join(found)
    if isinstance(found, dt.datetime):
        local = meetup.local(found)
        return f"{i18n.day(local, year=True)} {i18n.clock(local)}"
    return str(VALUES.get(found, found)) if key in CODED else str(found)
