"""Finding what was done: by the meetup that it belongs to, whatever it was about, and by each of many people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading, transaction
from app.domain.registering.registrations import Status
from app.models import AuditEntry, DeviceRole, Meetup, MeetupMembership, Registration, Role
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


class _Counted(dict[str, str]):
    """The details by which many are named, counting how often one is looked into."""

    read = 0

    def __getitem__(self, act: str) -> str:
        self.read += 1
        return super().__getitem__(act)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> _Counted:
    found = _Counted(kinds.NAMING)
    monkeypatch.setattr(kinds, "NAMING", found)
    return found


def tagged(row: Registration, number: int) -> None:
    for each in range(number):
        tags.change(row.meetup_id, [row.id], "account:1", add=[f"t{each}"])


def test_what_was_done_to_many_is_read_no_further_than_the_page_that_is_shown(
    meetup: Meetup, counted: _Counted
) -> None:
    cohort = make_cohort(meetup.program)
    hers, his = (make_registration(meetup, make_alumnus(cohort, name)) for name in ("남궁솔", "한빛"))
    tagged(hers, 6)
    with transaction() as session:
        for _ in range(3):
            audit.record(session, "registration.cancelled", hers, "account:1", program_id=meetup.program_id)
    tagged(his, 4)
    end_reading()

    def page(before: int | None = None, *, size: int = 2, **wanted: Any) -> Sequence[AuditEntry]:
        counted.read = 0
        found = Wanted(search="남궁솔", **wanted)
        return trail.page(meetup.program_id, found, before=before, size=size)

    everything = page(size=50)
    assert [entry.act for entry in everything] == ["registration.cancelled"] * 3 + [
        "registrations.tagged"
    ] * 6
    page()
    assert counted.read == 4, "his, which are newer than the third of hers"
    page(acts=frozenset({"registrations.tagged"}))
    assert counted.read == 4 + 3
    page(acts=frozenset({"registration.cancelled"}))
    assert counted.read == 0
    page(since=everything[0].at + dt.timedelta(hours=1))
    assert counted.read == 0
    page(everything[4].id)
    assert counted.read == 3


def test_older_and_older_pages_have_each_entry_once_and_in_order(meetup: Meetup) -> None:
    cohort = make_cohort(meetup.program)
    hers, his = (make_registration(meetup, make_alumnus(cohort, name)) for name in ("남궁솔", "한빛"))
    for number in range(6):
        rows = [hers.id, his.id] if number % 2 else [hers.id if number % 4 else his.id]
        tags.change(meetup.id, rows, "account:1", add=[f"t{number}"])
        with transaction() as session:
            act, by = (
                ("registration.cancelled", "account:2") if number % 3 else ("person.viewed", "account:1")
            )
            subject = f"person:{hers.person_id}" if act == "person.viewed" else hers
            audit.record(session, act, subject, by, program_id=meetup.program_id)
    end_reading()
    every = [Wanted(search=name, actor=actor) for name in ("남궁솔", "한빛") for actor in ("", "account:1")]

    for wanted in every:
        whole = [row.id for part in trail.stream(meetup.program_id, wanted) for row in part]
        for size in (1, 2, 3, 50):
            seen: list[int] = []
            more = True
            while more:
                before = seen[-1] if seen else None
                page = trail.page(meetup.program_id, wanted, before=before, size=size)
                more = len(page) > size
                seen += [entry.id for entry in page[:size]]
            assert seen == whole[::-1]
    assert len(whole) == 5, "of him"
