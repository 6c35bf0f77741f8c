"""What the acts on many are called, what becomes of those whom they touch, and why somebody is left out."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.domain.registering.registrations import Status
from app.refusals import sentence
from app.services.organizing.bulk_acts import Act

ACTS = {
    Act.TAG: _l("Add a tag"),
    Act.UNTAG: _l("Remove a tag"),
    Act.MAIL: _l("Send the mail again"),
    Act.APPROVE: _l("Approve those who applied"),
    Act.SEAT: _l("Give seats to those on the waitlist"),
    Act.REISSUE: _l("Issue new tickets"),
    Act.CANCEL: _l("Cancel the registrations"),
}
NEEDS = {Act.APPROVE: Status.APPLIED, Act.SEAT: Status.WAITLISTED, Act.REISSUE: Status.CONFIRMED}
"""Acts that are offered while somebody is in this state."""
FOLLOWS = {
    Act.MAIL: _l("The mail with their seat or place in line goes to each of them once more."),
    Act.APPROVE: _l(
        "Each gets a seat, and the ticket by mail. To take a seat back later, cancel the registration."
    ),
    Act.SEAT: _l(
        "Each gets a seat, and the ticket by mail. To take a seat back later, cancel the registration."
    ),
    Act.REISSUE: _l(
        "Their old tickets stop working at once, also printed and saved ones. The new ones go out by mail. It can't be undone."
    ),
    Act.CANCEL: _l(
        "Each is told by mail and the next in line moves up. It can be undone within an hour, but a seat that somebody else has got by then stays theirs."
    ),
}
UNDO = {
    Act.CANCEL: _l(
        "Whoever had a seat has it again, with the same ticket, while seats are free. Who had applied waits for a decision again, "
        "the others in line where they were. Each is told by mail."
    ),
}
"""What an undo does, where that doesn't go without saying."""
SKIPPED = {
    "is_erased": _l("erased"),
    "nothing_to_mail": _l("no mail to send again"),
    "mail_on_its_way": _l("their mail is on its way already"),
    "already_admitted": _l("checked in: undo that first"),
    "has_ended": _l("already cancelled or expired"),
    "wants_a_list_check": _l("waiting for a list check: decide that"),
    "as_it_was": _l("nothing to change"),
    "has_a_seat": _l("already have a seat, or are offered one"),
    "waits_in_line": _l("on the waitlist: give them seats there"),
    "waits_for_approval": _l("waiting for a decision or the draw"),
    "no_seat_left": _l("no seat is left for them: they stay where they are"),
    "seats_for_others": _l(
        "the seats still free are kept for others, or for who comes before them: they stay where they are"
    ),
    "has_no_ticket": _l("no seat, so no ticket"),
    "no_ticket_to_reissue": _l("no seat, so no ticket"),
    "came_in": _l("checked in already"),
    "no_address": _l("no e-mail address: give each a new ticket on their own page"),
    "changed_meanwhile": _l("changed meanwhile: nothing was done for them"),
    "registered_again": _l("registered again since"),
    "not_declined": _l("taken back already"),
}


def why(code: str) -> str:
    return str(SKIPPED[code]) if code in SKIPPED else sentence(code)


def done(act: Act, number: int, tags: str) -> str:
    """What was done, and for how many."""
    if not number:
        return str(_("Nothing was changed."))
    said = {
        Act.TAG: lambda: ngettext(
            "%(num)d person got the tag “%(tags)s”.",
            "%(num)d people got the tag “%(tags)s”.",
            number,
            tags=tags,
        ),
        Act.UNTAG: lambda: ngettext(
            "%(num)d person lost the tag “%(tags)s”.",
            "%(num)d people lost the tag “%(tags)s”.",
            number,
            tags=tags,
        ),
        Act.MAIL: lambda: ngettext(
            "The mail goes to %(num)d person again.", "The mail goes to %(num)d people again.", number
        ),
        Act.APPROVE: lambda: ngettext("%(num)d person is approved.", "%(num)d people are approved.", number),
        Act.SEAT: lambda: ngettext("%(num)d person got a seat.", "%(num)d people got a seat.", number),
        Act.REISSUE: lambda: ngettext(
            "%(num)d person gets a new ticket.", "%(num)d people get new tickets.", number
        ),
        Act.CANCEL: lambda: ngettext(
            "The registration of %(num)d person is cancelled.",
            "The registrations of %(num)d people are cancelled.",
            number,
        ),
    }
    return str(said[act]())
