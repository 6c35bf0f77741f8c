"""Evenings drawn at random, lived through at the real endpoint in several orders of upload."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.door import ledger
from app.models import CheckIn, CheckInKind, DeviceRole, Meetup, MeetupState, Registration, Status
from app.services.door import checkin_undo, door_conflicts, door_release, door_standing, kiosks
from app.services.door.door_sights import Conflict, Sight
from app.services.organizing import meetup_states
from app.services.registering import registration_changes, registrations, tickets
from app.services.seating import waitlist
from tests.factories import code_of, make_account, make_meetup, make_registration, make_ticket
from tests.support.door import Phone, override_of, scan
from tests.support.histories import EVENING_SECONDS, Evening, Final, Guest, Shown, draw, instant

EVENINGS, ORDERS = 5, 3  # all 50 in tests/soak


class Door:
    """A meetup at which one evening happens, its uploads in one of its orders."""

    def __init__(self, app: Flask, evening: Evening) -> None:
        self.evening = evening
        self.meetup: Meetup = make_meetup(door_tracks_exits=evening.seed % 2 == 0, promotion_paused_at=now())
        self.registrations = [self._registered(guest) for guest in evening.guests]
        self.codes = {(n, 1): code_of(each) for n, each in enumerate(self.registrations)}
        opened = now()
        self.start = opened + dt.timedelta(hours=1)
        kiosks.set_code(self.meetup.id, "482913", "account:1")
        roles = [
            DeviceRole.KIOSK if n in evening.tablets else DeviceRole.SUPERVISE
            for n in range(len(evening.skews))
        ]
        self.phones = [Phone(app, self.meetup, role, created_at=opened) for role in roles]
        self.chief = Phone(app, self.meetup, DeviceRole.SUPERVISE, created_at=opened)
        self.answers: dict[str, dict[str, Any]] = {}

    def _registered(self, guest: Guest) -> Registration:
        """Who waits had a seat before and lost it at a door, so they have a ticket."""
        companions = guest.party - 1
        if guest.promoted is None:
            return make_registration(self.meetup, companions=companions)
        waiting = make_registration(self.meetup, status=Status.WAITLISTED, companions=companions)
        make_ticket(waiting)
        return waiting

    def live(self, order: int) -> None:
        """Cancellations, reissues, promotions, releases and a call-off of a second come before its scans, undos after them."""
        steps: list[tuple[int, int, Any]] = []
        if self.evening.called_off is not None:
            steps.append((self.evening.called_off, 0, (self._call_off, "a flood")))
        for number, guest in enumerate(self.evening.guests):
            steps += [(guest.cancelled, 0, (self._cancel, number))] if guest.cancelled is not None else []
            steps += [(guest.reissued, 0, (self._reissue, number))] if guest.reissued is not None else []
            steps += [(guest.promoted, 0, (self.promote, number))] if guest.promoted is not None else []
            steps += [(guest.released, 0, (self._release, number))] if guest.released is not None else []
            steps += [(guest.undone[1], 2, (self.undo, guest.undone[0]))] if guest.undone else []
        steps += [(at, 1, (self._upload, batch)) for at, batch in self.evening.uploads(order)]
        for at, _, (act, what) in sorted(steps, key=lambda step: step[:2]):
            with time_machine.travel(instant(self.start, at), tick=False):
                act(what)

    def _cancel(self, number: int) -> None:
        registrations.cancel(self.registrations[number].id)

    def _reissue(self, number: int) -> None:
        tickets.reissue(self.registrations[number].id, "account:1")
        self.codes[number, 2] = code_of(self.registrations[number])

    def _call_off(self, reason: str) -> None:
        """The desk does so only while the server knows of nobody inside; the ledger's rule needs no such luck."""
        with transaction() as session:
            meetup = Meetup.locked(session, self.meetup.id)
            meetup.state, meetup.called_off_at, meetup.called_off_reason = (
                MeetupState.CALLED_OFF,
                now(),
                reason,
            )

    def _release(self, number: int) -> None:
        """Their seat goes to somebody who is there: who that is concerns nobody here."""
        with transaction() as session:
            row = session.get_one(Registration, self.registrations[number].id)
            registration_changes.change(session, [row], Status.WAITLISTED, "account:1", door_release.GAVE)

    def promote(self, number: int) -> None:
        waitlist.confirm(self.registrations[number].id, "a seat is free", "account:1")

    def undo(self, scan_id: str) -> None:
        response = self.chief.post(
            "undo",
            {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, scan_id)), "undoes": scan_id, "reason": "mistaken"},
        )
        assert response.status_code == 200, f"seed {self.evening.seed}: {response.text}"

    def _upload(self, batch: list[Shown]) -> None:
        """Each phone sends its own of the batch; what was answered before is answered alike."""
        for number, phone in enumerate(self.phones):
            skew = dt.timedelta(seconds=self.evening.skews[number])
            own = [each for each in batch if each.phone == number]
            bodies = [self._body(each, skew) for each in own]
            bodies += [self._party(each, skew) for each in own if each.admits]
            bodies += [self._override(each, skew) for each in own if each.overridden]
            outcomes = phone.send(*bodies, sent_at=(now() + skew).isoformat()) if bodies else []
            for outcome in outcomes:
                told = {key: value for key, value in outcome.items() if key not in ("replayed", "party")}
                assert self.answers.setdefault(outcome["id"], told) == told, f"seed {self.evening.seed}"
            self._counted(own, {each["id"]: each for each in outcomes if not each["replayed"]})

    def _counted(self, own: list[Shown], outcomes: dict[str, dict[str, Any]]) -> None:
        """Whoever is welcomed is counted, by this scan or by a later one of the same people."""
        end_reading()
        for shown in own:
            outcome = outcomes.get(shown.scan_id)
            if outcome and outcome["verdict"] == "ok":
                row = self.registrations[shown.guest].id
                held = door_standing.read(db.session.connection(), row)
                counting = held.standing.taken.keys() | ledger.overtaking(held.passages, held.undone).keys()
                sent_on = shown.said == 0 and shown.phone in self.evening.tablets and not shown.told_late
                assert sent_on or shown.scan_id in counting, f"seed {self.evening.seed}: {shown}"
                assert not sent_on or outcome["party"]["by_this"] == 0

    def _body(self, shown: Shown, skew: dt.timedelta) -> dict[str, Any]:
        return scan(
            id=shown.scan_id,
            kind="exit" if shown.leaves else "entry",
            code=self.codes[shown.guest, shown.revision],
            scanned_at=(instant(self.start, shown.at) + skew).isoformat(),
            let_in=None if shown.told_late and shown.scan_id not in self.answers else shown.let_in,
        )

    def _party(self, shown: Shown, skew: dt.timedelta) -> dict[str, Any]:
        return {
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, shown.scan_id)),
            "kind": "party",
            "of": shown.scan_id,
            "admits": shown.admits,
            "scanned_at": (instant(self.start, shown.at) + skew).isoformat(),
        }

    def _override(self, shown: Shown, skew: dt.timedelta) -> dict[str, Any]:
        at = (instant(self.start, shown.at) + skew).isoformat()
        key = str(uuid.uuid5(uuid.NAMESPACE_DNS, shown.scan_id))
        return override_of(shown.scan_id, id=key, scanned_at=at)

    def final(self, guest: int) -> Final:
        """How the guest stands as the registration says, and the conflicts as the ledger tells them."""
        end_reading()
        row = db.session.get_one(Registration, self.registrations[guest].id, populate_existing=True)
        by = db.session.get(CheckIn, row.admitted_by_id) if row.admitted_by_id else None
        held = door_standing.read(db.session.connection(), row.id).standing
        assert row.admitted_at == (by.corrected_at if by else None)
        assert row.left_at == (held.left.at if held.left else None)
        return Final(
            by.scan_id if by else None,
            frozenset(
                (each.entry.scan_id, each.first.scan_id if each.first else None) for each in held.conflicts
            ),
            row.admitted_count,
            row.admitted_count - row.left_count,
            held.left.scan_id if held.left else None,
        )

    def conflicts(self) -> list[Conflict]:
        """What organizers are told, and each phone of its part in it."""
        end_reading()
        listed = door_conflicts.of(self.meetup.id)
        with time_machine.travel(instant(self.start, 2 * EVENING_SECONDS), tick=False):
            for phone in (each for each in self.phones if each.device.role is not DeviceRole.KIOSK):
                state = phone.get("state").json or {}
                own = {
                    each.scan_id
                    for each in listed
                    if each.let_in and phone.device.id in (each.again.device_id, _device(each.first))
                }
                told = {each["id"] for each in state["conflicts"] if each["kind"] != "override"}
                assert told == own
        return listed

    def was_let_in(self, shown: Shown) -> bool:
        """What the phone knows of it, or was told at once, or else may have done."""
        if shown.said is not None or not shown.online:
            return shown.said != 0
        return bool(self.answers[shown.scan_id]["verdict"] == "ok")

    def scans(self) -> list[str]:
        end_reading()
        entries = select(CheckIn.scan_id).where(
            CheckIn.meetup_id == self.meetup.id, CheckIn.kind.in_([CheckInKind.ENTRY, CheckInKind.EXIT])
        )
        return sorted(db.session.scalars(entries))


