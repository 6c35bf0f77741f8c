"""An edited list that was brought in is taken back: all that it touched, and nothing else."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.revising.way_back import load
from app.models import AddressProof, Cohort, Meetup, Person, PersonAddress, Registration, RosterEntry
from app.services.revising.applying import Applied, apply
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_program,
    make_registration,
)
from tests.services.test_revising import brought, file_of, row_of, seen, taken_back, went_out, words

STRANGER = "stranger@example.com"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    first, _ = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program, capacity=9)
    make_registration(meetup, make_alumnus(first, "김하나"), cohort=first)
    return meetup


def theirs(meetup: Meetup) -> Registration:
    db.session.rollback()
    return db.session.scalars(select(Registration).where(Registration.meetup_id == meetup.id)).one()


def entries(person_id: int) -> list[tuple[int, str, str | None]]:
    """Of which cohort, under which name, with which number."""
    query = select(Cohort.ordinal, RosterEntry.name, RosterEntry.certificate).join(Cohort)
    rows = db.session.execute(query.where(RosterEntry.person_id == person_id).order_by(Cohort.ordinal))
    return [(ordinal, name, number) for ordinal, name, number in rows]


def addresses(person_id: int) -> set[str]:
    query = select(PersonAddress.address).where(PersonAddress.person_id == person_id)
    return set(db.session.scalars(query))


def edited(meetup: Meetup, **cells: str) -> Applied:
    rows = went_out(meetup)
    rows[0].update(cells)
    return brought(meetup, rows)


def proof(meetup: Meetup, person_id: int, *, proved: bool) -> None:
    with transaction() as session:
        session.add(
            AddressProof(
                uid=f"proof-{proved}",
                meetup_id=meetup.id,
                address=STRANGER,
                address_key=STRANGER,
                locale="ko",
                person_id=person_id,
                proved_at=now() if proved else None,
            )
        )


def somebody_changes_the_phone(meetup: Meetup) -> None:
    number = theirs(meetup).id
    with transaction() as session:
        session.get_one(Registration, number).phone = "010-0000-5555"


def test_what_was_empty_is_empty_again(meetup: Meetup) -> None:
    done = edited(meetup, phone="010-0000-9999", certificate="0012")

    taken_back(meetup, done)

    row = theirs(meetup)
    assert (row.phone, entries(row.person_id)) == (None, [(1, "김하나", None)])


def test_an_address_that_came_by_mistake_is_theirs_no_more(meetup: Meetup) -> None:
    before = theirs(meetup).address
    done = edited(meetup, address=STRANGER)
    proof(meetup, theirs(meetup).person_id, proved=False)

    taken_back(meetup, done)

    row = theirs(meetup)
    assert (row.address, addresses(row.person_id)) == (before, {before})
    assert db.session.scalars(select(AddressProof)).all() == []


def test_an_address_that_they_had_before_stays_theirs(meetup: Meetup) -> None:
    row, other = theirs(meetup), "hana-other@example.com"
    with transaction() as session:
        session.add(
            PersonAddress(
                program_id=meetup.program_id, person_id=row.person_id, address=other, address_key=other
            )
        )

    taken_back(meetup, edited(meetup, address=other))

    assert addresses(row.person_id) == {theirs(meetup).address, other}


def test_an_address_that_was_proved_since_stays_and_the_rest_goes_back(meetup: Meetup) -> None:
    done = edited(meetup, address=STRANGER, phone="010-0000-9999")
    proof(meetup, theirs(meetup).person_id, proved=True)

    back = taken_back(meetup, done)

    row = theirs(meetup)
    assert [each.refusal.code for each in back.refused] == ["address_proved_since"]
    assert (row.address, row.phone) == (STRANGER, None)


def test_a_list_that_had_the_name_before_keeps_it(app: Flask) -> None:
    program = make_program()
    first, second = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program)
    person = make_alumnus(first, "김하나B")
    make_entry(second, person)
    with transaction() as session:
        of_second = RosterEntry.cohort_id == second.id
        session.scalars(select(RosterEntry).where(of_second)).one().name = "김하나"
        session.get_one(Person, person.id).name = "김하나"
    make_registration(meetup, person, cohort=second)
    done = edited(meetup, name="김하나B")
    assert [name for _, name, _ in entries(person.id)] == ["김하나B", "김하나B"]

    taken_back(meetup, done)

    assert [name for _, name, _ in entries(person.id)] == ["김하나B", "김하나"]
    assert db.session.get_one(Person, person.id).name == "김하나"


def test_an_entry_that_moved_with_its_number_moves_back(meetup: Meetup) -> None:
    done = edited(meetup, cohort="2기", certificate="77")
    assert entries(theirs(meetup).person_id) == [(2, "김하나", "77")]

    taken_back(meetup, done)

    row = theirs(meetup)
    assert row.cohort is not None
    assert (row.cohort.ordinal, entries(row.person_id)) == (1, [(1, "김하나", None)])


def test_what_somebody_changed_since_stays_unless_told_otherwise(meetup: Meetup) -> None:
    done = edited(meetup, phone="010-0000-9999")
    somebody_changes_the_phone(meetup)

    assert taken_back(meetup, done).rows == 0
    assert theirs(meetup).phone == "010-0000-5555"
    assert taken_back(meetup, done, over=True).rows == 1
    assert theirs(meetup).phone is None


def test_what_was_refused_is_not_taken_back(meetup: Meetup) -> None:
    other = make_registration(meetup, make_alumnus(meetup.cohorts[0], "박두리"))
    rows = went_out(meetup)
    row_of(rows, "김하나").update(address=other.address, tags="VIP")

    done = brought(meetup, rows)

    assert [list(row.cells) for row in done.before.rows] == [["tags"]]


def test_it_is_kept_before_anything_changes_and_reads_back_as_it_was(meetup: Meetup) -> None:
    rows, kept = went_out(meetup), []
    rows[0]["phone"] = "010-0000-9999"

    apply(
        meetup.id,
        file_of(meetup, rows),
        words(meetup),
        "account:1",
        "전화로 확인",
        keep=lambda before: kept.append((theirs(meetup).phone, before)),
    )

    ((phone, before),) = kept
    assert phone is None
    assert load(before.data) == before


def test_more_rows_than_one_press_can_change_are_refused(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.revising.applying.AT_ONCE", 0)

    with pytest.raises(DomainError, match="too_many_rows_at_once"):
        edited(meetup, phone="010-0000-9999")

    assert theirs(meetup).phone is None


def test_what_nobody_saw_is_not_overwritten(meetup: Meetup) -> None:
    rows = went_out(meetup)
    rows[0]["phone"] = "010-0000-9999"
    shown = seen(meetup, rows).preview.digest
    somebody_changes_the_phone(meetup)

    with pytest.raises(DomainError, match="preview_changed"):
        apply(
            meetup.id, file_of(meetup, rows), words(meetup), "account:1", "전화로 확인", over=True, seen=shown
        )

    assert theirs(meetup).phone == "010-0000-5555"
