"""Sentences for the reason codes of table plans."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, LazyString] = {
    "tables_unreadable": _l(
        "Write tables and their seats, such as 8x6 for eight tables of six, or 6, 6, 10. At most %(most)s seats a table."
    ),
    "too_many_tables": _l("At most %(most)s tables."),
    "no_table_plan": _l("There is no table plan any more. Fill the tables first."),
    "no_such_seat": _l("This person has no seat at the meetup any more."),
    "no_such_table": _l("There is no such table: choose one from 1 to %(most)s."),
    "table_full": _l(
        "Table %(table)s has %(free)s free, and %(wanted)s are needed. Move somebody from there first."
    ),
}
