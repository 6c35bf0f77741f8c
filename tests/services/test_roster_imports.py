"""What an import does to the roster: the sample files, the same file again, a newer file, people."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.rosters import Field, Hints
from app.models import (
    AuditEntry,
    Cohort,
    Person,
    PersonAddress,
    PersonPhone,
    Program,
    RosterEntry,
    RosterImport,
)
from app.services.alumni import rosters
from tests.factories import make_cohort, make_program

SAMPLES = Path(__file__).parent.parent / "data/rosters"
EXPECTED = json.loads((SAMPLES / "expected.json").read_text("utf-8"))
ROSTERS = {"cohort-1-2020-cp949.csv": 1, "cohort-2-2021.xlsx": None, "cohort-3-2022-sheets.csv": None}
HEADER = "이름,이메일,수료,연락처"


def programme() -> Program:
    program = make_program()
    for ordinal, year in ((1, 2020), (2, 2021), (3, 2022)):
        make_cohort(program, ordinal, year=year)
    return program


def sample(name: str) -> rosters.Source:
    return rosters.Source((SAMPLES / name).read_bytes(), name)


def sheet(*rows: str, header: str = HEADER) -> rosters.Source:
    return rosters.Source("\n".join((header, *rows)).encode(), "roster.csv")


def load(program: Program, source: rosters.Source, cohort: int | None = 1, **hints: object) -> RosterImport:
    return rosters.apply(
        program.id,
        source,
        Hints(**hints),  # type: ignore[arg-type]
        fixed_cohort=cohort,
        actor="command",
        provenance="the office's own list",
    )


def entries(program: Program) -> dict[str, RosterEntry]:
    end_reading()
    query = select(RosterEntry).join(Cohort).where(Cohort.program_id == program.id)
    return {entry.address_key: entry for entry in db.session.scalars(query)}


def people(program: Program) -> list[str]:
    end_reading()
    return list(
        db.session.scalars(select(Person.name).where(Person.program_id == program.id).order_by(Person.id))
    )


def test_the_three_sample_rosters_give_exactly_the_expected_people(app: Flask) -> None:
    program = programme()

    for name, cohort in ROSTERS.items():
        load(program, sample(name), cohort)

    rows = db.session.execute(
        select(
            Cohort.ordinal, Cohort.year, func.count(), func.sum(func.cast(RosterEntry.completed, db.Integer))
        )
        .join(RosterEntry)
        .where(Cohort.program_id == program.id)
        .group_by(Cohort.ordinal, Cohort.year)
    )
    found = {str(n): {"year": y, "participants": p, "alumni": a} for n, y, p, a in rows}
    assert found == EXPECTED["cohorts"]
    assert len(people(program)) == EXPECTED["participants"]


def test_the_messy_file_reports_every_bad_row_with_its_number_and_reason(app: Flask) -> None:
    program = programme()

    record = load(program, sample("messy-unicode-text.txt"), None)

    expected = EXPECTED["messy-unicode-text.txt"]
    reported = [{"row": problem["row"], "reason": problem["reason"]} for problem in record.problems]
    assert (record.counts["new"], reported) == (expected["importable"], expected["problems"])


def test_form_answers_are_no_roster_and_are_asked_about(app: Flask) -> None:
    program = programme()

    seen = rosters.draft(program.id, sample("earlier-form-answers.csv"), Hints(), fixed_cohort=None)

    assert seen.preview is None
    assert "missing_completed_column" in seen.layout.questions
    with pytest.raises(DomainError, match="not_a_roster"):
        load(program, sample("earlier-form-answers.csv"), None)


def test_form_answers_import_once_somebody_says_that_all_completed(app: Flask) -> None:
    program = programme()

    record = load(program, sample("earlier-form-answers.csv"), None, completed_for_all=True)

    assert record.counts["new"] == 60


def test_importing_the_same_files_again_changes_nothing(app: Flask) -> None:
    program = programme()
    for name, cohort in ROSTERS.items():
        load(program, sample(name), cohort)
    before = {key: (e.id, e.name, e.completed, e.note) for key, e in entries(program).items()}

    records = [load(program, sample(name), cohort) for name, cohort in ROSTERS.items()]

    assert [(r.counts["new"], r.counts["changed"], r.counts["gone"]) for r in records] == [(0, 0, 0)] * 3
    assert {key: (e.id, e.name, e.completed, e.note) for key, e in entries(program).items()} == before


def test_a_newer_file_updates_who_completed_and_keeps_those_it_lacks(app: Flask) -> None:
    program = programme()
    load(program, sheet("김하나,hana@example.com,X,", "이두리,duri@example.com,O,"))

    record = load(program, sheet("김하나,HANA@example.com,O,"))

    found = entries(program)
    assert (record.counts["changed"], record.counts["gone"]) == (1, 1)
    assert found["hana@example.com"].completed
    assert found["duri@example.com"].gone_since_id == record.id


def test_an_entry_that_comes_back_is_no_longer_gone(app: Flask) -> None:
    program = programme()
    both = sheet("김하나,hana@example.com,O,", "이두리,duri@example.com,O,")
    load(program, both)
    load(program, sheet("김하나,hana@example.com,O,"))

    load(program, both)

    assert entries(program)["duri@example.com"].gone_since_id is None


def test_one_person_in_two_cohorts_is_linked_by_address_and_named_as_in_the_latest(app: Flask) -> None:
    program = programme()

    load(program, sheet("김하나,hana@example.com,O,"), 1)
    load(program, sheet("김한아,Hana@Example.com,X,"), 2)

    assert people(program) == ["김한아"]
    assert len({entry.person_id for entry in db.session.scalars(select(RosterEntry))}) == 1


def test_two_people_of_one_name_stay_two_people(app: Flask) -> None:
    program = programme()

    load(program, sheet("김하나,one@example.com,O,", "김하나,two@example.com,O,"))

    assert people(program) == ["김하나", "김하나"]


def test_a_second_address_of_a_person_updates_the_entry_they_have(app: Flask) -> None:
    program = programme()
    load(program, sheet("김하나,hana@example.com,X,"))
    person = entries(program)["hana@example.com"].person_id
    with transaction() as session:
        session.add(
            PersonAddress(
                program_id=program.id,
                person_id=person,
                address="hana@new.example",
                address_key="hana@new.example",
            )
        )

    record = load(program, sheet("김하나,hana@new.example,O,"))

    assert record.counts["changed"] == 1
    assert [(key, entry.completed) for key, entry in entries(program).items()] == [("hana@example.com", True)]


def test_two_rows_with_two_addresses_of_one_person_are_told(app: Flask) -> None:
    program = programme()
    load(program, sheet("김하나,hana@example.com,O,"))
    person = entries(program)["hana@example.com"].person_id
    with transaction() as session:
        session.add(
            PersonAddress(
                program_id=program.id,
                person_id=person,
                address="hana@new.example",
                address_key="hana@new.example",
            )
        )

    record = load(program, sheet("김하나,hana@example.com,O,", "김하나,hana@new.example,O,"))

    assert record.problems == [{"row": 3, "reason": "same_person", "params": {"first_row": 2}}]


def test_an_empty_cell_erases_nothing(app: Flask) -> None:
    program = programme()
    load(program, sheet("김하나,hana@example.com,O,010-0000-1234"))

    record = load(program, sheet("김하나,hana@example.com,O,"))

    assert record.counts["unchanged"] == 1
    assert entries(program)["hana@example.com"].phone == "010-0000-1234"


def test_a_changed_phone_is_found_by_its_last_four_digits(app: Flask) -> None:
    program = programme()
    load(program, sheet("김하나,hana@example.com,O,010-0000-1234"))

    load(program, sheet("김하나,hana@example.com,O,010-0000-9876"))

    assert set(db.session.scalars(select(PersonPhone.last_four))) == {"1234", "9876"}


def test_an_import_leaves_a_record_and_an_audit_entry_without_anybodys_name(app: Flask) -> None:
    program = programme()

    record = load(program, sheet("김하나,hana@example.com,O,", ",noname@example.com,O,"))

    entry = db.session.scalars(select(AuditEntry)).one()
    assert record.provenance == "the office's own list"
    assert record.problems == [{"row": 3, "reason": "missing_name", "params": {}}]
    assert (entry.act, entry.subject) == ("roster.imported", f"roster_import:{record.id}")
    assert "hana" not in str(entry.details)


def test_a_foreign_programmes_people_are_never_touched(app: Flask) -> None:
    ours, theirs = programme(), programme()
    load(theirs, sheet("김하나,hana@example.com,X,"))

    load(ours, sheet("김다른,hana@example.com,O,"))

    assert (people(theirs), people(ours)) == (["김하나"], ["김다른"])
    assert not entries(theirs)["hana@example.com"].completed


def test_a_hint_overrides_what_was_detected(app: Flask) -> None:
    program = programme()
    source = sheet("hana@example.com,김하나,O,", header="메모,이름,수료,이메일")

    record = load(program, source, columns={Field.ADDRESS: 0, Field.NAME: 1, Field.COMPLETED: 2})

    assert (record.counts["new"], people(program)) == (1, ["김하나"])


def test_the_same_file_applied_by_two_at_once_makes_everybody_once(app: Flask) -> None:
    program = programme()
    source, failures = sample("cohort-2-2021.xlsx"), []
    db.session.refresh(program)  # here, not by all threads at once in this one's session

    def run() -> None:
        with app.app_context():
            try:
                load(program, source, None)
            except Exception as error:  # noqa: BLE001 - reported below
                failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert len(people(program)) == EXPECTED["cohorts"]["2"]["participants"]


def test_the_number_of_statements_does_not_grow_with_the_rows(app: Flask) -> None:
    counts = [_statements(programme(), rows) for rows in (5, 400)]

    assert counts[0] == counts[1]


def _statements(program: Program, rows: int) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    source = sheet(*(f"김하나,p{n}@example.com,O,010-0000-{n:04d}" for n in range(rows)))
    db.event.listen(db.engine, "before_cursor_execute", note)
    try:
        load(program, source)
    finally:
        db.event.remove(db.engine, "before_cursor_execute", note)
    return len([s for s in seen if not s.startswith("PRAGMA")])


def test_a_whole_list_is_measured_by_who_is_on_it_now(app: Flask) -> None:
    """After a year in which many went, the corrected list of the others is no list of additions."""
    program = programme()
    rows = [f"김하나,{n}@example.com,O," for n in range(9)]
    load(program, sheet(*rows))
    load(program, sheet(*rows[6:]), whole=True)
    end_reading()

    seen = rosters.draft(program.id, sheet(*rows[6:]), Hints(whole=None), fixed_cohort=1)

    assert seen.preview
    assert seen.preview.is_whole


@pytest.mark.parametrize("whole", [True, False])
def test_the_trail_says_whether_a_file_was_the_whole_list(app: Flask, whole: bool) -> None:
    load(programme(), sheet("김하나,hana@example.com,O,"), whole=whole)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "roster.imported")).one()
    assert entry.details["whole"] is whole