Told = tuple[
    str, str, tuple[int, int] | None
]  # kind, scan, second and phone of the one by which they were in


def live_through(app: Flask, seed: int) -> None:
    """One evening in several orders: no scan missing, none twice, one final state and one list of conflicts."""
    evening = draw(seed)
    for order in range(ORDERS):
        door = Door(app, evening)
        door.live(order)

        assert door.scans() == sorted(each.scan_id for each in evening.scans), f"seed {seed}, order {order}"
        for guest in range(len(evening.guests)):
            told = door.final(guest)
            assert told == evening.expected(guest), f"seed {seed}, order {order}, guest {guest}"
        assert listed(door) == to_be_listed(evening), f"seed {seed}, order {order}"


def listed(door: Door) -> set[Told]:
    """The conflicts that rest on the scans alone: how many the server let in at once depends on what it knew."""
    shown = {each.scan_id: each for each in door.evening.scans}
    numbers = {phone.device.id: number for number, phone in enumerate(door.phones)}
    found: set[Told] = set()
    for each in door.conflicts():
        scan = shown[each.scan_id]
        if each.kind == "too_many" and scan.said is None:
            assert door.answers[each.scan_id]["verdict"] == "ok"
            continue
        assert each.let_in == door.was_let_in(scan) or each.kind in ("cancelled", "old_list")
        first = each.first and (
            round((each.first.at - door.start).total_seconds()),
            numbers[each.first.device_id or 0],
        )
        found.add(("twice" if each.kind in ("again", "too_many") else each.kind, each.scan_id, first))
    return found


