"""Badges: whose, by which design, and that each print is kept."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.introductions import Introduction
from app.domain.printing.designs import Design, Paper, Part
from app.domain.printing.papers import Layout
from app.domain.registering.registrations import Status
from app.domain.seating.pools import GuestRole
from app.domain.seating.tables import Seating
from app.models import AuditEntry, IntroductionCard, Meetup, PrintedBadge, Registration, ReservedSeat
from app.services.meeting import introductions, tables
from app.services.meeting.tables import Wanted
from app.services.organizing import meetups, tags
from app.services.organizing.filters import Filter
from app.services.personal import erasure
from app.services.printing import badge_designs, badge_people, badge_prints
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.registering import companions, consents, registrations, tickets
from tests.factories import (
    code_of,
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


def place(meetup: Meetup, name: str, cohort: int = 0, **fields: Any) -> Registration:
    of = meetup.cohorts[cohort]
    return make_registration(meetup, make_alumnus(of, name), cohort=of, **fields)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)])


def test_badges_come_by_cohort_and_name_with_companions_behind(meetup: Meetup):
    late = place(meetup, "가을", 1)
    sky, sea = place(meetup, "하늘", companions=2), place(meetup, "바다")
    guest = make_registration(meetup)
    place(meetup, "기다림", status=Status.WAITLISTED)

    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    found = badge_prints.printed_pieces(made, 0, 100)
    own = [(sea.id, 0), (sky.id, 0), (sky.id, 1), (sky.id, 2), (late.id, 0)]
    assert [piece for piece in found if piece[0] != guest.id] == own
    assert made.badges == 6


def test_new_are_those_that_were_never_printed_companions_too(meetup: Meetup):
    sky = place(meetup, "하늘")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    sea = place(meetup, "바다")
    with transaction() as session:
        session.get_one(Registration, sky.id).companions = 1

    assert badge_prints.numbers(meetup.id, Design()) == (3, 2)
    made = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)

    assert badge_prints.printed_pieces(made, 0, 100) == [(sea.id, 0), (sky.id, 1)]
    with pytest.raises(DomainError) as refusal:
        badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)
    assert refusal.value.code == "no_badges_to_print"


def test_a_cohort_a_state_or_one_person_can_be_chosen(meetup: Meetup):
    sky, sea = place(meetup, "하늘"), place(meetup, "바다", 1)
    waiting = place(meetup, "기다림", 1, status=Status.WAITLISTED)

    def printed(chosen: Chosen) -> list[int]:
        made = badge_prints.begin(meetup.id, chosen, ACTOR)
        return [registration for registration, _n in badge_prints.printed_pieces(made, 0, 100)]

    assert printed(Chosen(Filter(SEATED.statuses, frozenset({2})))) == [sea.id]
    assert printed(Chosen(Filter(frozenset({Status.WAITLISTED})))) == [waiting.id]
    assert printed(Chosen(registration=sky.id)) == [sky.id]


def test_nobody_of_another_meetup_is_printed(meetup: Meetup):
    stranger = make_registration()

    with pytest.raises(DomainError):
        badge_prints.begin(meetup.id, Chosen(registration=stranger.id), ACTOR)


def test_a_print_tells_the_trail_and_begins_on_the_sheet_where_it_was_told(meetup: Meetup):
    row = place(meetup, "하늘")

    made = badge_prints.begin(meetup.id, Chosen(registration=row.id), ACTOR, start=11)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == badge_prints.ACT)).one()
    assert (entry.actor, entry.subject) == (ACTOR, f"meetup:{meetup.id}")
    assert (entry.details["badges"], entry.details["registrations"]) == (1, [row.id])
    assert made.start == 3, "a sheet has eight"
    assert [(each.actor, each.at) for each in badge_prints.of_registration(row.id)] == [(ACTOR, made.at)]
    with pytest.raises(DomainError):
        badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR, start=1_000_000)


def test_who_cancelled_since_is_left_out_when_a_print_is_opened_again(meetup: Meetup):
    sky, sea = place(meetup, "하늘"), place(meetup, "바다")
    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    registrations.decline(sea.id, ACTOR, "왔다 갔어요")

    assert badge_prints.printed_pieces(made, 0, 100) == [(sky.id, 0)]


def test_nobody_is_left_out_when_somebody_goes_between_opening_two_files(meetup: Meetup):
    rows = [place(meetup, f"사람 {number}", companions=1 if number == 5 else 0) for number in range(6)]
    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    first = badge_prints.printed_pieces(made, 0, 3)

    registrations.decline(rows[0].id, ACTOR, "못 와요")
    erasure.erase(rows[1].person_id, ACTOR, Asked.MAIL)
    companions.set_number(rows[5].id, 0, ACTOR)

    second = badge_prints.printed_pieces(made, 3, 4)
    assert first == [(row.id, 0) for row in rows[:3]]
    assert second == [(row.id, 0) for row in rows[3:]]
    assert badge_prints.printed_pieces(made, 0, 2) == []


def test_a_badge_whose_ticket_was_issued_anew_is_new_again(meetup: Meetup):
    row, waiting = place(meetup, "하늘", companions=1), place(meetup, "바다")
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    tickets.reissue(row.id, ACTOR)

    assert badge_prints.numbers(meetup.id, Design()) == (3, 2)
    assert badge_prints.printed_of(meetup.id, [row.id, waiting.id]) == {waiting.id}
    made = badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)
    assert badge_prints.printed_pieces(made, 0, 100) == [(row.id, 0), (row.id, 1)]
    assert badge_prints.numbers(meetup.id, Design()) == (3, 0)


def test_a_badge_without_a_code_outlives_its_ticket(meetup: Meetup):
    row = place(meetup, "하늘")
    badge_designs.save(meetup.id, Design(parts=frozenset({Part.TITLE})), ACTOR)
    badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    tickets.reissue(row.id, ACTOR)

    assert badge_prints.numbers(meetup.id, Design()) == (1, 0)


def test_two_that_press_new_at_once_print_each_badge_once(app: Flask, meetup: Meetup):
    rows = {place(meetup, f"사람 {number}").id for number in range(5)}
    outcomes: list[str] = []

    def press() -> None:
        with app.app_context():
            try:
                badge_prints.begin(meetup.id, Chosen(SEATED, only_new=True), ACTOR)
                outcomes.append("printed")
            except DomainError as refusal:
                outcomes.append(refusal.code)

    threads = [threading.Thread(target=press) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert sorted(outcomes) == ["no_badges_to_print"] * 3 + ["printed"]
    db.session.rollback()
    printed = db.session.scalars(select(PrintedBadge.registration_id)).all()
    assert sorted(printed) == sorted(rows)


def test_a_badge_says_what_is_known_of_its_person(meetup: Meetup):
    make_notice(meetup, consents=(make_consent("photos"),))
    row = place(meetup, "하늘", companions=1, companion_names=["바람"])
    introductions.allow(meetup.id, True, ACTOR)
    with transaction() as session:
        session.add(
            IntroductionCard(
                registration_id=row.id,
                nickname="하늘이",
                affiliation="예시전자",
                on_badge=True,
                changed_at=now(),
            )
        )
        session.add(
            ReservedSeat(meetup_id=meetup.id, person_id=row.person_id, role=GuestRole.SPEAKER, actor=ACTOR)
        )

    someone = badge_people.of(meetup, [row.id])[row.id]

    assert (someone.name, someone.companion_names, someone.ordinal) == ("하늘", ["바람"], 1)
    assert (someone.nickname, someone.affiliation, someone.role) == ("하늘이", "예시전자", GuestRole.SPEAKER)
    assert someone.code == code_of(row)


def test_only_tags_that_the_design_names_are_printed_and_no_copy_of_the_meetup_has_them(meetup: Meetup):
    row, other = place(meetup, "하늘"), place(meetup, "바다")
    tags.change(meetup.id, [row.id, other.id], ACTOR, add=["스태프"])
    tags.change(meetup.id, [row.id], ACTOR, add=["말이 많음"])
    (staff,) = [tag for tag in badge_people.tags_of(meetup.id) if tag.name == "스태프"]
    badge_designs.save(meetup.id, Design(tags=frozenset({staff.id})), ACTOR)

    kept = badge_designs.of_meetup(meetup.id)
    found = badge_people.of(meetup, [row.id, other.id], kept.tags)

    assert [found[each.id].tags for each in (row, other)] == [("스태프",), ("스태프",)]
    assert badge_people.of(meetup, [row.id])[row.id].tags == ()
    assert badge_designs.of_meetup(meetups.copy(meetup.id, ACTOR).id).tags == frozenset()


def test_a_card_is_printed_while_its_writer_the_meetup_and_no_organizer_s_objection_say_so(meetup: Meetup):
    row = place(meetup, "하늘")
    card = Introduction(nickname="하늘이", affiliation="예시전자")
    found: list[str] = []

    def look() -> None:
        end_reading()
        held = db.session.get_one(Meetup, meetup.id)
        someone = badge_people.of(held, [row.id])[row.id]
        found.append(someone.nickname + someone.affiliation)

    introductions.allow(meetup.id, True, ACTOR)
    introductions.write(row.id, card)
    look()
    introductions.write(row.id, card, on_badge=True)
    look()
    introductions.allow(meetup.id, False, ACTOR)
    look()
    introductions.allow(meetup.id, True, ACTOR)
    introductions.hide(row.id, True, ACTOR)
    look()

    assert found == ["", "하늘이예시전자", "", ""]


def test_only_who_consents_to_photos_has_no_mark_where_the_meetup_asks(meetup: Meetup):
    row, other = place(meetup, "하늘"), place(meetup, "바다")

    def photos() -> list[bool]:
        found = badge_people.of(db.session.get_one(Meetup, meetup.id), [row.id, other.id])
        return [found[each.id].photos for each in (row, other)]

    assert photos() == [True, True], "nobody is asked"
    make_notice(meetup, consents=(make_consent("photos"),))
    consents.change(row.id, {"photos": True})
    assert photos() == [True, False]
    consents.change(row.id, {"photos": False})
    assert photos() == [False, False]


def test_the_code_is_that_of_the_ticket_that_is_valid(meetup: Meetup):
    row, waiting = place(meetup, "하늘"), place(meetup, "바다", status=Status.WAITLISTED)
    tickets.reissue(row.id, ACTOR)

    found = badge_people.of(meetup, [row.id, waiting.id])

    assert found[row.id].code == code_of(row)
    assert found[waiting.id].code == ""


def test_a_hundred_badges_take_as_many_statements_as_one(meetup: Meetup):
    one = [place(meetup, "하늘").id]
    many = [*one, *(place(meetup, f"사람 {number}").id for number in range(12))]

    counted = []
    badge_people.of(meetup, one)
    for ids in (one, many):
        with statements() as seen:
            badge_people.of(meetup, ids)
        counted.append(len(seen))

    assert counted[0] == counted[1]


def test_the_longest_names_are_shown_first(meetup: Meetup):
    for name in ("이", "김하늘", "Alexandra Konstantinopoulou", "황보 선우남궁독고"):
        place(meetup, name)

    shown = badge_people.to_show(meetup.id, 3, longest=2)

    names = [badge_people.of(meetup, [row])[row].name for row, _n in shown]
    assert names == ["Alexandra Konstantinopoulou", "황보 선우남궁독고", "김하늘"]


def test_a_design_is_kept_and_copied_with_the_meetup(meetup: Meetup):
    own = Layout(page=(100, 60), label=(100, 60))
    colours = {meetup.cohorts[0].id: "red"}
    design = Design(paper=Paper.OWN, own=own, parts=frozenset({Part.QR}), locale="en", colours=colours)

    saved = [badge_designs.save(meetup.id, design, ACTOR) for _ in range(2)]
    copied = meetups.copy(meetup.id, ACTOR)

    assert saved == [True, False]
    assert badge_designs.of_meetup(meetup.id) == badge_designs.of_meetup(copied.id) == design


def test_a_design_that_no_page_holds_is_refused_and_nothing_kept(meetup: Meetup):
    wide = Layout(page=(100, 60), label=(120, 60))

    with pytest.raises(DomainError):
        badge_designs.save(meetup.id, Design(paper=Paper.OWN, own=wide), ACTOR)

    assert badge_designs.of_meetup(meetup.id) == Design()


def test_a_print_keeps_the_design_of_then(meetup: Meetup):
    place(meetup, "하늘")
    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)
    badge_designs.save(meetup.id, Design(paper=Paper.LABEL), ACTOR)

    again = badge_prints.find(meetup.id, made.id)

    assert again
    assert Design.of(again.design) == Design()


def test_a_badge_knows_the_table_once_people_see_it(meetup: Meetup):
    row, waiting = place(meetup, "하늘"), place(meetup, "기다림", status=Status.WAITLISTED)
    tables.lay(meetup.id, Wanted("4", Seating.MIX), ACTOR)

    def told() -> list[int | None]:
        found = badge_people.of(meetup, [row.id, waiting.id])
        return [found[each.id].table for each in (row, waiting)]

    laid = told()
    tables.publish(meetup.id, True, ACTOR)
    shown = told()
    tables.publish(meetup.id, False, ACTOR)

    assert [laid, shown, told()] == [[None, None], [1, None], [None, None]]


def test_an_erased_person_is_on_no_badge_any_more(meetup: Meetup):
    row, other = place(meetup, "하늘"), place(meetup, "바다")
    made = badge_prints.begin(meetup.id, Chosen(SEATED), ACTOR)

    erasure.erase(row.person_id, ACTOR, Asked.MAIL)

    assert badge_prints.printed_pieces(made, 0, 10) == [(other.id, 0)]
    assert badge_prints.numbers(meetup.id, Design()) == (1, 0)
