"""What is still to be prepared for a meetup is read from what is there."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.models import AuditEntry, MeetupState
from app.services.mails import outbox
from app.services.organizing import meetup_states, notices, preparations
from app.services.organizing.preparations import Step
from tests.factories import make_alumnus, make_cohort, make_device, make_meetup
from tests.support.counting import statements
from tests.support.registering import owed, register

pytestmark = pytest.mark.usefixtures("app")


def test_each_step_is_done_by_doing_it_and_the_list_costs_one_question(app: Flask) -> None:
    cohort = make_cohort()
    meetup = make_meetup(
        cohorts=[cohort], state=MeetupState.DRAFT, description_ko="", contact_address="a@example.com"
    )

    def still_open(eligible: int) -> list[Step]:
        end_reading()
        return list(preparations.of_meetup(meetup, eligible=eligible).open)

    assert still_open(0) == list(Step)
    notices.save(meetup.id, notices.ready_made(meetup.program), "account:1", based_on=0)
    meetup_states.publish(meetup.id, "account:1")
    assert still_open(1) == [Step.TEXTS, Step.TOLD, Step.MAILS, Step.DOOR, Step.REHEARSAL]
    register(meetup, make_alumnus(cohort))
    assert still_open(1) == [Step.TEXTS, Step.MAILS, Step.DOOR, Step.REHEARSAL]
    outbox.settle_sent([mail.id for mail in owed()])
    make_device(meetup)
    assert still_open(1) == [Step.TEXTS, Step.REHEARSAL]
    for _ in range(2):
        preparations.practised(meetup.id, "account:1")
    said = select(func.count()).where(AuditEntry.act == preparations.PRACTISED)
    assert db.session.scalar(said) == 1
    with statements() as asked:
        assert still_open(1) == [Step.TEXTS]
    assert len([each for each in asked if "audit_entry" in each]) == 1
