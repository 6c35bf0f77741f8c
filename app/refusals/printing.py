"""Sentences for the reason codes of what is printed."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "badge_design_unknown": _l("Choose from what the page offers."),
    "badge_measures": _l("Write all measures in millimetres, such as 90 or 99.1."),
    "badge_start": _l("Write how many labels of the first sheet are used up: a number up to %(most)s."),
    "no_badges_to_print": _l("There is no badge to print for these."),
    "too_many_badges": _l("At most %(limit)s badges at once. Choose a cohort."),
    "no_such_badge": _l("This badge is not on the list any more."),
    "too_many_extra_badges": _l("At most %(most)s badges without a registration."),
    "badges_after_destruction": _l(
        "The personal data of this meetup was destroyed when its time was over. No name is added any more."
    ),
    "page_size": _l("A page has %(least)s to %(most)s mm on each side."),
    "label_too_small": _l(
        "A label needs at least %(width)s × %(height)s mm. One that folds needs twice the height."
    ),
    "too_many_labels": _l("A page has 1 to %(limit)s labels in a row and in a column."),
    "labels_beyond_the_page": _l("These labels reach beyond the page. Check margins, gaps and numbers."),
    "no_certificates": _l(
        "Nobody like that has earned one: they came in by the door, and the meetup is over."
    ),
    "name_not_printable": _l(
        "Your name has signs that our type lacks (%(signs)s). Please ask the office: they write it by hand."
    ),
    "nobody_on_list": _l("None of those whom the filter finds would stand on it. Take a filter off."),
    "list_too_long": _l("A file takes %(limit)s people at most. Choose some cohorts."),
}
