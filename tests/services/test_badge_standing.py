"""Which printed badges hold: one on which something else stands by now is new again, and no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.clock import now
from app.db import connection_of, db, end_reading, transaction
from app.domain.introductions import Introduction
from app.domain.printing.designs import Design, ExtraKind, Part
from app.domain.seating.pools import GuestRole
from app.domain.seating.tables import Seating
from app.models import Meetup, PrintedBadge, Registration, ReservedSeat
from app.services.meeting import introductions, tables
from app.services.organizing import desk_notes, tags
from app.services.printing import badge_designs, badge_prints, badge_standing, extra_badges
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.printing.extra_badges import Typed
from app.services.registering import consents
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_notice,
    make_program,
    make_registration,
)
from tests.support.counting import statements

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"
Act = Callable[[Registration], Any]


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)])
    make_notice(meetup, consents=(make_consent("photos"),))
    introductions.allow(meetup.id, True, ACTOR)
    return meetup


def place(meetup: Meetup, name: str, **fields: Any) -> Registration:
    of = meetup.cohorts[0]
    row = make_registration(meetup, make_alumnus(of, name), cohort=of, **fields)
    consent(row, True)
    return row


def consent(row: Registration, given: bool) -> None:
    with transaction() as session:
        boxes = {"photos": given}
        consents.record(connection_of(session), row.id, boxes, notice_version=1, at=now(), actor="person")


def change(row: Any, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(type(row)).where(type(row).id == row.id).values(**values))


def note(row: Registration, words: str) -> None:
    with transaction() as session:
        desk_notes.write(session, row.id, words, ACTOR)


def card(row: Registration, affiliation: str) -> None:
    introductions.write(row.id, Introduction(nickname="", affiliation=affiliation), on_badge=True)


def reserve(row: Registration) -> None:
    with transaction() as session:
        session.add(
            ReservedSeat(
                meetup_id=row.meetup_id, person_id=row.person_id, role=GuestRole.SPEAKER, actor=ACTOR
            )
        )


def sit(row: Registration) -> None:
    tables.lay(row.meetup_id, tables.Wanted("4", Seating.MIX), ACTOR)
    tables.publish(row.meetup_id, True, ACTOR)


def new(meetup: Meetup) -> int:
    end_reading()
    return badge_prints.numbers(meetup.id, badge_designs.of_meetup(meetup.id))[1]


def badges_of(made: Any) -> list[tuple[int, int]]:
    return badge_prints.printed_pieces(made, 0, 100)


WHOLE: dict[str, Act] = {
    "a name that was corrected": lambda row: change(row.person, name="김하눌"),
    "whether pictures may be taken": lambda row: consent(row, False),
    "a table": sit,
}
OWN: dict[str, Act] = {
    "a cohort": lambda row: change(row, cohort_id=row.meetup.cohorts[1].id),
    "an affiliation": lambda row: card(row, "예시전자"),
    "a role": reserve,
}
NEITHER: dict[str, Act] = {
    "a note": lambda row: note(row, "창가"),
    "a tag that isn't printed": lambda row: tags.change(row.meetup_id, [row.id], ACTOR, add=["VIP"]),
    "a phone": lambda row: change(row, phone="010-1234-5678"),
    "the meetup's title, which is everybody's": lambda row: change(row.meetup, title_ko="가을 밋업"),
}


@pytest.mark.parametrize(
    ("act", "number"),
    [
        *(pytest.param(act, 2, id=name) for name, act in WHOLE.items()),
        *(pytest.param(act, 1, id=name) for name, act in OWN.items()),
        *(pytest.param(act, 0, id=name) for name, act in NEITHER.items()),
        pytest.param(lambda row: change(row, companion_names=["이바람"]), 1, id="a companion's name"),
    ],
)
def test_a_badge_is_new_again_when_something_else_stands_on_it(meetup: Meetup, act: Act, number: int) -> None:
    row = place(meetup, "김하늘", companions=1)
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    act(row)

    assert new(meetup) == number
    if number:
        again = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)
        assert {key for key, _companion in badges_of(again)} == {row.id}
    assert new(meetup) == 0


def test_nobody_else_is_new_and_the_finder_says_whose_badge_holds(meetup: Meetup) -> None:
    row, other = place(meetup, "김하늘"), place(meetup, "이바다")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    change(row.person, name="김하눌")
    end_reading()

    assert badge_prints.printed_of(meetup.id, [row.id, other.id]) == {other.id}
    made = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)
    assert badges_of(made) == [(row.id, 0)]


def test_what_the_design_leaves_out_makes_no_badge_new(meetup: Meetup) -> None:
    badge_designs.save(meetup.id, Design(parts=frozenset({Part.TITLE})), ACTOR)
    row = place(meetup, "김하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    for act in (*OWN.values(), WHOLE["whether pictures may be taken"], WHOLE["a table"]):
        act(row)

    assert new(meetup) == 0


def test_another_design_makes_no_printed_badge_new(meetup: Meetup) -> None:
    place(meetup, "김하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    badge_designs.save(meetup.id, Design(parts=frozenset({Part.TITLE})), ACTOR)

    assert new(meetup) == 0


def test_the_latest_badge_counts(meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    change(row.person, name="김하눌")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    change(row.person, name="김하늘")

    assert new(meetup) == 1


def test_a_badge_that_was_printed_before_anybody_kept_what_stood_on_it_holds(meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    with transaction() as session:
        session.execute(update(PrintedBadge).values(digest=None))

    change(row.person, name="김하눌")

    assert new(meetup) == 0


def test_a_badge_without_a_registration_is_new_again_when_its_line_changes(meetup: Meetup) -> None:
    helper, other = (
        extra_badges.add(meetup.id, Typed(name, "예시전자", ExtraKind.STAFF), ACTOR)
        for name in ("한도움", "나도움")
    )
    badge_prints.begin(meetup.id, Chosen(SEATED, extras=True), ACTOR)

    extra_badges.change(meetup.id, helper.id, Typed("한도움", "예시대학교", ExtraKind.STAFF), ACTOR)
    end_reading()

    assert badge_prints.printed_extras(meetup.id) == {other.id}


def test_no_name_can_be_guessed_from_what_is_kept(
    meetup: Meetup, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = place(meetup, "김하늘")
    pieces = [(row.id, 0)]
    before = badge_standing.digests(meetup.id, Design(), pieces)

    monkeypatch.setitem(app.extensions, "keys", replace(app.extensions["keys"], link=b"another"))

    assert badge_standing.digests(meetup.id, Design(), pieces) != before


def test_as_many_statements_whoever_comes(meetup: Meetup) -> None:
    def asked() -> int:
        end_reading()
        with statements() as seen:
            badge_prints.numbers(meetup.id, Design())
        return len(seen)

    place(meetup, "김하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    few = asked()
    for number in range(8):
        one = place(meetup, f"사람 {number}")
        badge_prints.begin(meetup.id, Chosen(registration=one.id), ACTOR)

    assert asked() == few


def test_what_stands_on_badges_is_read_before_seats_are_locked_and_who_was_printed_meanwhile_is_not_again(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, read, under_the_lock = place(meetup, "김하늘"), badge_standing.digests, []

    def digests(meetup_id: int, design: Design, pieces: Any) -> Any:
        found = read(meetup_id, design, pieces)
        under_the_lock.extend(pieces if db.session().info.get("writing") else [])
        if meanwhile:
            badge_prints.begin(meetup.id, meanwhile.pop(), ACTOR)
        return found

    monkeypatch.setattr(badge_standing, "digests", digests)
    meanwhile: list[Chosen] = []
    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    assert badges_of(made) == [(first.id, 0)]
    assert under_the_lock == []

    one, two = place(meetup, "이바다"), place(meetup, "최바람")
    end_reading()
    meanwhile.append(Chosen(registration=one.id))
    made = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)

    assert badges_of(made) == [(two.id, 0)]
