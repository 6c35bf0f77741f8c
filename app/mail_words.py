"""How mails are told at the desk: what they are, what became of them, and why one was not taken."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.inviting import Fate, Hindrance
from app.domain.mail_refusals import Why, why
from app.models import MailState, ProofAnswer

KINDS = {
    "sign_in": _l("Link for signing in"),
    "member_invitation": _l("Invitation to a desk"),
    "proof": _l("Code, or why there is none"),
    "fresh_code": _l("Code for their own data"),
    "new_address_code": _l("Code to a new address"),
    "address_changed": _l("Told the former address of the new one"),
    "address_objected": _l("Told the organizers that a change of address was put back"),
    "invitation": _l("Invitation"),
    "invitation_reminder": _l("Reminder of the invitation"),
    "invitation_declined": _l('Told that we noted "I can\'t come"'),
    "erased": _l("Told that their data is erased"),
    "draw_value_due": _l("Reminder of the draw's public value"),
    "registration_pending": _l("List check opened"),
    "registration_not_verified": _l("Not found on the list"),
    "claim_linked": _l("Told the address on the list of the new one"),
    "registration_confirmed": _l("Seat confirmed"),
    "registration_promoted": _l("Seat from the waitlist"),
    "registration_waitlisted": _l("Place on the waitlist"),
    "registration_applied": _l("Application received"),
    "registration_drawn": _l("Seat by the draw"),
    "registration_not_drawn": _l("Not drawn: place on the waitlist"),
    "registration_offered": _l("Seat offered"),
    "registration_expired": _l("Offer passed on"),
    "registration_released": _l("Seat released"),
    "still_coming": _l("Asked if they still come"),
    "reminder": _l("Reminder"),
    "fee_asked": _l("Asked for the fee"),
    "fee_reminder": _l("Reminder of the fee"),
    "fee_unpaid": _l("Seat passed on without the fee"),
    "thanks": _l("Thanks"),
    "setup_test": _l("Test of the mail server"),
    "message": _l("Message about the meetup"),
    "news": _l("News (advertising)"),
    "message_test": _l("Test of a message"),
    "meetup_moved": _l("New time or place"),
    "registration_not_selected": _l("Not selected"),
    "registration_cancelled": _l("Registration cancelled"),
    "registration_declined": _l("Cancelled by the organizer"),
    "registration_joined": _l("Joined with another registration"),
    "meetup_called_off": _l("Meetup called off"),
    "link_renewed": _l("New personal link"),
}
"""By kind of mail; a test names the kinds of templates/emails that are missing here."""

STATES = {
    MailState.QUEUED: (_l("Waiting to be sent"), None),
    MailState.SENT: (_l("Sent"), "ok"),
    MailState.FAILED: (_l("Failed"), "refused"),
    MailState.DROPPED: (_l("Not sent"), "over"),
    MailState.UNWANTED: (_l("Not sent: opted out"), "over"),
}
"""The word and the badge's tone."""

INVITED = {
    Fate.REGISTERED: (_l("Registered"), "ok"),
    Fate.DECLINED: (_l("Can't come"), "over"),
    Fate.SILENT: (_l("No answer yet"), None),
    Fate.QUEUED: (_l("Being sent"), None),
    Fate.UNREACHED: (_l("Not reached"), "refused"),
    Fate.UNSENT: (_l("No mail sent"), "over"),
    Fate.OPTED_OUT: (_l("Opted out"), "over"),
}
"""What became of an invitation: the word and the badge's tone."""

NOT_INVITED = {
    Hindrance.DECLINED: _l("said that they can't come"),
    Hindrance.INVITED: _l("invited already"),
    Hindrance.REGISTERED: _l("registered already"),
    Hindrance.OPTED_OUT: _l("want no invitations"),
    Hindrance.NO_ADDRESS: _l("no e-mail address that works"),
}

_WHY = {
    Why.NO_MAILBOX: _l("There is no such mailbox. Ask the person for another address."),
    Why.NO_DOMAIN: _l("The address's domain takes no mail. Look for a slip in it."),
    Why.FULL: _l("Their mailbox is full."),
    Why.TOO_LARGE: _l("Their mail server takes no mail of this size."),
    Why.BLOCKED: _l("Their mail server refuses mail from us. Whoever runs this server can read why."),
    Why.LATER: _l("Their mail server asked us to come back. We try again by ourselves."),
    Why.ASCII_ONLY: _l("Our mail server can't send to addresses with Hangul or accents before the @."),
    Why.AWAY: _l("Our mail server takes no mail at the moment. We try again by ourselves."),
    Why.OTHER: _l("The mail was not taken."),
}

ANSWERS = {
    ProofAnswer.CODE: _l("They were mailed a code."),
    ProofAnswer.NOT_ON_ROSTER: _l("They were mailed that this address is on no list, and what to do."),
    ProofAnswer.NOT_ELIGIBLE: _l("They were mailed that this meetup is not for their cohort."),
    ProofAnswer.NOT_INVITED: _l("They were mailed that this meetup is by invitation, and how to ask."),
}
"""What somebody who asked for a code was told."""


def told(error: str) -> str:
    """What `error`, as the outbox notes it, means to an organizer, and what to do."""
    return str(_WHY[why(error)])


def dead(said: str | None) -> str:
    """Why no mail arrives at an address."""
    return told(said) if said is not None else _("An organizer noted that mails come back from there.")