def to_be_listed(evening: Evening) -> set[Told]:
    """Told by somebody who saw it all."""
    ends = [evening.expected(guest) for guest in range(len(evening.guests))]
    sights = {each.scan_id: (each.at, each.phone) for each in evening.scans}
    good = {each.scan_id for each in evening.scans if evening.is_good(each)}
    found: set[Told] = {
        ("twice", again, sights[first] if first else None) for end in ends for again, first in end.conflicts
    }
    for guest, end in zip(evening.guests, ends, strict=True):
        if guest.lost is not None and end.first in good:
            found.add(("cancelled", end.first, None))
    refused = [each for each in evening.scans if not each.leaves and not evening.opens(each)]
    refused = [each for each in refused if not evening.waits(each)]  # no list ever had them as good
    return found | {
        ("old_list", each.scan_id, None) for each in refused if not each.online and each.let_in != 0
    }


def _device(sight: Sight | None) -> int | None:
    return sight.device_id if sight else None


@pytest.mark.parametrize("seed", range(EVENINGS))
def test_an_evening_at_the_endpoint_has_one_final_state_in_whatever_order_the_phones_upload(
    app: Flask, seed: int
):
    live_through(app, seed)


def test_a_scan_made_before_the_ticket_was_cancelled_is_admitted_when_it_arrives_and_never_refused_later(
    app: Flask,
):
    evening = Evening(0, [0], [])
    door = Door(app, evening)
    registration = make_registration(door.meetup)
    made = scan(code=code_of(registration), scanned_at=instant(door.start, 0).isoformat())
    with time_machine.travel(instant(door.start, 60), tick=False):
        registrations.cancel(registration.id)

    with time_machine.travel(instant(door.start, EVENING_SECONDS), tick=False):
        (first,) = door.phones[0].send(made)
        (again,) = door.phones[0].send(made)
        after = door.phones[0].scan(code=made["code"])

    assert [first["verdict"], again["verdict"], after["verdict"]] == ["ok", "ok", "canceled"]
    assert admitted(registration).admitted_at == instant(door.start, 0)


@pytest.mark.parametrize("several", [True, False], ids=["a batch", "a single scan"])
def test_a_scan_made_before_the_meetup_was_called_off_is_admitted_when_it_arrives_and_later_ones_are_refused(
    app: Flask, several: bool
):
    door = Door(app, Evening(0, [0], []))
    (phone,), registration = door.phones, make_registration(door.meetup)
    made = scan(code=code_of(registration), scanned_at=instant(door.start, 0).isoformat())
    with time_machine.travel(instant(door.start, 60), tick=False):
        meetup_states.call_off(door.meetup.id, "a storm", "account:1")

    with time_machine.travel(instant(door.start, 120), tick=False):
        others = [scan(code=code_of(make_registration(door.meetup)), scanned_at=now().isoformat())]
        told = phone.send(made, *others) if several else phone.send(made) + phone.send(*others)
        told += [*phone.send(made), phone.scan(code=made["code"], kind="exit")]
        told += [phone.scan(code=made["code"])]

    assert [each["verdict"] for each in told] == ["ok", "called_off", "ok", "left", "called_off"]
    assert admitted(registration).admitted_at == instant(door.start, 0)


