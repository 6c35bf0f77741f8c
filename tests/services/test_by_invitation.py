"""A meetup by invitation: who is invited registers, others of the list are told so by mail alone."""

from __future__ import annotations

import pytest
from flask import Flask

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.domain.seating.modes import Mode
from app.models import Meetup, ProofAnswer, Registration, Status
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.registering import claim_decisions, registrations
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.support.claiming import claim
from tests.support.registering import asked, newest_proof, proof_for, register


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    cohort = make_cohort()
    return make_meetup(
        cohorts=[cohort], capacity=1, mode=Mode.INVITATION, contact_address="office@example.com"
    )


def invite(meetup: Meetup, *people: int) -> None:
    end_reading()
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset(people)), "", "account:1")


def test_only_who_is_invited_registers_and_of_these_whoever_comes_first(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    first, second, other = (make_alumnus(cohort) for _ in range(3))
    invite(meetup, first.id, second.id)

    with pytest.raises(DomainError, match="not_invited"):
        register(meetup, other)

    assert [register(meetup, each).status for each in (first, second)] == [
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]
    invite(meetup, other.id)
    assert register(meetup, other).status is Status.WAITLISTED


def test_others_of_the_list_read_in_their_mail_that_it_is_by_invitation(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    invited, other = (
        make_alumnus(cohort, address="in@example.com"),
        make_alumnus(cohort, address="out@example.com"),
    )
    invite(meetup, invited.id)

    for address in ("in@example.com", "out@example.com", "stranger@example.com"):
        asked(meetup, address)

    answers = [newest_proof(f"{name}@example.com").answer for name in ("in", "out", "stranger")]
    assert answers == [ProofAnswer.CODE, ProofAnswer.NOT_INVITED, ProofAnswer.NOT_ON_ROSTER]
    with pytest.raises(DomainError, match="not_invited"):
        registrations.register(meetup.id, proof_for(meetup, other))


def test_a_list_check_of_somebody_uninvited_waits_for_the_invitation(meetup: Meetup) -> None:
    person = make_alumnus(meetup.cohorts[0])
    checked = claim(meetup, "new@example.com")

    with pytest.raises(DomainError, match="claim_not_invited"):
        claim_decisions.link(checked.id, person.id, "account:1")
    invite(meetup, person.id)
    claim_decisions.link(checked.id, person.id, "account:1")

    end_reading()
    assert db.session.get_one(Registration, checked.id).status is Status.CONFIRMED
