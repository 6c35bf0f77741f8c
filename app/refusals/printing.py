"""Sentences for the reason codes of what is printed."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "page_size": _l("A page has %(least)s to %(most)s mm on each side."),
    "label_too_small": _l(
        "A label needs at least %(width)s × %(height)s mm. One that folds needs twice the height."
    ),
    "too_many_labels": _l("A page has 1 to %(limit)s labels in a row and in a column."),
    "labels_beyond_the_page": _l("These labels reach beyond the page. Check margins, gaps and numbers."),
}
