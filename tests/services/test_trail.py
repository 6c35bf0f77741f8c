"""Finding what was done: by the meetup that it belongs to, whatever it was about, and by each of many people."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.registering.registrations import Status
from app.models import DeviceRole, Meetup, MeetupMembership, Role
from app.services import audit
from app.services.auditing import kinds, trail
from app.services.auditing.trail import Wanted
from app.services.door import devices
from app.services.organizing import tags
from app.services.seating import waitlist
from app.services.staff import invitations, meetup_members
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_device,
    make_helper,
    make_meetup,
    make_member,
    make_registration,
)


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    return make_meetup()


def acts(meetup: Meetup, **wanted: object) -> list[str]:
    """What is found of it, the oldest first."""
    end_reading()
    found = trail.page(meetup.program_id, Wanted(**wanted), before=None, size=100)  # type: ignore[arg-type]
    return [entry.act for entry in reversed(found)]


def test_what_hangs_on_a_meetup_is_found_by_it_also_when_it_is_gone(meetup: Meetup) -> None:
    owner, other = make_member(meetup.program, Role.OWNER), make_meetup(meetup.program)
    by = f"account:{owner.id}"
    for each in (meetup, other):
        device, _ = make_device(each, DeviceRole.SCAN)
        devices.revoke(each.id, device.id, by)
        helper = make_helper(each)
        end_reading()
        of_helper = MeetupMembership.account_id == helper.id
        held = db.session.scalars(select(MeetupMembership.id).where(of_helper)).one()
        meetup_members.remove(each, held, by=owner.id)
        address = f"helper{each.id}@example.com"
        invitations.invite(each.program_id, address, Role.DOOR, by=owner.id, locale="en", meetup_id=each.id)

    found = acts(meetup, meetup_id=meetup.id)

    assert found[-3:] == ["device.revoked", "member.removed", "invitation.sent"]
    assert found == acts(meetup, meetup_id=other.id)


@pytest.mark.parametrize("kind", sorted(kinds.OF_MEETUP))
def test_every_kind_of_a_meetup_is_asked_for_its_meetup(meetup: Meetup, kind: str) -> None:
    with transaction() as session:
        audit.record(session, "view.kept", f"{kind}:999", audit.WORKER, program_id=meetup.program_id)
        audit.record(
            session, "view.kept", f"{kind}:998", audit.WORKER, program_id=meetup.program_id, meetup=meetup.id
        )

    assert acts(meetup, meetup_id=meetup.id) == ["view.kept"]


def test_a_kind_that_nobody_taught_us_is_refused(meetup: Meetup) -> None:
    with pytest.raises(KeyError), transaction() as session:
        audit.record(session, "view.kept", "unheard:1", audit.WORKER, program_id=meetup.program_id)


def test_whoever_is_one_of_many_is_found_by_their_name(meetup: Meetup) -> None:
    cohort = make_cohort(meetup.program)
    waiting = [
        make_registration(meetup, make_alumnus(cohort, name), status=Status.WAITLISTED)
        for name in ("남궁솔", "한빛")
    ]
    make_registration(meetup, make_alumnus(cohort, "임꺽정"), status=Status.WAITLISTED)
    tags.change(meetup.id, [row.id for row in waiting], "account:1", add=["vip"])
    waitlist.confirm_all(meetup.id, [row.id for row in waiting], "wrote to us", "account:1")

    assert acts(meetup, search="한빛") == ["registrations.tagged", "registrations.seated"]
    assert acts(meetup, search="임꺽정") == []
