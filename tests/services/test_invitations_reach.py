"""Whom invitations reach when things change between the press and the mail, and who comes without a mail."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.inviting import Hindrance
from app.domain.seating.modes import Mode
from app.models import (
    MailState,
    Meetup,
    MeetupInvitation,
    MeetupState,
    OutboxMail,
    Person,
    PersonAddress,
    ProofAnswer,
    Registration,
    RosterEntry,
    Status,
)
from app.services.alumni import people
from app.services.inviting import candidates, invitation_fates, letting_in, meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import outbox, writing
from app.services.registering import claim_decisions, proof_answers, proofs, registrations
from tests.factories import make_alumnus, make_cohort, make_meetup
from tests.support.claiming import claim
from tests.support.registering import all_go_out, asked, code_of, newest_proof, owed, register

DAY = dt.timedelta(days=1, minutes=1)
ORGANIZER, CLIENT = "account:1", "192.0.2.9"


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup(cohorts=[make_cohort()], mode=Mode.INVITATION, contact_address="office@example.com")


def invite(meetup: Meetup, *invited: Person) -> int:
    end_reading()
    chosen = Choice(frozenset(), frozenset(each.id for each in invited))
    return meetup_invitations.invite(meetup.id, chosen, "", ORGANIZER)


def fates(meetup: Meetup) -> list[str]:
    end_reading()
    stands = invitation_fates.of_meetup(db.session(), db.session.get_one(Meetup, meetup.id))
    return [stand.fate.value for stand in stands]


def invitation_of(person: Person) -> MeetupInvitation:
    end_reading()
    return db.session.scalars(select(MeetupInvitation).where(MeetupInvitation.person_id == person.id)).one()


def worker_turn() -> dict[str, str]:
    """What the worker does with what is due; where each of the messages goes, by kind of mail."""
    at = now()
    due = [mail for mail in owed() if mail.state is MailState.QUEUED and mail.due_at <= at]
    outcome = writing.write(due)
    sent = {mail.kind: mail.address for mail in due if mail.id in outcome.messages}
    end_reading()
    outbox.settle_dropped(outcome.dropped)
    outbox.put_off(outcome.later)
    outbox.settle_sent(list(outcome.messages))
    return sent


def set_state(meetup: Meetup, state: MeetupState) -> None:
    with transaction() as session:
        session.get_one(Meetup, meetup.id).state = state


def test_while_registration_is_closed_invitations_wait_and_go_out_when_it_is_open_again(
    meetup: Meetup,
) -> None:
    invite(meetup, make_alumnus(meetup.cohorts[0], "하늘", "haneul@example.com"))
    set_state(meetup, MeetupState.CLOSED)

    assert worker_turn() == {}
    assert worker_turn() == {}
    assert fates(meetup) == ["queued"]
    set_state(meetup, MeetupState.PUBLISHED)
    with time_machine.travel(now() + outbox.PUT_OFF):
        assert worker_turn() == {"invitation": "haneul@example.com"}
    assert fates(meetup) == ["silent"]


def test_an_invitation_goes_to_who_may_still_come_at_the_address_that_is_still_theirs(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    stays, leaves, vanishes = (make_alumnus(cohort, each, f"{each}@example.com") for each in "abc")
    invite(meetup, stays, leaves, vanishes)
    people.add_address(meetup.program_id, stays.id, "new@example.com", ORGANIZER)
    with transaction() as session:
        session.execute(delete(RosterEntry).where(RosterEntry.person_id == leaves.id))
        gone = PersonAddress.address.in_(["a@example.com", "c@example.com"])
        session.execute(delete(PersonAddress).where(gone))

    with time_machine.travel(now() + dt.timedelta(minutes=1)):
        assert worker_turn() == {"invitation": "new@example.com"}
    assert invitation_of(stays).address == "new@example.com"
    assert fates(meetup) == ["silent", "unsent", "unsent"]
    with time_machine.travel(now() + DAY):
        assert meetup_invitations.remind(meetup.id, "", ORGANIZER) == 1
    with transaction() as session:
        session.execute(delete(PersonAddress).where(PersonAddress.address == "new@example.com"))
        session.add(
            PersonAddress(
                program_id=meetup.program_id,
                person_id=stays.id,
                address="newer@example.com",
                address_key="newer@example.com",
            )
        )
    meetup_invitations.ask(invitation_of(stays), locale="ko", client=CLIENT)
    assert owed("proof")[-1].address == "newer@example.com"
    assert meetup_invitations.ask(invitation_of(vanishes), locale="ko", client=CLIENT) is None


def test_whoever_presses_at_a_forwarded_link_neither_voids_a_code_nor_uses_up_the_persons_mails(
    app: Flask, meetup: Meetup
) -> None:
    person = make_alumnus(meetup.cohorts[0], "하늘", "haneul@example.com")
    invite(meetup, person)
    theirs = asked(meetup, "haneul@example.com", client=CLIENT)
    at_the_link = [
        meetup_invitations.ask(invitation_of(person), locale="ko", client=f"192.0.2.{n}")
        for n in range(20, 30)
    ]

    given = [uid for uid in at_the_link if uid]
    assert len(given) == app.config["SETTINGS"].MAILS_PER_ADDRESS_HOUR
    proof_answers.answer(given)
    assert newest_proof("haneul@example.com").answer is ProofAnswer.CODE
    with pytest.raises(DomainError, match="code_wrong"):
        proofs.check_code(meetup.id, [given[0]], code_of(theirs), client="192.0.2.20")
    assert proofs.check_code(meetup.id, [given[1]], code_of(given[1]), client="192.0.2.21")
    assert proofs.check_code(meetup.id, [theirs], code_of(theirs), client=CLIENT)
    assert proofs.ask(meetup.id, "haneul@example.com", locale="ko", client=CLIENT)


def test_who_cannot_be_mailed_is_let_in_without_a_mail_and_an_invitation_is_taken_back(
    meetup: Meetup,
) -> None:
    cohort = meetup.cohorts[0]
    mute, mailed, comes = (make_alumnus(cohort, each, f"{each}@example.com") for each in "abc")
    with transaction() as session:
        session.execute(delete(PersonAddress).where(PersonAddress.person_id == mute.id))
    everybody = frozenset({mute.id, mailed.id, comes.id})
    invite(meetup, comes)

    assert letting_in.let_in(meetup.id, everybody, ORGANIZER) == 1
    assert fates(meetup) == ["queued", "unsent"]
    people.add_address(meetup.program_id, mute.id, "found@example.com", ORGANIZER)
    assert register(meetup, db.session.get_one(Person, mute.id)).status is Status.CONFIRMED

    with pytest.raises(DomainError, match="nobody_to_let_in"):
        letting_in.let_in(meetup.id, everybody, ORGANIZER)
    registered = register(meetup, comes)
    for each in (comes, mute):
        letting_in.withdraw(meetup.id, invitation_of(each).id, ORGANIZER)
    with pytest.raises(DomainError, match="meetup_invitation_gone"):
        letting_in.withdraw(meetup.id, 10**6, ORGANIZER)
    assert fates(meetup) == []
    assert db.session.get_one(Registration, registered.id).status is Status.CONFIRMED
    invite(meetup, mailed)
    letting_in.withdraw(meetup.id, invitation_of(mailed).id, ORGANIZER)
    assert "invitation" not in worker_turn()
    with pytest.raises(DomainError, match="not_invited"):
        register(meetup, mailed)


def test_who_waits_for_a_list_check_can_be_invited_and_then_be_approved(meetup: Meetup) -> None:
    checked, cohort = claim(meetup, "new@example.com"), meetup.cohorts[0]
    with pytest.raises(DomainError, match="claim_not_invited"):
        claim_decisions.add(checked.id, cohort.id, "김하늘", ORGANIZER)
    person = db.session.get_one(Person, checked.person_id)
    with transaction() as session:
        session.add(
            RosterEntry(
                cohort_id=cohort.id,
                person_id=person.id,
                address_key="new@example.com",
                name="김하늘",
                completed=True,
            )
        )

    assert invite(meetup, person) == 1
    claim_decisions.add(checked.id, cohort.id, "김하늘", ORGANIZER)

    end_reading()
    assert db.session.get_one(Registration, checked.id).status is Status.CONFIRMED
    (found,) = candidates.of_meetup(db.session(), db.session.get_one(Meetup, meetup.id))
    assert found.hindrance is Hindrance.INVITED


def test_who_cancelled_before_they_were_invited_has_not_answered_the_invitation(app: Flask) -> None:
    meetup = make_meetup(cohorts=[make_cohort()])
    person = make_alumnus(meetup.cohorts[0])
    registrations.cancel(register(meetup, person).id)
    with time_machine.travel(now() + DAY):
        invite(meetup, person)
        all_go_out()
        assert fates(meetup) == ["silent"]
        refused = register(meetup, person)
        with transaction() as session:
            session.get_one(Registration, refused.id).status = Status.DECLINED
        assert fates(meetup) == ["silent"]
        assert db.session.scalars(select(OutboxMail.kind).where(OutboxMail.kind == "invitation")).one()
