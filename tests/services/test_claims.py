"""List checks: asked with a proved address, decided by organizers, a place in line and never a seat meanwhile."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.claims import Statement
from app.domain.seating.modes import Mode
from app.keys import keys
from app.models import (
    AuditEntry,
    Claim,
    Meetup,
    OutboxMail,
    Person,
    PersonAddress,
    ProofAnswer,
    Registration,
    RegistrationEvent,
    RosterEntry,
    Status,
)
from app.services.registering import (
    claim_decisions,
    claim_matches,
    claims,
    proof_answers,
    proofs,
    registrations,
    tickets,
)
from app.services.seating import approvals
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_participant,
    make_program,
    make_registration,
)
from tests.support.claiming import claim, link_of
from tests.support.registering import asked, newest_proof, register, said_to

ORGANIZER = "account:7"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    program = make_program()
    return make_meetup(program, cohorts=[make_cohort(program, 3)], capacity=1)


def owed(registration: Registration) -> list[tuple[str, str]]:
    query = select(OutboxMail.kind, OutboxMail.address).where(OutboxMail.registration_id == registration.id)
    return [tuple(row) for row in db.session.execute(query.order_by(OutboxMail.id))]


def now_is(registration: Registration) -> Registration:
    end_reading()
    return db.session.get_one(Registration, registration.id, populate_existing=True)


def test_a_list_check_holds_a_place_in_line_and_no_seat(meetup: Meetup) -> None:
    asking = claim(meetup)
    later = register(meetup, make_alumnus(meetup.cohorts[0]))

    assert asking.status is Status.PENDING
    assert later.status is Status.CONFIRMED
    assert asking.rank < later.rank
    assert tickets.current(asking.id) is None
    assert owed(asking) == [("registration_pending", "new@example.com")]


def test_whoever_is_found_waits_where_they_asked(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    register(meetup, make_alumnus(cohort))
    person = make_alumnus(cohort, "김하늘", "haneul@school.example")
    asking = claim(meetup, former="haneul@school.example")
    later = register(meetup, make_alumnus(cohort))

    found = claim_decisions.link(asking.id, person.id, ORGANIZER)

    assert found.status is Status.WAITLISTED
    assert found.rank < later.rank
    assert (found.person_id, found.cohort_id, found.is_verified) == (person.id, cohort.id, True)
    assert owed(asking)[1:] == [
        ("registration_waitlisted", "new@example.com"),
        ("claim_linked", "haneul@school.example"),
    ]


def test_whoever_is_found_while_a_seat_is_free_has_it(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], "김하늘", "haneul@school.example")
    asking = claim(meetup)

    claim_decisions.link(asking.id, person.id, ORGANIZER)

    assert now_is(asking).status is Status.CONFIRMED
    assert tickets.current(asking.id)
    events = db.session.scalars(
        select(RegistrationEvent)
        .where(RegistrationEvent.registration_id == asking.id)
        .order_by(RegistrationEvent.id)
    ).all()
    assert [(event.after, event.actor) for event in events] == [
        (Status.PENDING, "person"),
        (Status.CONFIRMED, ORGANIZER),
    ]


def test_the_proved_address_is_the_found_person_s_from_then_on(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0], "김하늘", "haneul@school.example")
    asking = claim(meetup)
    claimant = asking.person_id

    claim_decisions.link(asking.id, person.id, ORGANIZER)
    asked(meetup, "new@example.com")

    assert newest_proof("new@example.com").person_id == person.id
    assert newest_proof("new@example.com").answer is ProofAnswer.CODE
    assert db.session.get(Person, claimant) is None


def test_somebody_whom_the_roster_lacks_is_added_to_it(meetup: Meetup) -> None:
    asking = claim(meetup, name="김하눌")

    claim_decisions.add(asking.id, meetup.cohorts[0].id, "김하늘", ORGANIZER, "수료증을 봤어요")

    found = now_is(asking)
    entry = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == found.person_id)).one()
    assert (entry.name, entry.completed, entry.address_key) == ("김하늘", True, "new@example.com")
    assert (found.status, found.person.name) == (Status.CONFIRMED, "김하늘")


def test_a_refusal_says_why_and_can_be_taken_back(meetup: Meetup) -> None:
    asking = claim(meetup)

    claim_decisions.refuse(asking.id, "3기에 그런 분이 없어요", ORGANIZER)
    refused = now_is(asking)
    assert refused.status is Status.DECLINED
    told = claims.refusal(refused)
    assert told
    assert told.reason == "3기에 그런 분이 없어요"
    approvals.take_back(asking.id, ORGANIZER)

    assert now_is(asking).status is Status.PENDING
    kinds = [kind for kind, _ in owed(asking)]
    assert kinds == ["registration_pending", "registration_not_verified", "registration_pending"]


def test_whoever_was_refused_may_ask_again(meetup: Meetup) -> None:
    first = claim(meetup)
    claim_decisions.refuse(first.id, "못 찾았어요", ORGANIZER)

    again = claim(meetup, name="김하늘", former="haneul@school.example")

    assert again.id != first.id
    assert again.person_id == first.person_id
    assert again.rank > first.rank


def test_asking_twice_is_asking_once(meetup: Meetup) -> None:
    first = claim(meetup)
    uid = newest_proof("new@example.com").uid

    with pytest.raises(DomainError, match="claim_asked"):
        claims.open_check(
            meetup.id,
            uid,
            tokens.claim_secret(keys().link, uid),
            Statement("다른 이름", None, "", ""),
            locale="en",
            said=said_to(meetup),
        )

    assert now_is(first).person.name == "김하늘"
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 1


def test_an_address_with_an_open_check_gets_the_way_to_it_by_mail(meetup: Meetup) -> None:
    asking = claim(meetup)

    asked(meetup, "new@example.com")

    proof = newest_proof("new@example.com")
    assert (proof.answer, proof.person_id) == (ProofAnswer.CODE, asking.person_id)


def test_who_asked_for_another_meetup_may_ask_for_this_one(meetup: Meetup) -> None:
    claim(meetup)
    other = make_meetup(meetup.program, cohorts=meetup.cohorts)

    asked(other, "new@example.com")

    assert newest_proof("new@example.com").answer is ProofAnswer.NOT_ON_ROSTER


@pytest.mark.parametrize("mode", [Mode.APPROVAL])
def test_with_approval_the_found_are_applicants(meetup: Meetup, mode: Mode) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = mode
    person = make_alumnus(meetup.cohorts[0])
    asking = claim(meetup)

    claim_decisions.link(asking.id, person.id, ORGANIZER)

    assert now_is(asking).status is Status.APPLIED


def _not_completed(meetup: Meetup) -> Person:
    return make_participant(meetup.cohorts[0])


def _of_another_programme(_meetup: Meetup) -> Person:
    return make_alumnus()


def _registered(meetup: Meetup) -> Person:
    person = make_alumnus(meetup.cohorts[0])
    make_registration(meetup, person)
    return person


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (_not_completed, "claim_not_eligible"),
        (_of_another_programme, "claim_person_unknown"),
        (_registered, "claim_person_registered"),
    ],
)
def test_nobody_becomes_somebody_who_may_not_come_or_has_a_place(
    meetup: Meetup, make: Callable[[Meetup], Person], code: str
) -> None:
    asking, person = claim(meetup), make(meetup)

    with pytest.raises(DomainError) as refused:
        claim_decisions.link(asking.id, person.id, ORGANIZER)

    assert refused.value.code == code
    end_reading()
    assert now_is(asking).status is Status.PENDING
    holder = select(PersonAddress.person_id).where(PersonAddress.address_key == "new@example.com")
    assert db.session.scalar(holder) == asking.person_id


def test_two_organizers_at_once_decide_once(app: Flask, meetup: Meetup) -> None:
    people = [make_alumnus(meetup.cohorts[0]) for _ in range(2)]
    asking = claim(meetup)
    registration_id, ids, seen = asking.id, [person.id for person in people], []
    end_reading()
    barrier = threading.Barrier(2)

    def decide(person_id: int) -> None:
        with app.app_context():
            barrier.wait(10)
            try:
                claim_decisions.link(registration_id, person_id, ORGANIZER)
                seen.append("linked")
            except DomainError as refusal:
                seen.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=decide, args=(number,)) for number in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == ["claim_decided", "linked"]
    acts = select(func.count()).where(AuditEntry.act == "claim.approved")
    assert db.session.scalar(acts) == 1


def test_two_presses_at_once_open_one_check(app: Flask, meetup: Meetup) -> None:
    uid, secret = link_of(meetup, "new@example.com")
    meetup_id, said, seen = meetup.id, said_to(meetup), list[str]()
    end_reading()
    barrier = threading.Barrier(4)

    def press() -> None:
        with app.app_context():
            barrier.wait(10)
            statement = Statement("김하늘", None, "", "")
            try:
                claims.open_check(meetup_id, uid, secret, statement, locale="ko", said=said)
                seen.append("opened")
            except DomainError as refusal:
                seen.append(refusal.code)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seen) == ["claim_asked"] * 3 + ["opened"]
    assert db.session.scalar(select(func.count()).select_from(Claim)) == 1


def test_cancelling_ends_an_open_check(meetup: Meetup) -> None:
    asking = claim(meetup)

    registrations.cancel(asking.id)

    with pytest.raises(DomainError, match="claim_decided"):
        claim_decisions.refuse(asking.id, "늦었어요", ORGANIZER)


def test_the_likely_are_shown_with_what_they_agree_in(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    same_name = make_alumnus(cohort, "김하늘")
    same_address = make_alumnus(cohort, "김서윤", "haneul@school.example")
    make_alumnus(cohort, "박도윤")
    asking = claim(meetup, cohort_id=cohort.id, former="haneul@school.example")
    found = claim_decisions.find(meetup.id, asking.reference)
    assert found

    matches = claim_matches.told(found, claim_matches.find(found))

    assert [(match.person.id, match.why) for match in matches] == [
        (same_address.id, {"address", "cohort"}),
        (same_name.id, {"name", "cohort"}),
    ]
    assert [
        match.person.name for match in claim_matches.told(found, claim_matches.find(found, "ㅂㄷㅇ"))
    ] == ["박도윤"]


def test_a_link_is_over_after_two_days(meetup: Meetup) -> None:
    uid, secret = link_of(meetup, "new@example.com")

    with (
        time_machine.travel(now() + dt.timedelta(days=2, minutes=1), tick=False),
        pytest.raises(DomainError, match="claim_link_over"),
    ):
        claims.require_link(meetup.id, uid, secret)


def test_an_address_on_the_roster_has_no_way_to_a_list_check(meetup: Meetup) -> None:
    make_alumnus(meetup.cohorts[0], address="haneul@example.com")
    uid, secret = link_of(meetup, "haneul@example.com")

    with pytest.raises(DomainError, match="claim_link_over"):
        claims.require_link(meetup.id, uid, secret)


def test_an_address_that_came_on_the_roster_meanwhile_is_sent_to_the_code(meetup: Meetup) -> None:
    uid, secret = link_of(meetup, "new@example.com")
    make_alumnus(meetup.cohorts[0], address="new@example.com")

    with pytest.raises(DomainError, match="claim_not_needed"):
        claims.open_check(
            meetup.id, uid, secret, Statement("김하늘", None, "", ""), locale="ko", said=said_to(meetup)
        )


def test_a_refused_check_of_somebody_found_later_gives_no_second_place(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    first = claim(meetup)
    claim_decisions.refuse(first.id, "못 찾았어요", ORGANIZER)
    claim_decisions.link(claim(meetup).id, person.id, ORGANIZER)

    with pytest.raises(DomainError, match="registered_again"):
        approvals.take_back(first.id, ORGANIZER)

    end_reading()
    assert now_is(first).person_id == person.id


def test_checks_open_at_two_meetups_are_of_the_found_person_and_both_decided(meetup: Meetup) -> None:
    other = make_meetup(meetup.program, cohorts=meetup.cohorts)
    person = make_alumnus(meetup.cohorts[0])
    here, there = claim(meetup), claim(other)
    claimant_id = here.person_id

    claim_decisions.link(here.id, person.id, ORGANIZER)
    assert db.session.get(Person, claimant_id) is None
    found = claim_decisions.find(other.id, there.reference)
    assert found
    [match] = claim_matches.told(found, claim_matches.find(found, person.name))
    claim_decisions.link(there.id, person.id, ORGANIZER)

    assert not match.is_registered
    assert [now_is(row).person_id for row in (here, there)] == [person.id] * 2
    assert [now_is(row).status for row in (here, there)] == [Status.CONFIRMED] * 2


def test_nobody_is_found_who_would_have_two_places_at_another_meetup(meetup: Meetup) -> None:
    other = make_meetup(meetup.program, cohorts=meetup.cohorts)
    person = make_alumnus(meetup.cohorts[0])
    here, there = claim(meetup), claim(other)
    make_registration(other, person)

    with pytest.raises(DomainError, match="claim_person_registered"):
        claim_decisions.link(here.id, person.id, ORGANIZER)

    end_reading()
    assert [now_is(row).status for row in (here, there)] == [Status.PENDING] * 2
    assert now_is(here).person_id == now_is(there).person_id != person.id


@pytest.mark.parametrize("completed", [True, False])
def test_whom_an_import_put_on_the_list_meanwhile_is_added_without_a_second_entry(
    meetup: Meetup, completed: bool
) -> None:
    cohort, asking = meetup.cohorts[0], claim(meetup)
    entry = make_entry(cohort, db.session.get_one(Person, asking.person_id), completed=completed)

    claim_decisions.add(asking.id, cohort.id, "다른 이름", ORGANIZER)

    assert now_is(asking).status is Status.CONFIRMED
    assert now_is(asking).person.name == "김하늘"
    entries = db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == asking.person_id)).all()
    assert [(each.id, each.completed) for each in entries] == [(entry.id, True)]


def test_whom_a_list_has_by_now_is_themselves_and_nobody_else(meetup: Meetup) -> None:
    cohort, asking = meetup.cohorts[0], claim(meetup)
    claimant_id = asking.person_id
    make_entry(cohort, db.session.get_one(Person, claimant_id))
    other = make_alumnus(cohort)

    with pytest.raises(DomainError, match="claim_person_listed"):
        claim_decisions.link(asking.id, other.id, ORGANIZER)
    end_reading()
    claim_decisions.link(asking.id, claimant_id, ORGANIZER)

    found = now_is(asking)
    assert (found.person_id, found.status) == (claimant_id, Status.CONFIRMED)


def test_proofs_of_two_meetups_answered_at_once_are_each_of_their_meetup(meetup: Meetup) -> None:
    other = make_meetup(meetup.program, cohorts=meetup.cohorts)
    asking = claim(meetup)
    uids = [
        proofs.ask(each.id, "new@example.com", locale="ko", client="192.0.2.1") for each in (meetup, other)
    ]

    answered = proof_answers.answer([uid for uid in uids if uid])

    said = [(answered[uid].proof.answer, answered[uid].proof.person_id) for uid in uids if uid]
    assert said == [(ProofAnswer.CODE, asking.person_id), (ProofAnswer.NOT_ON_ROSTER, None)]


def test_an_open_check_is_decided_and_not_cancelled_by_an_organizer(meetup: Meetup) -> None:
    asking = claim(meetup)

    with pytest.raises(DomainError, match="claim_decides"):
        registrations.decline(asking.id, ORGANIZER, "잘못 눌렀어요")

    end_reading()
    assert now_is(asking).status is Status.PENDING


def test_a_check_taken_back_is_as_if_nobody_had_decided_it(meetup: Meetup) -> None:
    asking = claim(meetup)
    claim_decisions.refuse(asking.id, "못 찾았어요", ORGANIZER)

    approvals.take_back(asking.id, ORGANIZER)

    end_reading()
    found = claim_decisions.find(meetup.id, asking.reference)
    assert found
    assert (found.decided_at, found.decided_by, found.reason, found.person_id) == (None, "", "", None)


def test_the_audit_keeps_who_was_found_to_be_whom(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    asking = claim(meetup)
    claimant_id = asking.person_id

    claim_decisions.link(asking.id, person.id, ORGANIZER)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "claim.approved")).one()
    assert entry.details == {"person": person.id, "claimant": claimant_id}
