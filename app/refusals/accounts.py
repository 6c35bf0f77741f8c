"""Sentences for the reason codes of accounts, programmes and cohorts."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "bad_address": _l("This doesn't look like an e-mail address. Check it for typos."),
    "too_many_asks": _l("Too many links were asked for from this connection. Try again in an hour."),
    "no_such_account": _l("There is no account with this address."),
    "sign_in_link_unknown": _l("This sign-in link isn't one of ours. It may have been cut off on the way."),
    "sign_in_link_used": _l("This sign-in link was used already. Each link works once."),
    "sign_in_link_expired": _l("This sign-in link is too old."),
    "passkey_too_late": _l("That took too long, or was sent twice. Try again."),
    "passkey_refused": _l("That passkey was not accepted. Try again."),
    "passkey_unknown": _l("This passkey belongs to no account here, or was deleted. Sign in by mail."),
    "passkey_known": _l("That passkey is in use already."),
    "passkey_to_prove": _l("Confirm with one of your passkeys first."),
    "passkey_first": _l("Add your own passkey first, or confirm with it at your account."),
    "passkeys_impossible": _l("This server's address has no HTTPS, so browsers give it no passkeys."),
    "too_many_passkeys": _l("At most %(limit)s passkeys. Delete one first."),
    "no_such_passkey": _l("There is no such passkey any more."),
    "no_such_program": _l("There is no such programme."),
    "no_such_session": _l("That browser is signed out already."),
    "already_member": _l("This address belongs to a member already. Change their role in the list instead."),
    "already_invited": _l("This address has an open invitation. Send it again or withdraw it below."),
    "too_many_mails": _l("This address got many mails from us within the hour. Try again later."),
    "no_such_invitation": _l("There is no such invitation any more."),
    "invitation_over": _l("This invitation was accepted or withdrawn already."),
    "invitation_unknown": _l("This invitation link isn't one of ours. It may have been cut off on the way."),
    "invitation_withdrawn": _l("This invitation was withdrawn. Ask an owner of the programme for a new one."),
    "invitation_used": _l("This invitation was accepted already. Sign in with your address instead."),
    "invitation_expired": _l("This invitation is too old. Ask an owner of the programme to send it again."),
    "no_such_member": _l("This person is no longer a member."),
    "no_longer_owner": _l("You no longer own this programme, so nothing was changed."),
    "no_longer_organizer": _l("You no longer organize this programme, so nothing was changed."),
    "role_of_programs": _l("One meetup has no owner: choose organizer, door staff or viewer."),
    "may_already": _l("This address may do that already, in the whole programme."),
    "last_owner": _l(
        "A programme needs an owner, and this is the last one. Make someone else an owner first."
    ),
    "own_rights": _l(
        "These are your own rights. Somebody else who runs this installation can take them away."
    ),
    "mail_host_unusable": _l(
        "Write the mail server's name alone, such as smtp.example.com, and its port as a number."
    ),
    "mail_password_unusable": _l(
        "User name and password can hold only the letters, digits and signs of a plain keyboard: no Hangul."
    ),
    "mail_sender_unusable": _l(
        "Write an address, or a name and an address: ML Bootcamp <meetup@example.com>."
    ),
    "mail_server_refused": _l("The mail server did not let us in, so nothing was changed. It said:"),
    "backup_unreadable": _l("This file is no backup of Dongmun, or a part of it is missing."),
    "backup_damaged": _l("This backup is damaged: what it holds isn't what was written. Take another one."),
    "backup_other_keys": _l(
        "This backup is of another installation, with other keys. Whoever runs the server can move it: flask backup keys."
    ),
    "backup_other_schema": _l(
        "This backup is of another version of Dongmun. Run the version that made it, restore, then upgrade."
    ),
    "backup_other_past": _l(
        "The records in this backup aren't the beginning of the records here, and would take their place. On a new server whoever runs it can restore it: flask backup restore."
    ),
    "backup_of_another": _l("Only who made a backup can download it."),
    "backup_taken": _l("This backup was downloaded already. Make another one."),
    "backup_busy": _l("Another backup is being made or put back. Wait until that is done."),
    "backup_failed": _l("That didn't work, and nothing was changed. The server's log says why."),
    "not_a_founder": _l("Your account may not create programmes. Ask whoever runs this installation."),
    "name_missing": _l("Give it a name in Korean, in English or in both."),
    "bad_contact_address": _l("The contact address doesn't look like an e-mail address. Check it for typos."),
    "bad_program_slug": _l(
        "Use small Latin letters, digits and single hyphens, at most 64, as in ml-bootcamp."
    ),
    "program_slug_taken": _l("This web address is taken. Choose another one."),
    "cohorts_backwards": _l("The last cohort comes before the first. Swap the two."),
    "too_many_cohorts": _l("Add at most %(limit)s cohorts at once."),
    "cohorts_exist": _l("The programme has all of these cohorts already."),
    "ordinal_taken": _l("The programme has a cohort with number %(ordinal)s already."),
    "cohort_not_empty": _l(
        "Roster entries, imports, meetups or registrations hang on this cohort, so it cannot be deleted."
    ),
    "no_such_cohort": _l("There is no such cohort any more."),
}
