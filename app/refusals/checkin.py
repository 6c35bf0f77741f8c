"""Sentences for the reason codes of checkin: why a phone, a link or a scan is turned away.

A red verdict has two: why, and `_then`, what to do about it; `_then_supervise` where a supervisor's phone
must not be told to call a supervisor.
"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "device_unknown": _l("This phone isn't a staff phone of this door. Ask the organizer for the door QR."),
    "device_revoked": _l("This phone's permission was withdrawn. Ask the organizer for a new door QR."),
    "device_expired": _l("This door has ended. Thank you for your help!"),
    "no_such_device": _l("There is no such phone at this door."),
    "enrolment_unknown": _l("This door link isn't complete. Scan the organizer's door QR again."),
    "enrolment_used": _l("This door QR has been used already. Each works for one phone: ask for a new one."),
    "enrolment_expired": _l("This door QR has run out: it works for 15 minutes. Ask for a new one."),
    "door_over": _l("This meetup is over, so its door can't be opened any more."),
    "not_allowed": _l("Only a supervisor's phone may do this. Ask a supervisor."),
    "kiosk_only": _l("This tablet is for self check-in only."),
    "kiosk_code_missing": _l("Choose an exit code first: staff unlock the tablet with it."),
    "kiosk_code_unreadable": _l("Choose %(least)s to %(most)s digits."),
    "wrong_sender": _l("This request didn't come from the door page. Open the door page again."),
    "wrong_type": _l("The door takes JSON only. Reload the door page."),
    "unreadable_body": _l(
        "The phone's message couldn't be read. Reload the door page; the scan stays on the phone."
    ),
    "unreadable_list": _l(
        "The server couldn't read which part of the list this phone holds. Reload the door page."
    ),
    "lists_not_allowed": _l(
        "The organizer doesn't allow the list on the phones. Scan tickets or search by name."
    ),
    "too_large": _l("The phone's message is too large. Send fewer scans at once."),
    "too_many_scans": _l("At most %(limit)s scans fit into one message."),
    "malformed": _l("This scan couldn't be read. Scan the ticket again or search by name."),
    "shift_over": _l("This was scanned after the door had ended. It doesn't count."),
    "conflicting_body": _l("Another scan has this number already. Scan the ticket again."),
    "malformed_tick": _l("This tick couldn't be read. Tap it again."),
    "no_such_attendee": _l("There is no such registration at this meetup."),
    "undo_reason_missing": _l("Say why, so that others can follow it."),
    "no_such_check_in": _l("There is no such check-in at this door."),
    "nothing_to_undo": _l("There is no check-in to undo: this person isn't in."),
    "walk_in_cohort_unknown": _l("There is no such cohort. Choose one from the list, or guest."),
    "walk_in_over": _l("All %(seats)s seats are taken. With this person it would be over by %(over)s."),
    "walk_in_kept": _l(
        "The seats that are still free (%(kept)s) are kept for named guests or for cohorts. Let this person in anyway?"
    ),
    "walk_ins_not_taken": _l("This meetup takes no walk-ins. The organizer decides it in the door settings."),
    "guest_not_confirmable": _l("Only a guest who came in without a registration can be confirmed."),
    "guest_not_renamable": _l("A roster has their name. Correct it there."),
    "guest_known_elsewhere": _l(
        "They registered by themselves or are at another meetup, too, so their name is not changed from here."
    ),
    "walk_in_is_guest": _l("They came as a guest, and guests are not verified."),
    "walk_in_check_decided": _l("This walk-in has been decided already. Take that back first."),
    "walk_in_undone": _l(
        "This person had been registered, and that was undone. If they come in after all, register them once more."
    ),
    "walk_in_gone": _l("This walk-in was undone: there is nobody to verify."),
    "walk_in_person_registered": _l(
        "This person has a registration for this meetup already. If both are one person, check that registration in and undo the walk-in's entry."
    ),
    "companions_too_many": _l("At most %(limit)s companions on one ticket, please."),
    "companions_over": _l(
        "There are only %(seats)s seats. With these companions it would be over by %(over)s."
    ),
    "companions_kept": _l(
        "The seats that are free (%(kept)s) are kept for named guests or for cohorts. Give them to these companions anyway?"
    ),
    "companions_no_seats": _l(
        "There aren't enough free seats that nobody waits for. Ask the organizers, or come with fewer."
    ),
    "companions_closed": _l("The day for bringing more people is over. Write to the organizer."),
    "companions_without_seat": _l("Only somebody with a confirmed seat can bring companions."),
    "companions_inside": _l("%(count)s people of this ticket are in already. Undo a check-in first."),
    "minutes_unreadable": _l("Write the minutes as a number up to %(limit)s, or leave it empty."),
    "no_release_yet": _l("This door doesn't release the seats of absent people now."),
    "not_waiting": _l("This person isn't on the waitlist any more. Scan or search again."),
    "no_seat_released": _l("No seat is left: everybody who has one of the %(seats)s seats is in."),
    "no_seat_to_release": _l("No seat is left: all %(seats)s are taken. You may let them in over the seats."),
    "no_such_gate": _l("This door has no such gate any more. Choose another one."),
    "too_many_lines": _l("At most %(limit)s lines, please."),
    "line_too_long": _l("At most %(limit)s characters a line, please."),
    "pattern_too_open": _l("Write at least %(least)s characters besides *, so that it fits nothing else."),
    "samples_differ": _l(
        "These samples don't begin alike. Paste samples of one kind, or write the beginning yourself."
    ),
    "door_ok": _l("Checked in."),
    "door_already_redeemed": _l("Already in. %(name)s, %(rest)s"),
    "door_taken_back": _l("They were let in by a later scan, and that was taken back. They aren't in."),
    "door_taken_back_then": _l("If they stand here, scan their ticket again."),
    "door_from_tablet_then": _l(
        "The tablet may have sent them to you just now. If they come straight from it, let them in."
    ),
    "door_canceled": _l("This registration was cancelled."),
    "door_canceled_then": _l("They can register again on the meetup's page, or call a supervisor."),
    "door_canceled_then_supervise": _l("They can register again on the meetup's page."),
    "door_revoked": _l("This ticket was replaced by a newer one."),
    "door_revoked_then": _l("Ask for the newest ticket or search by name."),
    "door_invalid": _l("There is no such ticket code."),
    "door_invalid_then": _l("Scan the ticket from the mail again, or search by name."),
    "door_foreign": _l("This QR isn't a ticket."),
    "door_foreign_then": _l("Ask for the QR ticket in the mail or search by name."),
    "door_wrong_meetup": _l("This ticket is for another meetup."),
    "door_wrong_meetup_then": _l("Ask for the ticket of this meetup or search by name."),
    "door_waitlisted": _l("Still on the waitlist."),
    "door_waitlisted_then": _l("Call a supervisor."),
    "door_waitlisted_then_supervise": _l("Tell them that a mail will come if a seat opens."),
    "door_released": _l("Their seat was released at %(at)s, as they weren't there."),
    "door_released_then": _l(
        "Call a supervisor, who may let them in: they are first in line for the next seat."
    ),
    "door_released_then_supervise": _l("They are first in line for the next seat."),
    "door_unapproved_applied": _l("This registration still awaits selection."),
    "door_unapproved_applied_then": _l("Call a supervisor."),
    "door_unapproved_applied_then_supervise": _l("Tell them that the result will come by mail."),
    "door_unapproved_declined": _l("This registration was not selected, or the organizer cancelled it."),
    "door_unapproved_declined_then": _l("Call a supervisor."),
    "door_unapproved_declined_then_supervise": _l("Tell them that there is no seat for them this time."),
    "door_unapproved_offered": _l("A seat was offered, but hasn't been accepted yet."),
    "door_unapproved_offered_then": _l("Ask them to accept the seat in the mail, then scan again."),
    "door_unapproved_expired": _l("There was no answer in time, so the seat went to others."),
    "door_unapproved_expired_then": _l("Call a supervisor."),
    "door_unapproved_expired_then_supervise": _l("They can register again on the meetup's page."),
    "door_not_verified": _l("This person's list check is still open."),
    "door_not_verified_then": _l("Call a supervisor."),
    "door_not_verified_then_supervise": _l("Ask the organizer to decide on the list check, then scan again."),
    "door_called_off": _l("This meetup was called off."),
    "door_called_off_then": _l("Ask the organizer what to tell people."),
    "door_back": _l("Welcome back. They had left at %(at)s."),
    "door_left": _l("They left."),
    "door_not_in": _l("They aren't in: no entry of theirs is noted."),
    "door_not_in_then": _l("Let them go: nobody is held here. The scan is kept."),
    "door_gone": _l("They aren't in: they left at %(at)s already."),
    "door_exit_undone": _l("The exit was undone. They are in again."),
    "door_walk_in_undone": _l(
        "The walk-in was undone, and the seat is free again. If they come after all, let them in as a new walk-in."
    ),
    "door_undone": _l("The check-in was undone. The ticket may enter again."),
}
