"""Two people of a programme are one, because an organizer says so."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.adding import Wish, read_guest
from app.domain.registering.joining import Place, keeps_first
from app.domain.registering.registrations import Status
from app.keys import keys
from app.models import (
    AuditEntry,
    Cohort,
    Meetup,
    Person,
    PersonAddress,
    Program,
    Registration,
    RosterEntry,
    RosterImport,
)
from app.services.alumni import joining, people_search
from app.services.door import checkins
from app.services.mails import opt_outs
from app.services.organizing import attendee, looks
from app.services.registering import adding
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.claiming import claim
from tests.support.client import Browser, submit
from tests.support.counting import statements
from tests.support.registering import owed, register

OFFICE = "account:1"


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    cohorts = [make_cohort(program, 1), make_cohort(program, 2)]
    return make_meetup(program, cohorts=cohorts, capacity=2)


def join(meetup: Meetup, kept: Person, gone: Person, *, knows: bool = False) -> None:
    joining.join(meetup.program_id, kept.id, gone.id, OFFICE, "두 주소 모두 본인", knows=knows)
    end_reading()


def refusal_of(meetup: Meetup, kept: Person, gone: Person) -> str:
    with pytest.raises(DomainError) as refused:
        join(meetup, kept, gone)
    found = joining.outlook(meetup.program_id, kept.id, gone.id).refusal
    assert found
    assert found.code == refused.value.code
    return found.code


def statuses(*rows: Registration) -> list[Status]:
    end_reading()
    return [db.session.get_one(Registration, row.id).status for row in rows]


def check_in(row: Registration) -> None:
    scan = {"id": str(uuid.uuid4()), "registration": row.reference}
    checkins.record_at_desk(row.meetup_id, make_member(row.meetup.program).id, scan)


def test_all_that_both_had_is_one_person_s(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone = make_alumnus(first, "김하나"), make_alumnus(second, "Hana Kim")
    row = register(meetup, gone)

    join(meetup, kept, gone)

    assert db.session.get(Person, gone.id) is None
    whole = db.session.get_one(Person, kept.id)
    assert len(whole.addresses) == 2
    entries = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == kept.id)).all()
    assert {entry.cohort_id for entry in entries} == {first.id, second.id}
    assert db.session.get_one(Registration, row.id).person_id == kept.id
    for text in ("김하나", "hana kim"):
        condition = people_search.matching(text, Person.id)
        assert condition is not None
        assert db.session.scalars(select(Person.id).where(condition)).all() == [kept.id]


def test_of_two_places_one_stays_and_the_other_s_seat_goes_to_who_waits(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone, waiting = make_alumnus(first), make_alumnus(second), make_alumnus(first)
    one, other, third = (register(meetup, each) for each in (kept, gone, waiting))
    assert statuses(one, other, third) == [Status.CONFIRMED, Status.CONFIRMED, Status.WAITLISTED]

    join(meetup, kept, gone)

    assert statuses(one, other, third) == [Status.CONFIRMED, Status.DECLINED, Status.CONFIRMED]
    (mail,) = owed("registration_joined")
    assert (mail.address, mail.params["other"]) == (other.address, one.reference)
    last = next(moment for moment in attendee.history(other.id) if moment.act == "declined")
    assert (last.actor, last.reason) == (OFFICE, "두 주소 모두 본인")


@pytest.mark.parametrize("waits", [True, False])
def test_a_guest_s_seat_gets_the_address_and_cohort_of_whom_they_turn_out_to_be(
    meetup: Meetup, waits: bool
) -> None:
    """A guest was added by name alone, while the person waited in line or had no place."""
    first, _ = meetup.cohorts
    kept = make_alumnus(first, "박두리", "duri@example.com")
    at = {"cohort": first, "address": "duri@example.com"}
    place = make_registration(meetup, kept, Status.WAITLISTED, **at) if waits else None
    wish = Wish(tokens.uid(), guest=read_guest("박두리", "", ""))
    seat = adding.add(meetup.id, wish, OFFICE).registration
    guest = db.session.get_one(Person, seat.person_id)
    assert (seat.status, owed()) == (Status.CONFIRMED, [])

    join(meetup, kept, guest)

    (mail,) = owed("registration_confirmed")
    row = db.session.get_one(Registration, seat.id)
    assert (row.address, row.cohort_id, row.status) == ("duri@example.com", first.id, Status.CONFIRMED)
    assert (mail.registration_id, mail.address) == (row.id, "duri@example.com")
    assert place is None or statuses(place) == [Status.DECLINED]


def test_a_guest_s_offer_that_reached_nobody_is_mailed_to_whom_they_turn_out_to_be(meetup: Meetup) -> None:
    kept = make_alumnus(meetup.cohorts[0], "박두리", "duri@example.com")
    seat = adding.add(meetup.id, Wish(tokens.uid(), guest=read_guest("박두리", "", "")), OFFICE).registration
    guest = db.session.get_one(Person, seat.person_id)
    with transaction() as session:
        offered = {"status": Status.OFFERED, "answer_by": now() + dt.timedelta(hours=5)}
        session.execute(update(Registration).where(Registration.id == seat.id).values(**offered))

    join(meetup, kept, guest)

    assert [(mail.registration_id, mail.address) for mail in owed("registration_offered")] == [
        (seat.id, "duri@example.com")
    ]


def test_a_seat_stays_rather_than_a_place_in_line_whoever_of_the_two_is_kept(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    gone, other, kept = make_alumnus(second), make_alumnus(first), make_alumnus(first)
    seated, _, waiting = (register(meetup, each) for each in (gone, other, kept))

    join(meetup, kept, gone)

    assert statuses(seated, waiting) == [Status.CONFIRMED, Status.DECLINED]
    assert db.session.get_one(Registration, seated.id).person_id == kept.id


def test_who_came_in_stays_in_and_two_who_came_in_are_two(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone = make_alumnus(first), make_alumnus(second)
    one, other = register(meetup, kept), register(meetup, gone)
    check_in(other)
    found = joining.outlook(meetup.program_id, kept.id, gone.id)
    assert [(each.stays.id, each.ends.id) for each in found.doubles] == [(other.id, one.id)]

    check_in(one)

    assert refusal_of(meetup, kept, gone) == "join_both_in"


def test_two_of_one_cohort_s_list_are_two_until_the_list_says_otherwise(meetup: Meetup) -> None:
    kept, gone = make_alumnus(meetup.cohorts[0]), make_alumnus(meetup.cohorts[0])

    assert refusal_of(meetup, kept, gone) == "join_same_cohort"


def missing(cohort: Cohort, person: Person) -> None:
    """The latest file of the cohort lacks them."""
    with transaction() as session:
        record = RosterImport(program_id=cohort.program_id, file_name="new.csv", file_sha256="0")
        session.add(record)
        session.flush()
        entry = session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one()
        entry.gone_since_id = record.id


def test_whom_the_latest_file_lacks_is_joined_only_by_somebody_who_knows(meetup: Meetup) -> None:
    kept, gone = make_alumnus(meetup.cohorts[0]), make_alumnus(meetup.cohorts[0])
    missing(meetup.cohorts[0], gone)

    with pytest.raises(DomainError, match="join_same_cohort_once"):
        join(meetup, kept, gone)
    shared = joining.outlook(meetup.program_id, kept.id, gone.id).shared
    join(meetup, kept, gone, knows=True)

    assert [cohort.ordinal for cohort in shared] == [1]
    assert db.session.scalar(select(func.count()).select_from(RosterEntry)) == 1


def test_the_outlook_says_which_name_and_lists_stay(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone, guest = (
        make_alumnus(first, "김하나"),
        make_alumnus(second, "Hana Kim"),
        make_person(meetup.program),
    )

    found = joining.outlook(meetup.program_id, kept.id, gone.id)
    join(meetup, kept, gone)

    assert (found.name, [each.cohort_id for each in found.entries]) == ("Hana Kim", [first.id, second.id])
    assert db.session.get_one(Person, kept.id).name == found.name
    assert joining.outlook(meetup.program_id, kept.id, guest.id).name == "Hana Kim"
    assert joining.outlook(meetup.program_id, guest.id, kept.id).name == "Hana Kim"


def test_both_histories_say_that_they_were_joined_also_after_a_second_time(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone, last = make_alumnus(first), make_alumnus(second), make_alumnus(make_cohort(meetup.program, 9))
    one, other = register(meetup, kept), register(meetup, gone)

    join(meetup, kept, gone)
    join(meetup, last, kept)

    stays = [(m.act, m.reason) for m in attendee.history(one.id) if "join" in m.act]
    ended = [(m.act, m.reason) for m in attendee.history(other.id) if "join" in m.act]
    assert stays == [("people_joined", "두 주소 모두 본인")] * 2
    assert ended == [
        ("people_joined", "두 주소 모두 본인"),
        ("joined_into", f"→ {one.reference}"),
    ]


def test_an_open_list_check_is_decided_first(meetup: Meetup) -> None:
    kept = make_alumnus(meetup.cohorts[0])
    register(meetup, kept)
    claimant = db.session.get_one(Person, claim(meetup, "elsewhere@example.com").person_id)

    assert refusal_of(meetup, kept, claimant) == "join_list_check"


def test_nobody_of_another_programme_and_nobody_with_themselves(meetup: Meetup) -> None:
    kept, stranger = make_alumnus(meetup.cohorts[0]), make_person(make_program())

    for other in (stranger, kept):
        with pytest.raises(DomainError, match="no_such_person"):
            join(meetup, kept, other)


def test_who_wants_no_more_mail_at_one_address_wants_none_at_the_other(meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone = make_alumnus(first), make_alumnus(second)
    key = gone.addresses[0].address_key
    opt_outs.opt_out(
        meetup.program_id, tokens.keyed_hash(keys().link, "opt-out", str(meetup.program_id), key)
    )

    join(meetup, kept, gone)

    held = set(
        db.session.scalars(select(PersonAddress.address_key).where(PersonAddress.person_id == kept.id))
    )
    assert all(opt_outs.has_opted_out(meetup.program_id, {each}) for each in held)


def test_pressed_twice_at_once_they_are_joined_once(meetup: Meetup, app: Flask) -> None:
    first, second = meetup.cohorts
    kept, gone = make_alumnus(first), make_alumnus(second)
    ids = meetup.program_id, kept.id, gone.id

    def press(_: int) -> str:
        with app.app_context():
            try:
                joining.join(*ids, OFFICE, "두 주소 모두 본인")
            except DomainError as refusal:
                return refusal.code
            return "joined"

    db.session.remove()
    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(press, range(4)))

    assert outcomes == ["joined", *["no_such_person"] * 3]


def test_an_organizer_finds_compares_and_joins(client: Browser, meetup: Meetup) -> None:
    first, second = meetup.cohorts
    kept, gone = make_alumnus(first, "박서준"), make_alumnus(second, "박서준")
    one, other = register(meetup, kept), register(meetup, gone)
    sign_in(client, make_member(meetup.program))
    page = f"/desk/{meetup.program.slug}/people/{kept.id}/joining"

    found = client.get(f"{page}?q=박서준").text
    assert gone.addresses[0].address in found
    assert kept.addresses[0].address not in found
    compared = client.get(f"{page}?other={gone.id}").text
    assert f"{kept.addresses[0].address}, {gone.addresses[0].address}" in compared
    assert one.reference in compared
    assert other.reference in compared
    assert submit(client, f"{page}?other={gone.id}", {"reason": ""}, f"{page}/{gone.id}").status_code == 422

    answer = submit(client, f"{page}?other={gone.id}", {"reason": "전화로 확인"}, f"{page}/{gone.id}")

    assert answer.status_code == 303
    assert "They are one person now." in client.get(answer.location).text


def test_the_page_of_candidates_asks_as_much_for_many_as_for_one(client: Browser, meetup: Meetup) -> None:
    kept = make_alumnus(meetup.cohorts[0], "박서준")
    others = [make_alumnus(meetup.cohorts[1], f"박두리{n}") for n in range(10, 16)]
    sign_in(client, make_member(meetup.program))
    page = f"/desk/{meetup.program.slug}/people/{kept.id}/joining"
    client.get(page)

    with statements() as for_one:
        client.get(f"{page}?q=박두리15")
    with statements() as for_all:
        client.get(f"{page}?q=박두리")

    assert len(for_all) == len(for_one)
    seen = select(AuditEntry.subject).where(AuditEntry.act == "person.viewed")
    assert set(db.session.scalars(seen)) == {f"person:{each.id}" for each in [kept, *others]}


def test_two_whom_another_organizer_joins_meanwhile_are_shown_as_they_were_read(
    app: Flask, client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = make_alumnus(meetup.cohorts[0], "박서준"), make_alumnus(meetup.cohorts[1], "박서주")
    sign_in(client, make_member(meetup.program))
    ids, note = (meetup.program_id, kept.id, gone.id), looks.at_people
    page = f"/desk/{meetup.program.slug}/people/{kept.id}/joining?other={gone.id}"

    def join() -> None:
        with app.app_context():
            joining.join(*ids, OFFICE, "전화로 확인")

    def joined_first(program_id: int, people: Iterable[int], actor: str) -> None:
        end_reading()
        with ThreadPoolExecutor(1) as colleague:
            colleague.submit(join).result()
        note(program_id, people, actor)

    monkeypatch.setattr(looks, "at_people", joined_first)
    shown = client.get(page)

    assert (shown.status_code, "박서주" in shown.text) == (200, True)


def test_the_page_asks_whether_two_of_one_list_are_known_to_be_one(client: Browser, meetup: Meetup) -> None:
    kept, gone = make_alumnus(meetup.cohorts[0], "박서준"), make_alumnus(meetup.cohorts[0], "박서주")
    missing(meetup.cohorts[0], gone)
    sign_in(client, make_member(meetup.program))
    page = f"/desk/{meetup.program.slug}/people/{kept.id}/joining"
    asked = client.get(f"{page}?other={gone.id}").text

    unknown = submit(client, f"{page}?other={gone.id}", {"reason": "office"}, f"{page}/{gone.id}")
    known = submit(client, f"{page}?other={gone.id}", {"reason": "office", "knows": "y"}, f"{page}/{gone.id}")

    assert "They are called 박서준" in asked
    assert (unknown.status_code, known.status_code) == (422, 303)
    assert "say that you know these two to be one" in unknown.text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Place(Status.WAITLISTED, 9, is_in=True), Place(Status.CONFIRMED, 1)),
        (Place(Status.OFFERED, 9), Place(Status.WAITLISTED, 1)),
        (Place(Status.CONFIRMED, 9), Place(Status.OFFERED, 1)),
        (Place(Status.WAITLISTED, 1), Place(Status.WAITLISTED, 9)),
        (Place(Status.APPLIED, 1), Place(Status.APPLIED, 9)),
    ],
)
def test_the_better_place_stays(one: Place, other: Place) -> None:
    assert keeps_first(one, other)
    assert not keeps_first(other, one)
