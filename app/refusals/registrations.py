"""Sentences for the reason codes of registrations."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "too_many_proofs": _l("Too many requests came from this connection. Try again in an hour."),
    "too_many_codes": _l("Too many codes were tried from this connection. Try again in an hour."),
    "no_address_to_prove": _l(
        "We have no e-mail address of yours, so we can't send you a code. Write to the organizer."
    ),
    "code_wrong": _l("That code doesn't fit. Check it once more, or have a new one sent."),
    "code_used_up": _l(
        "That was one wrong code too many, so this mail's code no longer works. Have a new one sent."
    ),
    "proof_used": _l(
        "This link was used already. Go on in the browser where you opened it, or ask for a new mail."
    ),
    "proof_unknown": _l("This link isn't complete. Open it from the mail again, or type the code."),
    "proof_expired": _l("That took a while, so please prove your address once more."),
    "not_eligible": _l("This meetup isn't for your cohort. If that is wrong, write to the organizer."),
    "not_invited": _l(
        "This meetup is by invitation, and you aren't invited. Ask the organizer whether you can come."
    ),
    "texts_changed": _l(
        "The organizer changed what this page says while you had it open. Look at it once more, then send it again."
    ),
    "answers_changed_meanwhile": _l(
        "The answers have changed since this page was opened, so nothing is saved yet. The fields have what stands now, and what you changed yourself. Look at them once more, then save."
    ),
    "age_not_declared": _l("This meetup is for people aged 14 or older. Tick the box if you are."),
    "bad_phone": _l("That doesn't look like a Korean phone number. Write it as 010-1234-5678."),
    "already_admitted": _l("You have checked in already, so there is nothing to cancel."),
    "not_endable": _l("This registration can't be changed any more."),
    "offer_over": _l("The deadline has passed, and the seat went to the next person."),
    "no_seat_to_keep": _l("You don't have a seat at the moment, so there is nothing to answer."),
    "release_over": _l(
        "The time to answer is over, and the others' seats were released. Cancel this registration if they don't come."
    ),
    "no_seat_to_let_keep": _l("This person has no seat any more. Look at the list again."),
    "moved_meanwhile": _l(
        "The time or place has changed since this page was opened. Look at it once more, then answer."
    ),
    "move_reminder_early": _l(
        "They were asked only a short while ago. Give them time to answer, then remind them; that goes once."
    ),
    "no_host_event": _l("There is nothing to say about a larger event at the moment."),
    "host_entry_missing": _l("Choose one of the answers, then save."),
    "companion_unnamed": _l("Write the name of this companion, or let fewer people come."),
    "companion_name_too_long": _l("Write at most %(limit)s characters."),
    "not_asked": _l("There is no question to answer at the moment. Your registration stands as it is."),
    "no_offer": _l("No seat is held for this registration at the moment."),
    "offer_too_late": _l(
        "It is too late for an offer: there would be no time to answer. Give the seat directly."
    ),
    "full": _l(
        "Seats needed: %(people)s, free: %(free)s. Let them wait like everybody, or raise the number of seats first."
    ),
    "full_but_kept": _l(
        "Seats needed: %(people)s. Those that are free are kept for named guests or for cohorts (%(kept)s). Let them wait like everybody, or free some of these first, under Seat pools."
    ),
    "added_and_ended": _l(
        "This form added them already, and their place was cancelled since. Open the page anew to add them again."
    ),
    "unnamed": _l("Write the name."),
    "name_too_long": _l("At most %(limit)s characters for the name, please."),
    "guest_is_known": _l("Somebody of this programme has this address already. Add that person instead."),
    "add_before_publishing": _l(
        "This meetup is still a draft. Publish it first: people get a mail with its page."
    ),
    "no_free_seat": _l(
        "Seats needed: %(people)s, free: %(free)s. Raise the number of seats first, or wait until one is freed."
    ),
    "seats_kept": _l(
        "Seats needed: %(people)s. Those that are free are kept for others (%(kept)s). Change the seat pools first, or wait."
    ),
    "more_than_open": _l(
        "Seats needed: %(people)s, open to the people you chose: %(open)s. The others that are free are kept for named guests or for cohorts. Choose fewer people, or say that the rest goes on the waitlist."
    ),
    "reserved_below_named": _l(
        "%(named)s people have a reserved seat. Take them off the list first, or keep at least as many."
    ),
    "kept_over_seats": _l(
        "That keeps %(kept)s of %(seats)s seats. Keep fewer, or raise the number of seats first."
    ),
    "seats_unreadable": _l("Write the number of seats in digits, such as 8; 0 or nothing for none."),
    "flow_back_in_the_past": _l("That time has passed. Choose one to come."),
    "flow_back_too_late": _l(
        "From the last call on, freed seats stay free. Let unused seats flow back before it."
    ),
    "flow_back_after_last_call": _l(
        "Seats are kept for cohorts until a later time. Let them flow back earlier first: see seat pools."
    ),
    "seats_below_kept": _l(
        "%(kept)s seats are kept for named guests and cohorts. Keep fewer first: see seat pools."
    ),
    "reserved_unknown": _l("This person isn't on the programme's lists any more. Search again."),
    "reserved_not_eligible": _l(
        "This meetup isn't for this person's cohort, so they couldn't register. Let the cohort come first, or keep a seat without a name."
    ),
    "no_such_place": _l("The line has %(last)s places. Choose one of them."),
    "more_than_free": _l(
        "Seats needed: %(people)s, free: %(free)s. Choose fewer people, or say that the rest goes on the waitlist."
    ),
    "person_erased": _l("This person was erased, so there is nobody to give the place to."),
    "undo_is_over": _l("It could be undone for an hour. They can register again."),
    "not_declined": _l("This refusal was taken back already."),
    "registered_again": _l(
        "This person has registered again in the meantime, so there is nothing to take back."
    ),
    "not_in_line": _l("This person no longer waits. Look at the line again."),
    "claim_unnamed": _l("Write your name as the programme knows it."),
    "claim_too_long": _l("Write at most %(limit)s characters."),
    "claim_link_over": _l("This link no longer works. Type your address again and open the newest mail."),
    "claim_not_needed": _l(
        "Your address is on the list by now. Type it on the meetup's page, and the code comes by mail."
    ),
    "claim_asked": _l("You asked already; the way to it is in the mail that we sent you then."),
    "claim_decided": _l("This list check has been decided already."),
    "claim_person_unknown": _l("This person is on no list of the programme. Choose another."),
    "claim_person_registered": _l(
        "This person has a registration for the same meetup already. If both are one person, refuse the list check."
    ),
    "claim_person_listed": _l("They are on the list themselves by now. Choose them."),
    "claim_decides": _l("A list check is open for this registration. Decide it there."),
    "claim_not_invited": _l(
        "This meetup is by invitation, and this person isn't invited. Put them on their cohort's list and invite them, then decide."
    ),
    "claim_not_eligible": _l(
        "This meetup isn't for a cohort that this person completed. Choose another person."
    ),
    "address_same": _l("Your mails go to this address already."),
    "address_of_another": _l(
        "This address belongs to somebody else of this programme. Use another one, or write to the organizer."
    ),
    "objection_over": _l("The time to object is over. Write to the organizer."),
    "objection_done": _l("The change is undone already: mails go to this address again."),
    "name_not_same": _l("The name isn't the same. Type it as it stands above."),
    "address_not_erased": _l("Nobody with this address was erased, so there is nothing to allow."),
    "no_ticket_to_reissue": _l("Only a confirmed registration has a ticket."),
}
