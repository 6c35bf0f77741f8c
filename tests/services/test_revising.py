"""An edited list comes back: only what was edited changes, each by the act that the desk has for it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask, current_app
from openpyxl import load_workbook
from sqlalchemy import select

from app.blueprints.exports import columns, revising_words
from app.db import db, transaction
from app.domain.registering.registrations import Status
from app.domain.revising.comparing import FateKind
from app.domain.revising.parts import Part
from app.models import (
    AuditEntry,
    Meetup,
    OutboxMail,
    Person,
    PersonAddress,
    PersonPhone,
    Registration,
    RosterEntry,
)
from app.services.alumni.rosters import Source
from app.services.organizing import desk_notes, exports, tags
from app.services.organizing.filters import Filter
from app.services.revising.applying import Applied, apply
from app.services.revising.looking import Draft, draft
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration

KEYS = ("reference", *(part.value for part in Part), "mark")
Rows = list[dict[str, str]]


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    first, _ = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program, capacity=2)
    for name, status in (
        ("김하나", Status.CONFIRMED),
        ("박두리", Status.WAITLISTED),
        ("이세나", Status.CONFIRMED),
    ):
        person = make_alumnus(first, name)
        make_registration(meetup, person, status=status, cohort=first, phone="010-0000-1234")
    return meetup


def of(name: str) -> Registration:
    query = select(Registration).join(Person, Person.id == Registration.person_id).where(Person.name == name)
    db.session.rollback()
    return db.session.scalars(query).one()


def order(meetup: Meetup) -> exports.Order:
    with current_app.test_request_context():
        offered = columns.offered(meetup, of_lists=True)
    chosen = [offered[key] for key in KEYS]
    wanted = Filter(frozenset(Status))
    return exports.Order(meetup.id, meetup.program_id, wanted, chosen, "account:1", "a test")


def went_out(meetup: Meetup) -> Rows:
    """The rows of a file of ours, by the keys of its columns."""
    with exports.as_csv(order(meetup)) as file:
        rows = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    return [dict(zip(KEYS, row, strict=True)) for row in rows[1:]]


def row_of(rows: Rows, name: str) -> dict[str, str]:
    return next(row for row in rows if row["name"] == name)


def file_of(meetup: Meetup, rows: Rows, keys: tuple[str, ...] = KEYS) -> Source:
    with current_app.test_request_context():
        titles = revising_words.headings(meetup)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([titles[key] for key in keys])
    writer.writerows([row[key] for key in keys] for row in rows)
    return Source(out.getvalue().encode("utf-8-sig"), "edited.csv")


def words(meetup: Meetup) -> Any:
    with current_app.test_request_context():
        return revising_words.words(meetup)


def seen(meetup: Meetup, rows: Rows, keys: tuple[str, ...] = KEYS) -> Draft:
    return draft(meetup, file_of(meetup, rows, keys), words(meetup))


def brought(meetup: Meetup, rows: Rows, *, over: bool = False) -> Applied:
    return apply(meetup.id, file_of(meetup, rows), words(meetup), "account:1", "전화로 확인", over=over)


def taken_back(meetup: Meetup, done: Applied, *, over: bool = False) -> Applied:
    return apply(meetup.id, done.before, words(meetup), "account:1", "잘못 고쳤어요", over=over)


def kinds(found: Draft) -> list[FateKind]:
    return [fate.kind for fate in found.preview.fates]


def test_a_file_that_nobody_edited_changes_nothing(meetup: Meetup) -> None:
    assert kinds(seen(meetup, went_out(meetup))) == [FateKind.UNCHANGED] * 3


def test_a_workbook_comes_back_as_well(meetup: Meetup) -> None:
    with exports.as_xlsx(order(meetup)) as made:
        book = load_workbook(made)
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, 3, "김하니")
    out = io.BytesIO()
    book.save(out)

    found = draft(meetup, Source(out.getvalue(), "edited.xlsx"), words(meetup))

    assert [[(each.part, each.new) for each in fate.changes] for fate in found.preview.fates] == [
        [(Part.NAME, "김하니")],
        [],
        [],
    ]


def test_rows_and_columns_may_be_moved_and_left_out(meetup: Meetup) -> None:
    rows = went_out(meetup)[::-1][:2]
    rows[0]["phone"] = "010-0000-9999"

    found = seen(meetup, rows, ("phone", "mark", "reference"))

    assert kinds(found) == [FateKind.CHANGED, FateKind.UNCHANGED]
    assert list(found.parts) == [Part.PHONE]


def test_tags_and_notes_come_back(meetup: Meetup) -> None:
    tags.change(meetup.id, [of("김하나").id], "account:1", add=["연사", "VIP"])
    desk_notes.save(of("김하나").id, "늦게 와요", "account:1")
    rows = went_out(meetup)
    row_of(rows, "김하나").update(tags="VIP, 사진", note="")
    row_of(rows, "이세나").update(tags="사진", note="=1+1")

    brought(meetup, rows)

    one, other = of("김하나").id, of("이세나").id
    assert tags.of_registrations([one, other]) == {one: ["VIP", "사진"], other: ["사진"]}
    assert desk_notes.of_registrations([one, other]) == {one: "", other: "=1+1"}


def test_a_status_does_what_the_desk_does_and_tells_the_person(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "이세나")["status"] = "Cancelled"

    done = brought(meetup, rows)

    assert (done.rows, of("이세나").status, of("박두리").status) == (1, Status.DECLINED, Status.CONFIRMED)
    kinds_of_mail = set(db.session.scalars(select(OutboxMail.kind)))
    assert {"registration_declined", "registration_promoted"} <= kinds_of_mail


def test_a_status_that_the_seats_refuse_is_told_and_the_rest_of_the_file_counts(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "박두리").update(status="Confirmed", phone="010-0000-9999")

    done = brought(meetup, rows)

    assert [(each.parts, each.refusal.code) for each in done.refused] == [((Part.STATUS,), "no_free_seat")]
    assert (of("박두리").status, of("박두리").phone) == (Status.WAITLISTED, "010-0000-9999")


def test_a_corrected_name_stands_on_the_roster_and_in_the_search(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나").update(name="김하니", certificate="0012")

    brought(meetup, rows)

    person = of("김하니").person
    entry = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one()
    assert (entry.name, entry.certificate) == ("김하니", "0012")
    assert "하니" in person.search_key


def test_another_cohort_takes_the_entry_along(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나")["cohort"] = "2기"
    row_of(rows, "이세나")["cohort"] = "9기"

    found = seen(meetup, rows)
    brought(meetup, rows)

    row = of("김하나")
    entry = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == row.person_id)).one()
    assert row.cohort is not None
    assert (row.cohort.ordinal, entry.cohort_id) == (2, row.cohort_id)
    assert [fault.code for fate in found.preview.fates for fault in fate.faults] == ["unknown_cohort"]


def test_a_corrected_address_is_one_more_of_theirs_and_gets_the_ticket(meetup: Meetup) -> None:
    rows = went_out(meetup)
    revision = of("김하나").link_revision
    row_of(rows, "김하나")["address"] = "hana-new@example.com"

    brought(meetup, rows)

    row = of("김하나")
    theirs = db.session.scalars(select(PersonAddress.address).where(PersonAddress.person_id == row.person_id))
    assert (row.address, row.link_revision > revision) == ("hana-new@example.com", True)
    assert "hana-new@example.com" in set(theirs)
    assert "hana-new@example.com" in set(db.session.scalars(select(OutboxMail.address)))


def test_somebody_elses_address_is_refused(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나")["address"] = of("이세나").address

    done = brought(meetup, rows)

    assert [each.refusal.code for each in done.refused] == ["address_taken"]


def test_what_somebody_changed_here_meanwhile_stays_unless_told_otherwise(meetup: Meetup) -> None:
    rows = went_out(meetup)
    for number, phone in ((of("김하나").id, "010-0000-5555"), (of("이세나").id, "010-0000-6666")):
        with transaction() as session:
            session.get_one(Registration, number).phone = phone
    row_of(rows, "김하나")["phone"] = "010-0000-9999"

    assert sorted(kinds(seen(meetup, rows))) == ["conflict", "unchanged", "unchanged"]
    brought(meetup, rows)
    assert of("김하나").phone == "010-0000-5555"
    brought(meetup, rows, over=True)
    assert (of("김하나").phone, of("이세나").phone) == ("010-0000-9999", "010-0000-6666")


def test_twice_is_harmless(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나").update(name="김하니", tags="VIP", status="Cancelled")

    first, second = brought(meetup, rows), brought(meetup, rows)

    assert (first.rows, second.rows, len(second.refused)) == (1, 0, 0)


def test_it_can_be_taken_back_but_for_statuses(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나").update(name="김하니", tags="VIP", note="메모")
    row_of(rows, "박두리").update(phone="010-0000-9999", status="Cancelled")
    done = brought(meetup, rows)

    taken_back(meetup, done)

    row = of("김하나")
    assert (tags.of_registrations([row.id]), desk_notes.of_registrations([row.id])) == ({}, {row.id: ""})
    assert (of("박두리").phone, of("박두리").status) == ("010-0000-1234", Status.DECLINED)


def test_the_trail_says_what_was_corrected_and_not_to_what(meetup: Meetup) -> None:
    rows = went_out(meetup)
    row_of(rows, "김하나")["name"] = "김하니"

    brought(meetup, rows)

    entries = {entry.act: entry for entry in db.session.scalars(select(AuditEntry))}
    assert entries["registration.corrected"].details["parts"] == ["name"]
    assert entries["attendees.revised"].details["rows"] == 1
    assert "김하니" not in str([entry.details for entry in entries.values()])


def test_another_meetups_rows_are_nobody_here(meetup: Meetup) -> None:
    other = make_meetup(cohorts=list(meetup.cohorts))
    make_registration(other, make_alumnus(meetup.cohorts[0], "남의집"))
    rows = went_out(other)
    rows[0]["name"] = "남의것"

    found = seen(meetup, rows)

    assert [fault.code for fault in found.preview.fates[0].faults] == ["row_of_nobody"]


def test_both_languages_are_read(meetup: Meetup) -> None:
    said = words(meetup)

    assert {"status", "상태"} <= set(said.parts)
    assert {"confirmed", "확정"} <= set(said.states)


def only_listed(name: str, number: str) -> None:
    """The roster knows a phone of theirs; the meetup was given none."""
    digits = "".join(filter(str.isdigit, number))
    found = of(name).id
    with transaction() as session:
        row = session.get_one(Registration, found)
        row.phone = None
        known = PersonPhone(person_id=row.person_id, number=number, digits=digits, last_four=digits[-4:])
        session.add(known)


def test_a_phone_that_only_the_roster_knows_goes_out_and_comes_back_unchanged(meetup: Meetup) -> None:
    only_listed("김하나", "010-1111-2222")
    rows = went_out(meetup)

    assert row_of(rows, "김하나")["phone"] == "'010-1111-2222"
    assert kinds(seen(meetup, rows)) == [FateKind.UNCHANGED] * 3
    assert kinds(seen(meetup, rows, ("reference", "phone"))) == [FateKind.UNCHANGED] * 3


def test_a_phone_written_over_the_rosters_can_be_taken_back(meetup: Meetup) -> None:
    only_listed("김하나", "010-1111-2222")
    rows = went_out(meetup)
    row_of(rows, "김하나")["phone"] = "010-9999-9999"

    done = brought(meetup, rows)
    given = of("김하나").phone
    back = taken_back(meetup, done)

    assert (done.rows, given, back.rows, of("김하나").phone) == (1, "010-9999-9999", 1, None)
