"""Out, through LibreOffice, and back: only what was edited there changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.blueprints.exports import columns, revising_words
from app.db import db
from app.domain.revising.parts import Part, plain
from app.domain.writing.names import clean_name
from app.models import Meetup, Person, Registration
from app.services.alumni.rosters import Source
from app.services.organizing import desk_notes, exports, tags
from app.services.organizing.filters import Filter
from app.services.revising.applying import apply
from app.services.revising.looking import draft, present
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration
from tests.support import office
from tests.support.nasty import nasty_texts

PEOPLE = 200
KEYS = ("reference", "registered_at", *(part.value for part in Part), "mark")
WAYS = [("xlsx", "xlsx"), ("csv", "csv"), ("xlsx", "csv"), ("csv", "xlsx")]


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    cohort = make_cohort(program, 1)
    meetup = make_meetup(program, capacity=PEOPLE)
    texts = iter(nasty_texts(10 * PEOPLE))
    for number in range(PEOPLE):
        name = next(name for text in texts if (name := clean_name(text)[:100].strip()))
        person = make_alumnus(cohort, name)
        row = make_registration(meetup, person, cohort=cohort, phone=f"+82 10-0000-{number:04d}")
        desk_notes.save(row.id, plain(next(texts)), "account:1")
        if number % 3 == 0:
            tags.change(meetup.id, [row.id], "account:1", add=[("007", "3-1", "=1+1")[number % 9 // 3]])
    return meetup


def references(meetup: Meetup) -> list[str]:
    query = select(Registration.reference).where(Registration.meetup_id == meetup.id)
    return list(db.session.scalars(query.order_by(Registration.id)))


def exported(meetup: Meetup, kind: str, path: Path) -> dict[str, str]:
    """The headings of the file by their keys."""
    with current_app.test_request_context():
        offered = columns.offered(meetup, of_lists=True)
    chosen = [offered[key] for key in KEYS]
    order = exports.Order(meetup.id, meetup.program_id, Filter(), chosen, "account:1", "a test")
    with (exports.as_csv if kind == "csv" else exports.as_xlsx)(order) as made:
        path.write_bytes(made.read())
    return {column.key: column.heading for column in chosen}


@pytest.mark.parametrize(("opened", "saved"), WAYS)
def test_three_cells_edited_in_libreoffice_are_all_that_changes(
    meetup: Meetup, tmp_path: Path, opened: str, saved: str
) -> None:
    source, target = tmp_path / f"went-out.{opened}", tmp_path / f"came-back.{saved}"
    titles = exported(meetup, opened, source)
    one, two, three = references(meetup)[5:8]
    before = present(meetup.id, references(meetup))
    typed: dict[tuple[str, Part], str] = {
        (one, Part.NAME): "김하니",
        (two, Part.PHONE): "010-0000-9999",
        (three, Part.NOTE): "늦게 와요\n뒷문으로",
    }

    office.edit(source, target, {(row, titles[part]): text for (row, part), text in typed.items()})
    with current_app.test_request_context():
        words: Any = revising_words.words(meetup)
    file = Source(target.read_bytes(), target.name)
    seen = draft(meetup, file, words)
    apply(meetup.id, file, words, "account:1", "a test")

    fates = [fate for fate in seen.preview.fates if fate.changes or fate.conflicts or fate.faults]
    changes = {(fate.line.reference, each.part): each.new for fate in fates for each in fate.changes}
    assert (changes, [fate for fate in fates if fate.conflicts or fate.faults]) == (typed, [])
    db.session.rollback()
    after = present(meetup.id, references(meetup))
    expected = {
        row: dict(who.values) | {part: text for (each, part), text in typed.items() if each == row}
        for row, who in before.items()
    }
    assert {row: dict(who.values) for row, who in after.items()} == expected
    assert db.session.scalars(select(Person.name).where(Person.name == "김하니")).one()
