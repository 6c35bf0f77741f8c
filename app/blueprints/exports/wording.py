"""How an attendee's history and mails are told."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.door.walk_ins import Check

ACTS = {
    "pending": _l("Asked for a list check"),
    "applied": _l("Applied"),
    "confirmed": _l("Got a seat"),
    "waitlisted": _l("Joined the waitlist"),
    "offered": _l("Was offered a seat"),
    "declined": _l("Cancelled by the organizer"),
    "cancelled": _l("Cancelled"),
    "cancelled_on_request": _l("Cancelled at their request"),
    "expired": _l("Expired"),
    "not_selected": _l("Not selected"),
    "drawn": _l("Drawn: got a seat"),
    "not_drawn": _l("Not drawn: joined the waitlist in drawn order"),
    "seat_unpaid": _l("Seat passed on: the fee did not come in time"),
    "fee_paid": _l("Fee came in"),
    "fee_waived": _l("Need not pay the fee"),
    "fee_taken_back": _l("Fee marked as not paid"),
    "fee_refunded": _l("Fee paid back"),
    "fee_seat_kept": _l("Keeps the seat, paid or not"),
    "fee_seat_kept_no_more": _l("Keeps the seat only with the fee"),
    "fee_seat_kept_untold": _l("Keeps the seat unpaid: our mail didn't reach them in time"),
    "added": _l("Added by an organizer, with a seat"),
    "added_without_seat": _l("Added by an organizer, without a seat for now"),
    "brought_in": _l("Brought in from the answers to a form"),
    "decline_taken_back": _l("Refusal taken back"),
    "cancellation_taken_back": _l("Cancellation taken back"),
    "said_still_coming": _l("Said that they still come"),
    "seat_released": _l("Seat released: did not answer"),
    "given_up_elsewhere": _l("Cancelled: said no in the answers to a form"),
    "never_decided": _l("List check not decided in time: name and address deleted"),
    "seat_kept": _l("Keeps the seat without an answer"),
    "seat_kept_untold": _l("Keeps the seat: our question didn't reach them in time"),
    "seat_kept_no_more": _l("Keeps the seat only with an answer"),
    "moved_in_line": _l("Moved in the line"),
    "checked_in": _l("Checked in"),
    "check_in_undone": _l("Check-in undone"),
    "shown_again": _l("Came to the door again, already in"),
    "left": _l("Left"),
    "came_back": _l("Came in again"),
    "shown_going_out": _l("Came to the exit, not in"),
    "exit_not_noted": _l("Came to the exit with a ticket that is not valid any more"),
    "exit_undone": _l("Exit undone"),
    "party_left": _l("People of this ticket who left"),
    "refused_at_door": _l("Turned away at the door"),
    "admitted_by_override": _l("Let in by a supervisor"),
    "party_corrected": _l("People of this ticket who came in"),
    "let_in_told": _l("The phone told later how many it had let in"),
    "alert_set": _l("Arrival alert set"),
    "alert_cleared": _l("Arrival alert cleared"),
    "companions_set": _l("Companions"),
    "people_joined": _l("The person was joined with another who was the same"),
    "joined_into": _l("Ended: the person was joined with another, whose place stays"),
    "note_changed": _l("Note changed"),
    "tags_changed": _l("Tags changed"),
    "consent_given": _l("Gave a consent"),
    "consent_withdrawn": _l("Withdrew a consent"),
    "answers_changed": _l("Changed their answers"),
    "ticket_reissued": _l("Ticket reissued"),
    "address_changed": _l("Changed their address"),
    "address_put_back": _l("Change of address put back from the former address"),
    "guest_confirmed": _l("An organizer knows who they are"),
    "guest_confirmation_taken_back": _l("No longer confirmed by an organizer"),
    "guest_renamed": _l("Name corrected"),
    "corrected": _l("Corrected by an edited list"),
    "contact_corrected": _l("Contact details corrected"),
    "link_renewed": _l("Had the link and the ticket renewed"),
    "walked_in": _l("Let in without a registration"),
    "walk_in_undone": _l("Walk-in undone"),
    "walk_in.found": _l("Found on the roster"),
    "walk_in.not_listed": _l("Not on the roster"),
    "walk_in.check_taken_back": _l("Verification taken back"),
}
PARTS = {
    "cohort": _l("Cohort"),
    "name": _l("Name"),
    "certificate": _l("Certificate or student number"),
    "address": _l("E-mail address"),
    "phone": _l("Phone"),
}
NOTHING = "–"
WALK_INS = {
    Check.NOT_ASKED: (_l("Walk-in"), None),
    Check.OPEN: (_l("Walk-in, to be verified"), "attention"),
    Check.FOUND: (_l("Walk-in, found on the roster"), "ok"),
    Check.NOT_LISTED: (_l("Walk-in, not on the roster"), "attention"),
}


def changed(part: str, before: str, after: str) -> str:
    """A change in words: a tag that came or went, or what stood there before and after."""
    if part == "tag":
        return str(_("Added: %(tag)s", tag=after) if after else _("Removed: %(tag)s", tag=before))
    if part == "cohort":
        before, after = (_("Cohort %(n)s", n=n) if n else "" for n in (before, after))
    return f"{PARTS[part]}: {before or NOTHING} → {after or NOTHING}"


def who(actor: str, names: Mapping[str, str]) -> str:
    """The actor of a history line in words."""
    if actor.startswith("device:"):
        return str(_("Staff phone %(name)s", name=names.get(actor, "")))
    fixed: dict[str, str] = {
        "person": _("The person"),
        "promotion": _("Moved up automatically"),
        "worker": _("Automatically"),
        "command": _("By a command on the server"),
    }
    return fixed.get(actor) or names.get(actor) or str(_("A former organizer"))
