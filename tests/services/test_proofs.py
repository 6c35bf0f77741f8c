"""Proving an address: codes, links, limits, and what the worker finds out."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask

from app.clock import now
from app.db import db, end_reading
from app.domain import tokens
from app.domain.errors import DomainError
from app.keys import keys
from app.models import AddressProof, Meetup, ProofAnswer
from app.services.registering import proof_answers, proofs
from config import Settings
from tests.factories import make_alumnus, make_cohort, make_meetup, make_participant, make_program
from tests.support.registering import asked, code_of, newest_proof, owed, register

pytestmark = pytest.mark.usefixtures("app")
HERE = "192.0.2.1"


def refusal(meetup: Meetup, uid: str, code: str, client: str = HERE) -> str | None:
    try:
        proofs.check_code(meetup.id, [uid], code, client=client)
    except DomainError as refused:
        return refused.code
    return None


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**8:08d}"


def test_the_right_code_proves_the_address_however_it_is_written() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)
    code = code_of(uid)

    assert refusal(meetup, uid, f" {code[:4]}-{code[4:]} ") is None
    assert proofs.standing(db.session(), meetup.id, uid).person_id == person.id


def test_the_sixth_try_fails_even_if_right() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)

    tries = [refusal(meetup, uid, wrong(code_of(uid))) for _ in range(5)]

    assert tries == ["code_wrong"] * 4 + ["code_used_up"]
    assert refusal(meetup, uid, code_of(uid)) == "code_used_up"


def test_tries_run_out_for_a_stranger_as_for_an_alumnus() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uids = [asked(meetup, person.addresses[0].address), asked(meetup, "stranger@example.com")]

    told = [[refusal(meetup, uid, wrong(code_of(uid))) for _ in range(6)] for uid in uids]

    assert told[0] == told[1]


def test_past_its_share_of_mails_the_code_mailed_before_is_taken_in_the_browser_that_asked_again() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid, unmailed = asked(meetup, person.addresses[0].address), tokens.uid()

    assert proofs.check_code(meetup.id, [unmailed, uid], code_of(uid), client=HERE) == uid


def test_asking_again_without_a_mail_gives_a_proof_no_more_tries() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)
    for _ in range(proofs.TRIES):
        refusal(meetup, uid, wrong(code_of(uid)))

    with pytest.raises(DomainError, match="code_wrong"):
        proofs.check_code(meetup.id, [tokens.uid(), uid], code_of(uid), client=HERE)


def test_tries_at_the_same_time_are_all_counted(app: Flask) -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)
    end_reading()
    meetup_id, code = meetup.id, wrong(code_of(uid))

    def attempt(_number: int) -> None:
        with app.app_context(), pytest.raises(DomainError):
            proofs.check_code(meetup_id, [uid], code, client=HERE)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(attempt, range(20)))

    assert newest_proof(person.addresses[0].address).tries == 20


def test_a_second_code_kills_the_first() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    address = person.addresses[0].address
    first, second = asked(meetup, address), asked(meetup, address)

    assert refusal(meetup, first, code_of(first)) == "code_wrong"
    assert refusal(meetup, second, code_of(second)) is None


def test_a_code_is_of_no_use_for_another_meetup_or_another_proof() -> None:
    cohort = make_cohort()
    meetup, other = make_meetup(cohorts=[cohort]), make_meetup(cohorts=[cohort])
    ana, ben = make_alumnus(cohort), make_alumnus(cohort)
    of_ana, of_ben = asked(meetup, ana.addresses[0].address), asked(meetup, ben.addresses[0].address)

    assert refusal(other, of_ana, code_of(of_ana)) == "code_wrong"
    assert refusal(meetup, of_ben, code_of(of_ana)) == "code_wrong"
    assert refusal(meetup, tokens.uid(), code_of(of_ana)) == "code_wrong"


def test_a_code_lives_ten_minutes_from_when_the_worker_sent_it() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = proofs.ask(meetup.id, person.addresses[0].address, locale="ko", client=HERE)
    assert uid

    with time_machine.travel(now() + dt.timedelta(minutes=25)):
        assert refusal(meetup, uid, code_of(uid)) == "code_wrong", "not sent yet"
        proof_answers.answer([uid])
    with time_machine.travel(now() + dt.timedelta(minutes=34)):
        assert refusal(meetup, uid, code_of(uid)) is None
    with time_machine.travel(now() + dt.timedelta(minutes=36)):
        assert refusal(meetup, uid, code_of(uid)) == "code_wrong"


def test_answering_again_gives_the_same_code_and_starts_its_time_anew() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)
    before = newest_proof(person.addresses[0].address).expires_at

    with time_machine.travel(now() + dt.timedelta(minutes=5)):
        again = proof_answers.answer([uid])[uid]

    assert again.proof.expires_at is not None
    assert before is not None
    assert again.proof.expires_at > before


def test_the_link_has_a_secret_of_its_own_and_dies_with_the_code() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    address = person.addresses[0].address
    first, second = asked(meetup, address), asked(meetup, address)
    secrets = {uid: tokens.proof_secret(keys().link, uid) for uid in (first, second)}

    with pytest.raises(DomainError, match="proof_unknown"):
        proofs.open_link(meetup.id, second, secrets[first])
    with pytest.raises(DomainError, match="proof_expired"):
        proofs.open_link(meetup.id, first, secrets[first])
    assert proofs.open_link(meetup.id, second, secrets[second]).proved_at


def test_asking_again_does_not_throw_out_who_has_proved_already() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    uid = asked(meetup, person.addresses[0].address)
    assert refusal(meetup, uid, code_of(uid)) is None

    asked(meetup, person.addresses[0].address, client="198.51.100.9")

    assert proofs.standing(db.session(), meetup.id, uid)


def test_the_worker_finds_who_may_come_who_may_not_and_who_is_unknown() -> None:
    program = make_program()
    cohort, other = make_cohort(program, 1), make_cohort(program, 2)
    meetup = make_meetup(program, cohorts=[cohort])
    people = {
        ProofAnswer.CODE: make_alumnus(cohort).addresses[0].address,
        ProofAnswer.NOT_ELIGIBLE: make_alumnus(other).addresses[0].address,
        ProofAnswer.NOT_ON_ROSTER: "nobody@example.com",
    }
    dropped_out = make_participant(cohort).addresses[0].address

    for expected, address in people.items():
        asked(meetup, address)
        assert newest_proof(address).answer is expected
    asked(meetup, dropped_out)
    assert newest_proof(dropped_out).answer is ProofAnswer.NOT_ELIGIBLE


def test_an_address_of_another_programme_is_not_on_this_roster() -> None:
    cohort, foreign = make_cohort(), make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    address = make_alumnus(foreign).addresses[0].address

    asked(meetup, address)

    assert newest_proof(address).answer is ProofAnswer.NOT_ON_ROSTER


def test_who_is_registered_already_is_answered_with_their_registration() -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    held = register(meetup, person)
    uid = proofs.ask(meetup.id, person.addresses[0].address, locale="ko", client=HERE)
    assert uid

    answered = proof_answers.answer([uid])[uid]

    assert answered.registration
    assert answered.registration.id == held.id


def test_past_its_share_an_address_gets_no_mail_and_its_last_code_lives_on(settings: Settings) -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    address = person.addresses[0].address
    uids = [asked(meetup, address) for _ in range(settings.MAILS_PER_ADDRESS_HOUR)]

    assert proofs.ask(meetup.id, f" {address.upper()} ", locale="ko", client=HERE) is None
    assert len(owed("proof")) == settings.MAILS_PER_ADDRESS_HOUR
    assert refusal(meetup, uids[-1], code_of(uids[-1])) is None


def test_a_day_has_at_most_so_many_codes(settings: Settings) -> None:
    cohort = make_cohort()
    meetup, person = make_meetup(cohorts=[cohort]), make_alumnus(cohort)
    address, start, given = person.addresses[0].address, now(), 0

    for hour in range(6):
        with time_machine.travel(start + dt.timedelta(hours=1.1 * hour)):
            for _ in range(settings.MAILS_PER_ADDRESS_HOUR):
                given += proofs.ask(meetup.id, address, locale="ko", client=f"192.0.2.{hour}") is not None

    assert given == settings.CODES_PER_ADDRESS_DAY


def test_what_the_hour_refuses_takes_nothing_of_the_day(settings: Settings) -> None:
    meetup, start = make_meetup(cohorts=[make_cohort()]), now()

    def given(hours: float) -> int:
        with time_machine.travel(start + dt.timedelta(hours=hours)):
            asking = range(settings.CODES_PER_ADDRESS_DAY)
            return sum(
                proofs.ask(meetup.id, "ana@example.com", locale="ko", client=HERE) is not None for _ in asking
            )

    assert given(0) == settings.MAILS_PER_ADDRESS_HOUR
    assert given(1.1) == settings.CODES_PER_ADDRESS_DAY - settings.MAILS_PER_ADDRESS_HOUR


def test_a_client_past_its_limit_takes_nothing_from_the_address_it_asks_for(settings: Settings) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    for number in range(settings.ASKS_PER_CLIENT_HOUR):
        proofs.ask(meetup.id, f"someone{number}@example.com", locale="ko", client=HERE)
    for _ in range(settings.CODES_PER_ADDRESS_DAY):
        with pytest.raises(DomainError, match="too_many_proofs"):
            proofs.ask(meetup.id, "ana@example.com", locale="ko", client=HERE)

    elsewhere = [
        proofs.ask(meetup.id, "ana@example.com", locale="ko", client="198.51.100.7")
        for _ in range(settings.MAILS_PER_ADDRESS_HOUR)
    ]

    assert all(elsewhere)


def test_a_client_that_asks_for_ever_more_addresses_is_refused(settings: Settings) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    for number in range(settings.ASKS_PER_CLIENT_HOUR):
        proofs.ask(meetup.id, f"someone{number}@example.com", locale="ko", client=HERE)

    with pytest.raises(DomainError, match="too_many_proofs"):
        proofs.ask(meetup.id, "one.more@example.com", locale="ko", client=HERE)
    assert proofs.ask(meetup.id, "one.more@example.com", locale="ko", client="198.51.100.7")


def test_spraying_wrong_codes_over_many_proofs_is_refused_and_right_ones_cost_nothing(
    settings: Settings,
) -> None:
    cohort = make_cohort()
    meetup = make_meetup(cohorts=[cohort])
    people = [make_alumnus(cohort) for _ in range(3)]
    right = [asked(meetup, person.addresses[0].address) for person in people]
    assert refusal(meetup, right[0], code_of(right[0])) is None

    for _ in range(settings.ASKS_PER_CLIENT_HOUR):
        assert refusal(meetup, tokens.uid(), "12345678") == "code_wrong"

    assert refusal(meetup, right[1], code_of(right[1])) == "too_many_codes"
    assert refusal(meetup, right[1], code_of(right[1]), client="198.51.100.7") is None


def test_old_proofs_are_deleted() -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    asked(meetup, "someone@example.com")

    assert proofs.discard_old() == 0
    with time_machine.travel(now() + dt.timedelta(days=3)):
        assert proofs.discard_old() == 1
    assert db.session.query(AddressProof).count() == 0
