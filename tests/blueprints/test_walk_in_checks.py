"""Walk-ins who said a cohort, verified afterwards at the desk."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.domain.door.doors import DoorDraft
from app.domain.errors import DomainError
from app.models import AuditEntry, Cohort, Meetup, Program, Registration, Role, WalkInCheck
from app.services.door import checkin_undo, door_settings, walk_in_checks, walk_ins
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def cohort(program: Program) -> Cohort:
    return make_cohort(program, 3)


@pytest.fixture
def meetup(program: Program, cohort: Cohort) -> Meetup:
    return make_meetup(program, cohorts=[cohort])


@pytest.fixture
def organizer(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program, Role.ORGANIZER))
    return client


def walked_in(meetup: Meetup, name: str = "김하늘", cohort: str | None = "3") -> Registration:
    told = {"id": str(uuid.uuid4()), "name": name, "cohort": cohort, "over": True}
    person = walk_ins.admit_at_desk(meetup.id, make_account().id, told).outcome.person
    assert person
    end_reading()
    query = select(Registration).where(Registration.reference == person.reference)
    return db.session.scalars(query).one()


def fresh(registration: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def page_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/walk-in-checks"


def test_one_press_makes_the_registration_that_of_the_person_on_the_roster_and_can_be_taken_back(
    organizer: Browser, meetup: Meetup, cohort: Cohort
):
    alumna = make_alumnus(cohort, "김하늘")
    make_alumnus(cohort, "박바다")
    came = walked_in(meetup)
    before = came.person_id
    here, one = page_of(meetup), f"{page_of(meetup)}/{came.reference}"

    shown = organizer.get(here).text
    done = submit(organizer, one, {"person": str(alumna.id)}, action=f"{one}/match", follow_redirects=True)
    found = fresh(came)
    decided = organizer.get(one).text
    attendee = organizer.get(f"{here.removesuffix('/walk-in-checks')}/attendees/{came.reference}").text

    assert ("Same cohort" in shown, "박바다" in shown) == (True, False)
    assert "Found on the roster: 김하늘" in done.text
    assert (found.person_id, found.cohort_id, found.is_verified) == (alumna.id, cohort.id, True)
    assert "Take back" in decided
    assert "At the door they said: 김하늘" in decided
    assert "Walk-in, found on the roster" in attendee
    back = submit(organizer, one, {}, action=f"{one}/undo", follow_redirects=True)
    assert "They are to be verified again." in back.text
    again = fresh(came)
    assert (again.person_id, again.cohort_id, again.is_verified) == (before, cohort.id, False)
    acts = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("walk_in.")))
    assert sorted(acts) == ["walk_in.check_taken_back", "walk_in.found"]


def test_who_says_another_cohort_than_the_roster_gets_the_roster_s_and_theirs_back(
    app: Flask, meetup: Meetup, program: Program, cohort: Cohort
):
    other = make_cohort(program, 5)
    alumna, came = make_alumnus(other, "김하늘"), walked_in(meetup)

    walk_in_checks.match(came.id, alumna.id, "account:1")
    assert fresh(came).cohort_id == other.id
    for _ in range(2):
        walk_in_checks.take_back(came.id, "account:1")
    assert fresh(came).cohort_id == cohort.id


def test_not_on_the_roster_needs_a_reason_and_is_told_in_list_page_and_file(
    organizer: Browser, meetup: Meetup
):
    came = walked_in(meetup)
    here, one = page_of(meetup), f"{page_of(meetup)}/{came.reference}"
    desk = here.removesuffix("/walk-in-checks")

    open_list = organizer.get(f"{desk}/attendees").text
    without = submit(organizer, one, {"reason": " "}, action=f"{one}/absence")
    done = submit(organizer, one, {"reason": "전화해 봄"}, action=f"{one}/absence", follow_redirects=True)
    listed = organizer.get(f"{desk}/attendees").text
    chosen = {"columns": ["name", "walk_in"], "statuses": ["confirmed"], "kind": "csv", "reason": "명찰"}
    file = submit(organizer, f"{desk}/export", chosen)

    assert "1 walk-in to verify" in open_list
    assert "Walk-in, to be verified" in open_list
    assert (without.status_code, "Write the reason." in without.text) == (422, True)
    assert "Not on the roster: 전화해 봄" in done.text
    assert "Nobody is to be verified" in done.text
    assert "Walk-in, not on the roster" in listed
    assert "to verify" not in listed
    assert "Walk-in, not on the roster" in file.data.decode("utf-8-sig")
    assert not fresh(came).is_verified


def test_guests_and_undone_walk_ins_are_never_to_be_verified(organizer: Browser, meetup: Meetup):
    guest, gone = walked_in(meetup, cohort=None), walked_in(meetup)
    checkin_undo.undo_at_desk(meetup.id, make_account().id, gone.reference, "nobody there", str(uuid.uuid4()))

    assert "Nobody is to be verified" in organizer.get(page_of(meetup)).text
    assert organizer.get(f"{page_of(meetup)}/{guest.reference}").status_code == 404
    codes = []
    for each in (guest, gone):
        with pytest.raises(DomainError) as refused:
            walk_in_checks.not_listed(each.id, "who?", "account:1")
        codes.append(refused.value.code)
    assert codes == ["walk_in_is_guest", "walk_in_gone"]


def test_a_meetup_that_verifies_none_asks_nothing(organizer: Browser, meetup: Meetup):
    walked_in(meetup)
    desk = page_of(meetup).removesuffix("/walk-in-checks")

    door_settings.save(meetup.id, DoorDraft(verifies_walk_ins=False), "account:1")

    end_reading()
    assert "verify walk-ins" in organizer.get(page_of(meetup)).text
    for page in (f"{desk}/attendees", f"{desk}/door"):
        shown = organizer.get(page).text
        assert "to verify" not in shown.replace("to verify them", "")
        assert "to be verified" not in shown


def test_whoever_has_a_place_already_is_refused_with_what_to_do_and_so_is_a_second_decision(
    organizer: Browser, meetup: Meetup, cohort: Cohort
):
    alumna, other = make_alumnus(cohort, "김하늘"), make_alumnus(cohort, "김하늘")
    make_registration(meetup, alumna)
    came = walked_in(meetup)
    one = f"{page_of(meetup)}/{came.reference}"

    shown = organizer.get(one).text
    refused = submit(organizer, one, {"person": str(alumna.id)}, action=f"{one}/match")
    stranger = submit(organizer, one, {"person": "99999"}, action=f"{one}/match")
    walk_in_checks.match(came.id, other.id, "account:1")
    with pytest.raises(DomainError) as twice:
        walk_in_checks.match(came.id, other.id, "account:1")

    assert "Registered for this meetup already. If both are one person" in shown
    assert "check that registration in and undo the walk-in" in refused.text
    assert "on no list of the programme" in stranger.text
    assert twice.value.code == "walk_in_check_decided"
    assert [each.status_code for each in (refused, stranger)] == [422] * 2
    assert fresh(came).person_id == other.id
    assert len(db.session.scalars(select(WalkInCheck)).all()) == 1


def test_a_search_finds_whom_no_likeness_does(organizer: Browser, meetup: Meetup, cohort: Cohort):
    make_alumnus(cohort, "박바다")
    one = f"{page_of(meetup)}/{walked_in(meetup).reference}"

    likely, found, nobody = (
        organizer.get(one, query_string={"q": text}).text for text in ("", "ㅂㅂㄷ", "없는이름")
    )

    assert ("박바다" in likely, "Nobody on the roster has this name." in likely) == (False, True)
    assert "박바다" in found
    assert "Nobody on the list matches." in nobody


def test_the_list_takes_as_many_statements_for_ten_as_for_two(
    organizer: Browser, meetup: Meetup, cohort: Cohort
):
    counted = []
    for number in (2, 8):
        for n in range(number):
            make_alumnus(cohort, f"김하늘{number}{n}")
            walked_in(meetup, f"김하늘{number}{n}")
        with statements() as asked:
            assert organizer.get(page_of(meetup)).text.count("This is them:") == sum(
                (2, 8)[: len(counted) + 1]
            )
        counted.append(len(asked))

    assert counted[0] == counted[1]
