"""Sentences for the reason codes of exports."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "file_not_ready": _l("The file is not ready yet."),
    "file_gone": _l("The file is no longer there. Ask for it again."),
    "nothing_to_mail": _l("There is no seat and no place in line to write about."),
    "tag_too_long": _l("A tag has at most %(limit)s characters. Part several with commas."),
    "too_many_tags": _l("Nobody can have more than %(limit)s tags. Remove some first."),
    "too_many_views": _l("You keep %(limit)s views already. Remove one first."),
    "people_changed": _l(
        "The list has changed meanwhile, and nothing was done. Please look again whom it concerns."
    ),
    "seats_changed": _l(
        "A seat was taken meanwhile, so none of them got one. Please look again whom it concerns."
    ),
    "too_many_at_once": _l(
        "That is more than %(limit)s people at once. Narrow the list with a filter and go on in parts."
    ),
    "note_changed": _l(
        "Somebody else changed this note while you wrote. Theirs stands below yours; put the two together and save again."
    ),
    "mail_on_its_way": _l("That mail is already on its way."),
    "address_taken": _l("This address belongs to somebody else of this programme. Look for them first."),
    "join_same_cohort": _l(
        "Both stand on the list of cohort %(ordinal)s. Two alumni of one cohort can share a name. If they are one all the same, take one of them off the list in the file and import it again."
    ),
    "join_same_cohort_once": _l(
        "Both stood on the list of cohort %(ordinal)s. Two alumni of one cohort can share a name: say that you know these two to be one."
    ),
    "join_both_in": _l(
        "Both came in at the same meetup, so they can't be one. Undo the wrong check-in first."
    ),
    "join_list_check": _l("One of them waits for a list check. Decide that: linking it joins them, too."),
    "no_such_person": _l("This person is no longer there."),
    "no_such_address": _l("This address is no longer there."),
    "last_address": _l("This is their only address. Add another one first."),
    "address_on_roster": _l("A roster lists this person by this address, so it stays."),
    "no_reference_column": _l(
        "No row of this file has a column “Registration number”, by which we know the rows. Export the list anew and edit that."
    ),
    "nothing_to_revise": _l("This file has none of the columns that can be brought back."),
    "row_without_number": _l("No registration number."),
    "row_of_nobody": _l("This meetup has no registration of this number."),
    "row_twice": _l("The same registration stands in row %(first_row)s already."),
    "row_of_erased": _l("This person was erased. Nothing is kept of them any more."),
    "unknown_state": _l("We know no such status."),
    "state_not_by_file": _l("Their status can't become this by a file. See what their page offers."),
    "state_changed_meanwhile": _l("Their status has changed meanwhile. Look at the preview again."),
    "place_settled_meanwhile": _l("Their status has changed meanwhile, so nothing was done. It stands here."),
    "cell_changed_meanwhile": _l("Somebody has just changed this here. Look at the preview again."),
    "contact_changed_meanwhile": _l(
        "Somebody has just changed this here. The fields have what stands now, and what you typed."
    ),
    "preview_changed": _l(
        "Something has changed since you looked, so nothing is brought in yet. This is what would change now."
    ),
    "being_brought_in": _l("This file is being brought in at this moment. Look again in a minute."),
    "too_many_rows_at_once": _l(
        "%(number)s rows would change, and one file may change %(limit)s. Split the file and bring in its parts one by one."
    ),
    "address_proved_since": _l(
        "Somebody has shown since that this mailbox is theirs. Look at the person's page and decide there."
    ),
    "cohort_may_not_come": _l(
        "Cohort %(ordinal)s may not come to this meetup. Let it, then bring the file in again."
    ),
    "cohort_has_address": _l("The list of cohort %(ordinal)s has another person under their address."),
    "not_on_roster": _l("They are on no list that could say this."),
    "import_stands": _l("This import can't be taken back any more. Cancel single places where you have to."),
    "no_host_list": _l("There is no comparison to take back."),
    "too_many_column_sets": _l(
        "More than %(limit)s sets of columns nobody can tell apart. Delete one first."
    ),
    "column_set_name_taken": _l("Another set has this name already."),
    "no_such_column_set": _l("This set of columns is no longer there."),
}