@pytest.mark.parametrize("uploaded", [60, 1800], ids=["before they move up", "after"])
def test_a_scan_made_on_the_waitlist_lets_nobody_in_whenever_it_arrives(app: Flask, uploaded: int):
    door = Door(app, Evening(0, [0, 0], [Guest(promoted=600)]))
    (guest,) = door.registrations
    refused = scan(code=code_of(guest), scanned_at=instant(door.start, 0).isoformat(), let_in=0)
    steps = [(uploaded, lambda: door.phones[0].send(refused)[0]), (600, lambda: door.promote(0))]

    told = []
    for at, act in sorted(steps, key=lambda step: step[0]):
        with time_machine.travel(instant(door.start, at), tick=False):
            told.append(act())
    held_between = admitted(guest)
    with time_machine.travel(instant(door.start, 3600), tick=False):
        came = door.phones[1].scan(code=code_of(guest))

    assert [each["verdict"] for each in told if each] == ["waitlisted"]
    assert held_between.admitted_at is None
    assert came["verdict"] == "ok"
    assert listed(door) == set()


def test_a_scan_that_claims_to_be_older_than_the_registration_or_its_first_ticket_is_judged_by_the_first_seat(
    app: Flask,
):
    door = Door(app, Evening(0, [0], []))
    with time_machine.travel(instant(door.start, 1200), tick=False):
        registered = make_registration(door.meetup)
        waiting = make_registration(door.meetup, status=Status.WAITLISTED)
        waitlist.confirm(waiting.id, "a seat is free", "account:1")
        scans = [
            scan(code=code_of(registered), scanned_at=instant(door.start, 0).isoformat()),
            scan(registration=registered.reference, scanned_at=instant(door.start, 0).isoformat()),
            scan(code=code_of(waiting), scanned_at=instant(door.start, 0).isoformat()),
            scan(registration=waiting.reference, scanned_at=instant(door.start, 0).isoformat()),
        ]

        told = [door.phones[0].send(each)[0]["verdict"] for each in scans]

    assert told == ["ok", "already_redeemed", "ok", "waitlisted"]


def test_a_scan_from_before_an_undo_that_arrives_after_it_finds_the_person_in_and_lets_nobody_in(app: Flask):
    door = Door(app, Evening(0, [0, 0], []))
    registration = make_registration(door.meetup)
    code = code_of(registration)
    online = scan(code=code, scanned_at=instant(door.start, 0).isoformat())
    offline = scan(code=code, scanned_at=instant(door.start, 60).isoformat())
    with time_machine.travel(instant(door.start, 0), tick=False):
        door.phones[0].send(online)
    with time_machine.travel(instant(door.start, 120), tick=False):
        door.undo(online["id"])

    with time_machine.travel(instant(door.start, 180), tick=False):
        (late,) = door.phones[1].send(offline)
        held_between = admitted(registration)
        fresh = door.phones[1].scan(code=code)

    assert (late["verdict"], late["first"]["device"]) == ("already_redeemed", door.phones[0].device.name)
    assert held_between.admitted_at is None
    assert fresh["verdict"] == "ok"
    assert admitted(registration).admitted_at == instant(door.start, 180)


def test_a_desk_takes_back_an_entry_that_was_uploaded_after_a_later_one(app: Flask):
    door = Door(app, Evening(0, [0, 0], []))
    registration = make_registration(door.meetup)
    first = scan(code=code_of(registration), scanned_at=instant(door.start, 0).isoformat())
    with time_machine.travel(instant(door.start, 60), tick=False):
        door.phones[0].scan(code=first["code"])
        (late,) = door.phones[1].send(first)
        assert late["verdict"] == "already_redeemed"
        assert admitted(registration).admitted_at == instant(door.start, 0)

        checkin_undo.undo_at_desk(
            door.meetup.id, make_account().id, registration.reference, "mistaken", str(uuid.uuid4())
        )

    assert admitted(registration).admitted_at is None


def test_a_desk_takes_back_the_last_entry_of_somebody_who_had_left_and_came_again(app: Flask):
    door = Door(app, Evening(0, [0], []))
    registration = make_registration(door.meetup)
    code, passages = code_of(registration), []
    for at, kind in enumerate(["entry", "exit", "entry"]):
        with time_machine.travel(instant(door.start, at * 60), tick=False):
            passages.append(scan(code=code, kind=kind, scanned_at=now().isoformat()))
            door.phones[0].send(passages[-1])

    with time_machine.travel(instant(door.start, 200), tick=False):
        checkin_undo.undo_at_desk(
            door.meetup.id, make_account().id, registration.reference, "mistaken", str(uuid.uuid4())
        )

    held = door_standing.read(db.session.connection(), registration.id).standing
    assert set(held.taken) == {passages[0]["id"], passages[1]["id"]}
    assert held.people == 0


def admitted(registration: Registration) -> Registration:
    end_reading()
    row = db.session.get_one(Registration, registration.id, populate_existing=True)
    db.session.expunge(row)
    return row
