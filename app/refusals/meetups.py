"""Sentences for the reason codes of meetups."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "move_unannounced": _l("Say what people are told of the new time or place, then save it."),
    "nothing_to_reconfirm": _l("There is no question about a change of this meetup at the moment."),
    "nobody_to_let_in": _l(
        "Nobody of those needs it: tick people whom no mail can be sent, at a meetup by invitation."
    ),
    "meetup_invitation_gone": _l("This invitation was taken back already."),
    "too_many_to_invite": _l("More than %(most)s at once. Invite whole cohorts, or filter the list."),
    "nobody_to_invite": _l("Nobody of those is left to invite. Look at the list again."),
    "nobody_to_remind": _l(
        "There is nobody to remind at the moment: those who said nothing had a mail within the last day."
    ),
    "words_too_long": _l("Write at most %(most)s characters."),
    "unknown_mail_field": _l(
        "There is no field %(field)s. Take one of those listed, or leave the braces out."
    ),
    "mail_text_too_long": _l("This is too long: %(length)s characters of at most %(longest)s."),
    "offer_hours_unusable": _l("Write whole hours, from 1 to %(most)s."),
    "still_coming_unusable": _l("Write whole hours, from 1 to %(most)s."),
    "release_without_question": _l("Seats are released after the question only: let the meetup ask, too."),
    "release_too_soon": _l(
        "People need %(hours)s hours to answer, and are asked %(asks)s hours before the start. Write fewer hours, or ask earlier."
    ),
    "release_past_last_call": _l(
        "The last call is %(last)s hours before the start: a seat released then would stay empty. Write more hours."
    ),
    "last_call_unusable": _l("Write whole hours, from 0 to %(most)s, or leave it empty."),
    # what is typed
    "meetup_unusable": _l("Some parts need another look. Nothing is saved yet."),
    "meetup_untitled": _l("Write a title, in Korean or in English."),
    "no_such_talk": _l(
        "The programme was changed meanwhile, so nothing was announced or hidden. Look again."
    ),
    "bad_local_time": _l("Choose a date and a time, or leave it empty."),
    "talk_untitled": _l("Write what this is, in Korean or in English, or empty the row."),
    "time_missing": _l("Choose a date and a time."),
    "bad_year": _l("Choose a year between %(first)s and %(last)s."),
    "bad_clock": _l("Write the time as hours and minutes, such as 18:30."),
    "unknown_zone": _l("We don't know this time zone. Choose one from the list."),
    "nonexistent_time": _l(
        "The clocks are put forward then, so there is no such time (%(time)s, %(zone)s). Choose another one."
    ),
    "ambiguous_time": _l(
        "%(time)s comes twice in %(zone)s, since the clocks are put back then. Say which of the two is meant."
    ),
    "ends_before_start": _l("The end is not after the start. Check both dates and times."),
    "window_ends_before_start": _l("Registration closes before it opens. Check both."),
    "window_opens_too_late": _l("Registration opens after the meetup has ended. Choose an earlier time."),
    "bad_link": _l("Write a full web address that begins with https:// or http://."),
    "bad_slug": _l("Use small letters a to z, digits and single hyphens, 60 at most."),
    "slug_taken": _l("Another meetup has the address “%(slug)s” already. Choose another."),
    "published_needs_place": _l("People can see this meetup: keep a place, or a link for joining online."),
    "published_needs_seats": _l("People can see this meetup: keep at least one seat."),
    "published_needs_cohorts": _l("People can see this meetup: keep at least one cohort that may come."),
    "published_needs_contact": _l("People can see this meetup: keep a contact address for questions."),
    "meetup_changed": _l(
        "Somebody else saved this meetup while you were editing, so yours is not saved yet. "
        "All you typed is still here. Compare it with the current version, then save again to replace theirs."
    ),
    # pictures
    "not_an_image": _l("This file isn't a picture that we can read. Choose a JPEG, PNG or WebP."),
    "image_broken": _l("This picture is damaged or cut off. Save it again or choose another."),
    "image_too_large": _l(
        "This picture has too many pixels: %(megapixels)d megapixels at most. Make it smaller first."
    ),
    "image_too_heavy": _l("This picture is too heavy: %(megabytes)d MB at most. Make it smaller first."),
    # states
    "meetup_incomplete": _l("Not published yet: something that people need is missing."),
    "keeps_longer_than_told": _l(
        "This meetup is over. A later end would keep people's data for longer than they were told."
    ),
    "already_over": _l("This meetup would be over already: check the date and the year."),
    "lacks_title": _l("A title, in Korean or in English"),
    "lacks_place": _l("A place, or a link for joining online"),
    "lacks_capacity": _l("At least one seat"),
    "lacks_cohorts": _l("At least one cohort that may come"),
    "lacks_contact": _l("A contact address for questions"),
    "lacks_notice": _l("A notice on personal data: what for, which data, how long, and the right to refuse"),
    "not_a_draft": _l("This meetup was published before. Reopen its registration instead."),
    "draft_not_closed": _l("This meetup isn't published yet, so there is no registration to change."),
    "draft_not_called_off": _l("This meetup isn't published yet, so there is nothing to call off."),
    "called_off_too_late": _l(
        "Somebody has come in, so this meetup can't be called off any more. "
        "If that was a slip, take their check-in back first."
    ),
    "called_off_when_over": _l("This meetup is over, so it can't be called off any more."),
    "called_off_not_published": _l("This meetup is called off, and that can't be taken back. Make a copy."),
    "called_off_not_closed": _l("This meetup is called off, and that can't be taken back. Make a copy."),
    # why nobody can register
    "meetup_unpublished": _l("This meetup isn't open to the public yet."),
    "meetup_called_off": _l("This meetup has been called off."),
    "meetup_over": _l("This meetup is over."),
    "registration_closed": _l("Registration is closed."),
    "registration_not_yet": _l("Registration hasn't opened yet."),
}
