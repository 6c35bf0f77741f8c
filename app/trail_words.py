"""How the audit trail is told at the desk: areas, and what each act was. A test names an act that is missing here."""

from __future__ import annotations

import enum

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Area(enum.StrEnum):
    """What organizers ask the trail about."""

    LOOKS = "looks"
    DOWNLOADS = "downloads"
    REGISTRATIONS = "registrations"
    SEATS = "seats"
    DOOR = "door"
    LISTS = "lists"
    MEETUP = "meetup"
    MAILS = "mails"
    FEE = "fee"
    PRIVACY = "privacy"
    RIGHTS = "rights"


AREAS = {
    Area.LOOKS: _l("Looked at personal data"),
    Area.DOWNLOADS: _l("Took personal data away"),
    Area.REGISTRATIONS: _l("Registrations"),
    Area.SEATS: _l("Seats and the line"),
    Area.DOOR: _l("The door"),
    Area.LISTS: _l("Lists and people"),
    Area.MEETUP: _l("The meetup and its texts"),
    Area.MAILS: _l("Invitations and mails"),
    Area.FEE: _l("Fee"),
    Area.PRIVACY: _l("Own data, erasing"),
    Area.RIGHTS: _l("Accounts and rights"),
}

_WORDS: dict[Area, dict[str, LazyString]] = {
    Area.LOOKS: {
        "attendee.viewed": _l("Looked at a registration"),
        "attendees.listed": _l("Looked at the attendees' list"),
        "person.viewed": _l("Looked at a person of the list"),
        "roster.listed": _l("Looked at a cohort's list"),
        "trail.viewed": _l("Looked at these records"),
        "trail.reviewed": _l("Reviewed a month's looks and downloads"),
    },
    Area.DOWNLOADS: {
        "attendees.exported": _l("Downloaded a list of attendees"),
        "badges.printed": _l("Printed badges"),
        "attendees.printed": _l("Printed a list of attendees"),
        "message.phones_taken": _l("Downloaded a list of phones for text messages"),
        "door.list_taken": _l("A staff phone took the list along"),
        "survey.exported": _l("Downloaded the results of the survey"),
        "trail.exported": _l("Downloaded these records"),
    },
    Area.REGISTRATIONS: {
        "registration.created": _l("Registered"),
        "registration.cancelled": _l("Cancelled"),
        "registration.declined": _l("Cancelled by the organizer"),
        "registration.decline_taken_back": _l("Took a refusal back"),
        "registration.mailed_again": _l("Had the mail of a registration sent again"),
        "registration.companions_set": _l("Changed the number of companions"),
        "registration.companions_named": _l("Named companions"),
        "registration.host_entry_said": _l("Said how they stand with the larger event"),
        "registration.arrival_alert": _l("Set or cleared a note for the door"),
        "registrations.tagged": _l("Set or removed tags"),
        "registration.noted": _l("Changed the note about a registration"),
        "registration.link_renewed": _l("Got a new personal link"),
        "registration.address_changed": _l("Changed the e-mail address"),
        "registration.address_put_back": _l("Put a changed address back"),
        "registrations.brought_in": _l("Brought in answers of a form"),
        "registration.corrected": _l("Corrected who an attendee is"),
        "attendees.revised": _l("Brought an edited list back"),
        "answers.changed": _l("Changed answers"),
        "consents.changed": _l("Changed consents"),
        "introduction.written": _l("Wrote a card for the others"),
        "introduction.taken_back": _l("Deleted their card for the others"),
        "introduction.hidden": _l("Hid a card"),
        "introduction.shown_again": _l("Showed a card again"),
        "still_coming.yes": _l("Said that they are still coming"),
        "still_coming.asked": _l("Asked who still comes"),
        "ticket.reissued": _l("Got a new ticket"),
        "claim.opened": _l("Asked for a list check"),
        "claim.approved": _l("Approved a list check"),
        "claim.refused": _l("Refused a list check"),
        "applications.approve": _l("Approved applications"),
        "applications.waitlist": _l("Put applications on the waitlist"),
        "applications.decline": _l("Declined applications"),
    },
    Area.SEATS: {
        "registration.confirmed": _l("Gave a seat directly"),
        "registration.offered": _l("Offered a seat directly"),
        "registration.seat_kept": _l("Kept a seat that would be released"),
        "registration.seat_kept_no_more": _l("No longer keeps a seat"),
        "registration.seat_kept_untold": _l("A seat was kept: the question was not delivered"),
        "registrations.promoted": _l("Freed seats went to the next in line"),
        "registrations.offered": _l("Freed seats were offered to the next in line"),
        "offer.accepted": _l("Accepted an offered seat"),
        "offer.expired": _l("An offered seat passed on"),
        "offers.shortened": _l("Shortened open offers"),
        "seats.released": _l("Released unanswered seats"),
        "seats.rules_changed": _l("Changed how seats are given"),
        "pools.changed": _l("Changed the seats that are kept"),
        "quotas.flowed_back": _l("Seats kept for cohorts flowed back"),
        "seat.reserved": _l("Reserved a seat for somebody"),
        "seat.reservation_ended": _l("Ended the reservation of a seat"),
        "promotion.paused": _l("Paused moving up"),
        "promotion.resumed": _l("Let people move up again"),
        "waitlist.moved": _l("Moved people in the line"),
        "draw.closed": _l("Closed the entries of the draw"),
        "draw.held": _l("Held the draw"),
        "draw.value_asked_for": _l("Asked for the draw's public value"),
    },
    Area.DOOR: {
        "door.opened": _l("Opened the door for a phone"),
        "door.settings_changed": _l("Changed the door's settings"),
        "door.kiosk_code_set": _l("Set the tablet's code"),
        "device.enrolled": _l("A staff phone joined"),
        "device.revoked": _l("Shut a staff phone out"),
        "check_in.undone": _l("Undid a check-in"),
        "registration.walked_in": _l("Let in a walk-in"),
        "registration.released_in": _l("Let somebody in on a released seat"),
        "walk_in.found": _l("Found a walk-in on the list"),
        "walk_in.not_listed": _l("Noted that a walk-in is on no list"),
        "walk_in.check_taken_back": _l("Took back the check of a walk-in"),
    },
    Area.LISTS: {
        "roster.imported": _l("Imported a list"),
        "roster.entry_added": _l("Added somebody to a list"),
        "roster.entry_completed": _l("Noted that somebody completed"),
        "cohorts.added": _l("Added cohorts"),
        "cohort.edited": _l("Changed a cohort"),
        "cohort.deleted": _l("Deleted a cohort"),
        "people.joined": _l("Joined two people into one"),
        "address.added": _l("Added an address"),
        "address.removed": _l("Removed an address"),
        "address.works_again": _l("Noted that an address works again"),
        "mail.came_back": _l("A mail came back: the address is dead"),
    },
    Area.MEETUP: {
        "view.kept": _l("Kept a view of the attendee list"),
        "view.dropped": _l("Dropped a view of the attendee list"),
        "meetup.created": _l("Created a meetup"),
        "meetup.copied": _l("Copied a meetup"),
        "meetup.revised": _l("Changed a meetup"),
        "meetup.moved": _l("Changed time or place"),
        "meetup.published": _l("Published a meetup"),
        "meetup.closed": _l("Closed registration"),
        "meetup.reopened": _l("Opened registration again"),
        "meetup.called_off": _l("Called a meetup off"),
        "meetup.companions_allowed": _l("Changed how many companions may come"),
        "meetup.mail_text_saved": _l("Saved own words for a mail"),
        "meetup.inside_note_saved": _l("Changed the notes for those who have a seat"),
        "survey.saved": _l("Saved the questions of the survey"),
        "survey.opened": _l("Opened the survey"),
        "survey.closed": _l("Closed the survey"),
        "tables.laid": _l("Filled the tables"),
        "tables.late_seated": _l("Gave free seats at tables"),
        "tables.moved": _l("Put somebody at a table"),
        "tables.published": _l("Showed people their table"),
        "tables.hidden": _l("Shows the tables no more"),
        "tables.discarded": _l("Took the table plan away"),
        "talk.announced": _l("Announced a line of the programme"),
        "talk.hidden": _l("Hid a line of the programme again"),
        "badges.designed": _l("Changed how badges look"),
        "introductions.allowed": _l("Let attendees introduce themselves"),
        "introductions.ended": _l("Ended the introductions"),
        "image.stored": _l("Uploaded a picture"),
        "notice.saved": _l("Saved the notice and consents"),
        "questions.saved": _l("Saved the questions"),
        "answers.deadline_set": _l("Set until when answers may change"),
        "template.kept": _l("Kept a text for the next meetups"),
        "template.discarded": _l("Discarded a kept text"),
        "program.created": _l("Created a programme"),
        "program.kept_days": _l("Changed how long new meetups keep data"),
        "program.edited": _l("Changed the programme"),
    },
    Area.MAILS: {
        "invitations.sent": _l("Sent invitations"),
        "invitations.reminded": _l("Reminded of invitations"),
        "invitations.let_in": _l("Let people in without a mail"),
        "invitation.declined": _l("Said that they can't come"),
        "invitation.decline_undone": _l("Said that they can come after all"),
        "meetup.reminded": _l("Reminded attendees"),
        "meetup.move_reminded": _l("Reminded of the changed time or place"),
        "meetup.thanked": _l("Thanked attendees"),
        "mails.tried_again": _l("Sent failed mails again"),
        "message.written": _l("Wrote a message to many"),
        "message.revised": _l("Changed a message before it went out"),
        "message.tested": _l("Had a test of a message sent to themselves"),
        "message.scheduled": _l("Sent a message, or set its time"),
        "message.called_back": _l("Called a message back before it began"),
        "message.begun": _l("A message began to go out"),
        "message.stopped": _l("Stopped a message while it went out"),
        "message.discarded": _l("Discarded a message that was not sent"),
        "mail.setup_tested": _l("Had tests sent to see whether mails arrive"),
        "opt_out.made": _l("Opted out of invitations"),
        "opt_out.withdrawn": _l("Wants invitations again"),
    },
    Area.FEE: {
        "fee.saved": _l("Changed the fee's terms"),
        "fee.paid": _l("Noted a transfer"),
        "fee.waived": _l("Waived the fee"),
        "fee.taken_back": _l("Took the note of a transfer back"),
        "fee.refunded": _l("Noted a refund"),
        "fee.refund_taken_back": _l("Took the note of a refund back"),
        "fee.list_booked": _l("Booked a bank's list"),
        "fee.list_undone": _l("Undid the booking of a bank's list"),
        "fee.said": _l("Said who transfers, or where the refund goes"),
        "fee.reminded": _l("Reminded of the fee"),
        "fee.seat_kept": _l("Kept a seat without the fee"),
        "fee.seat_kept_no_more": _l("No longer keeps a seat without the fee"),
        "fee.seat_kept_untold": _l("A seat was kept: the mail about the fee was not delivered"),
        "fee.seat_passed_on": _l("A seat without the fee passed on"),
    },
    Area.PRIVACY: {
        "person.downloaded": _l("Downloaded their own data"),
        "person.erased": _l("Erased a person"),
        "person.forgotten": _l("Forgot whoever never decided"),
        "meetup.destroyed": _l("Destroyed a meetup's personal data at the end of its time"),
        "erasure.lifted": _l("Let an erased address on the lists again"),
        "fresh_proof.asked": _l("Asked for a code for their own data"),
    },
    Area.RIGHTS: {
        "account.signed_in": _l("Signed in"),
        "account.edited": _l("Changed their account"),
        "account.founder": _l("May create programmes"),
        "account.signed_out": _l("Signed an account out everywhere"),
        "account.rights_taken": _l("Took all rights of an account away"),
        "backup.asked": _l("Asked for a backup"),
        "backup.made": _l("Made a backup"),
        "backup.downloaded": _l("Downloaded a backup"),
        "backup.uploaded": _l("Uploaded a backup"),
        "backup.put_back_asked": _l("Asked to restore a backup"),
        "backup.put_back": _l("Restored a backup"),
        "sign_in.link_made": _l("Made a link for signing in"),
        "session.ended": _l("Signed a browser out"),
        "session.others_ended": _l("Signed all other browsers out"),
        "session.ended_by_owner": _l("Signed a member out everywhere"),
        "invitation.sent": _l("Invited somebody to the desk"),
        "invitation.sent_again": _l("Sent an invitation again"),
        "invitation.withdrawn": _l("Withdrew an invitation"),
        "member.joined": _l("Joined the desk"),
        "member.left": _l("Left the desk"),
        "member.removed": _l("Took somebody's rights away"),
        "member.role_changed": _l("Changed somebody's rights"),
    },
}

ACTS = {act: words for acts in _WORDS.values() for act, words in acts.items()}


def acts_of(area: Area) -> frozenset[str]:
    return frozenset(_WORDS[area])


def told(act: str) -> str:
    """What was done, in the reader's language; an act of another version by its code."""
    return str(ACTS.get(act, act))
