"""The live view: its figures are the ledger's, its tag holds while nothing changes, and a viewer sees no name."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.registering.registrations import Status
from app.models import Account, AuditEntry, Device, DeviceRole, Meetup, Program, Role
from app.services.door import door_gates, door_live
from app.services.registering import companions
from tests.factories import (
    code_of,
    make_cohort,
    make_meetup,
    make_member,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import submit
from tests.support.counting import statements
from tests.support.door import Phone, override_of, party, scan


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_live, "FRESH_SECONDS", 0.0)


@dataclass
class Evening:
    program: Program
    meetup: Meetup
    organizer: Account
    viewer: Account

    @property
    def page(self) -> str:
        return f"/desk/{self.program.slug}/meetups/{self.meetup.slug}/door/live"


@pytest.fixture
def evening(app: Flask) -> Evening:
    program = make_program()
    meetup = make_meetup(program, cohorts=[make_cohort(program, 3)], door_gates=["Main", "Side"])
    return Evening(program, meetup, make_member(program), make_member(program, Role.VIEWER))


def total(meetup: Meetup) -> tuple[int, int | None]:
    end_reading()
    live = door_live.of(meetup.id)
    assert sum(bar.people for bar in live.arrivals.bars) == live.total.inside
    assert sum(each.inside for each in live.cohorts) == live.total.inside
    assert sum(each.inside for each in live.gates) == live.total.inside
    return live.total.inside, live.total.expected


def test_the_figures_follow_scans_undo_walk_ins_companions_and_exits(app: Flask, evening: Evening) -> None:
    ana, ben, cho = (make_registration(evening.meetup) for _ in range(3))
    companions.set_number(cho.id, 2, "account:1")
    door = Phone(app, evening.meetup, DeviceRole.SUPERVISE)
    seen = [total(evening.meetup)]

    first = door.scan(code=code_of(ana), gate="Main")
    seen.append(total(evening.meetup))
    door.scan(code=code_of(ben), gate="Side")
    door.scan(code=code_of(cho), gate="Side")
    seen.append(total(evening.meetup))
    door.post("undo", {"id": scan()["id"], "undoes": first["id"], "reason": "a mistake"})
    seen.append(total(evening.meetup))
    walked = door.post(
        "walk-in", {"id": scan()["id"], "name": "손님", "cohort": None, "over": True, "gate": "Main"}
    )
    seen.append(total(evening.meetup))

    assert walked.status_code == 200, walked.text
    assert seen == [(0, 5), (1, 5), (5, 5), (4, 5), (5, 6)]
    gates = {each.gate: each.inside for each in door_live.of(evening.meetup.id).gates}
    assert gates == {"Main": 1, "Side": 4}
    door.scan(code=code_of(ben), kind="exit")
    assert total(evening.meetup) == (5, 6)
    left = door_live.of(evening.meetup.id).total
    assert (left.left, left.now) == (1, 4)


def test_each_of_a_party_counts_at_the_gate_where_they_first_came_in(app: Flask, evening: Evening) -> None:
    three, door = (
        make_registration(evening.meetup, companions=2),
        Phone(app, evening.meetup, DeviceRole.SUPERVISE),
    )
    make_registration(evening.meetup)

    def came() -> dict[str | None, int]:
        total(evening.meetup)
        live = {each.gate: each.inside for each in door_live.of(evening.meetup.id).gates}
        page = door_gates.counts(evening.meetup.id, evening.meetup.door_gates)
        assert {each.gate: each.inside for each in page} == live
        return live

    two = scan(code=code_of(three), gate="Main")
    door.send(two, party(two["id"], 2))
    rest = door.scan(code=code_of(three), gate="Side")
    seen = [came()]
    door.scan(code=code_of(three), kind="exit", gate="Main")
    door.scan(code=code_of(three), gate="Side")
    seen.append(came())
    door.post("undo", {"id": scan()["id"], "undoes": two["id"], "reason": "a mistake"})
    seen.append(came())
    door.post("undo", {"id": scan()["id"], "undoes": rest["id"], "reason": "a mistake"})

    assert seen == [{"Main": 2, "Side": 1}] * 2 + [{"Main": 0, "Side": 3}]
    assert came() == {"Main": 0, "Side": 3}, "they came back at the side"


def test_one_ticket_at_two_phones_is_listed_with_when_where_and_who(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    guest = make_registration(evening.meetup, make_person(evening.program, "나경민"))
    front, back = Phone(app, evening.meetup, name="앞 폰"), Phone(app, evening.meetup, name="뒤 폰")
    front.scan(code=code_of(guest), gate="Main")
    front.scan(code=code_of(guest), gate="Main")
    back.scan(code=code_of(guest), gate="Side")
    sign_in(client, evening.organizer)

    shown = client.get(evening.page).text

    (conflict,) = door_live.of(evening.meetup.id).conflicts
    assert conflict.first is not None
    assert (conflict.first.gate, conflict.again.gate, conflict.let_in) == ("Main", "Side", False)
    assert (conflict.first.device, conflict.again.device) == ("앞 폰", "뒤 폰")
    assert "나경민" in shown
    assert f"/attendees/{guest.reference}" in shown


def test_a_scan_that_a_phone_judged_alone_may_have_let_somebody_in(app: Flask, evening: Evening) -> None:
    guest = make_registration(evening.meetup)
    hour_ago = (now() - dt.timedelta(hours=1)).isoformat()
    earlier = dt.timedelta(hours=3)
    front = Phone(app, evening.meetup, created_at=now() - earlier)
    back = Phone(app, evening.meetup, created_at=now() - earlier)

    front.scan(code=code_of(guest), scanned_at=(now() - dt.timedelta(hours=2)).isoformat())
    back.scan(code=code_of(guest), scanned_at=hour_ago)

    (conflict,) = door_live.of(evening.meetup.id).conflicts
    assert conflict.let_in


def test_whom_supervisors_let_in_is_listed_with_why_and_what_the_ticket_is_worth(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    gone = make_registration(evening.meetup, make_person(evening.program, "나경민"), status=Status.CANCELLED)
    door = Phone(app, evening.meetup, DeviceRole.SUPERVISE, name="앞 폰")
    made = [scan(registration=gone.reference, method="list", gate="Side"), scan(code="A" * 26)]
    door.send(*made, *(override_of(each["id"], reason="known to Jimin") for each in made))
    sign_in(client, evening.organizer)

    shown = client.get(evening.page).text
    sign_in(client, evening.viewer)
    figures = client.get(evening.page).text

    overrides = {each.verdict: each for each in door_live.of(evening.meetup.id).overrides}
    assert {verdict: each.name for verdict, each in overrides.items()} == {
        "canceled": "나경민",
        "invalid": None,
    }
    assert {(each.reason, each.device) for each in overrides.values()} == {("known to Jimin", "앞 폰")}
    for text in ("나경민", "known to Jimin", "앞 폰", "Side", "Nobody known", "No such ticket code"):
        assert text in shown
    assert "Let in by a supervisor" in figures
    assert [each for each in ("나경민", "Jimin", "앞 폰") if each in figures] == []


def test_a_viewer_sees_figures_and_nobodys_name(app: Flask, client: FlaskClient, evening: Evening) -> None:
    guest = make_registration(
        evening.meetup, make_person(evening.program, "나경민"), arrival_alert="연사 나경민"
    )
    for _ in range(2):
        Phone(app, evening.meetup, name="지우의 폰").scan(code=code_of(guest))
    sign_in(client, evening.viewer)

    for path in (evening.page, f"{evening.page}/now"):
        shown = client.get(path)
        assert shown.status_code == 200
        for secret in ("나경민", "지우", guest.reference, "연사"):
            assert secret not in shown.text
        assert "data-live-in>1<" in shown.text
        assert "Conflicts" in shown.text


def test_marked_guests_stand_at_the_top_as_they_arrive(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    vip = make_registration(evening.meetup, make_person(evening.program, "나경민"), arrival_alert="VIP")
    make_registration(evening.meetup, make_person(evening.program, "도하나"), arrival_alert="연사")
    Phone(app, evening.meetup).scan(code=code_of(vip), gate="Main")
    sign_in(client, evening.organizer)

    shown = re.sub(r"\s+", " ", client.get(f"{evening.page}/now").text)

    assert "1 / 2" in shown
    assert (
        shown.index("나경민") < shown.index("Not here yet") < shown.index("도하나") < shown.index("Came in")
    )


def test_the_tag_holds_while_nothing_changes_and_the_rest_is_a_304(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    guest = make_registration(evening.meetup)
    phone = Phone(app, evening.meetup)
    sign_in(client, evening.organizer)
    first = client.get(f"{evening.page}/now")
    tag = {"If-None-Match": first.headers["ETag"]}

    unchanged = client.get(f"{evening.page}/now", headers=tag)
    phone.scan(code=code_of(guest))
    changed = client.get(f"{evening.page}/now", headers=tag)

    assert (first.status_code, unchanged.status_code, changed.status_code) == (200, 304, 200)
    assert unchanged.data == b""
    assert "csrf" not in first.text


def test_200_viewers_cost_a_few_statements_each_however_many_attendees(
    app: Flask, client: FlaskClient, evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_live, "FRESH_SECONDS", 3600.0)
    sign_in(client, evening.organizer)
    now_page = f"{evening.page}/now"
    tag = {"If-None-Match": client.get(now_page).headers["ETag"]}

    with statements() as asked:
        answers = {client.get(now_page, headers=tag).status_code for _ in range(200)}

    assert answers == {304}
    assert (
        len([each for each in asked if each.startswith("SELECT")]) <= 200 * 4
    )  # account, membership, programme, meetup


def test_reading_the_door_takes_as_many_statements_for_fifty_people_as_for_two(
    app: Flask, evening: Evening
) -> None:
    phones = [Phone(app, evening.meetup) for _ in range(2)]
    counted, meetup_id = [], evening.meetup.id
    for number in (2, 48):
        for _ in range(number):
            guest = make_registration(evening.meetup, arrival_alert="VIP")
            for phone in phones:
                phone.scan(code=code_of(guest))
        end_reading()
        with statements() as asked:
            door_live.of(meetup_id)
        counted.append(len([each for each in asked if each.startswith("SELECT")]))

    assert counted == [11, 11]


def test_a_phone_tells_how_old_its_list_is_and_what_waits_without_a_write_each_time_but_at_once_when_nothing_does(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    made_at = now() - dt.timedelta(minutes=4)
    phone = Phone(app, evening.meetup)

    def report(waiting: str) -> None:
        headers = {"X-Dongmun-List": made_at.isoformat(), "X-Dongmun-Waiting": waiting}
        phone.client.get(f"/door/{phone.slug}/api/state", headers=headers)

    report("7")
    with statements() as asked:
        report("7")
        report("8")
        report("-1")

    end_reading()
    device = db.session.get_one(Device, phone.device.id, populate_existing=True)
    assert (device.list_made_at, device.scans_waiting) == (made_at, 7)
    assert [each for each in asked if each.startswith("UPDATE")] == []
    sign_in(client, evening.organizer)
    assert ">7</span>" in client.get(evening.page).text

    report("0")
    end_reading()
    assert db.session.get_one(Device, phone.device.id, populate_existing=True).scans_waiting == 0


def test_an_upload_says_what_is_left_on_the_phone_also_after_its_shift(app: Flask, evening: Evening) -> None:
    phone = Phone(app, evening.meetup, expires_at=now() - dt.timedelta(minutes=5))
    with transaction() as session:
        device = session.get_one(Device, phone.device.id)
        device.created_at, device.scans_waiting, device.last_seen_at = (
            now() - dt.timedelta(days=1),
            250,
            now(),
        )

    def left(waiting: str) -> int | None:
        made = scan(payload="x", scanned_at=(now() - dt.timedelta(hours=1)).isoformat())
        batch = {"scans": [made], "sent_at": now().isoformat()}
        assert phone.post("scans", batch, more={"X-Dongmun-Waiting": waiting}).status_code == 200
        end_reading()
        (told,) = door_live.of(evening.meetup.id).phones
        return told.scans_waiting

    assert [left(each) for each in ("nonsense", "0", "")] == [250, 0, 0]


def test_what_waits_on_a_phone_that_is_silent_is_not_known(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    phone = Phone(app, evening.meetup)
    sign_in(client, evening.organizer)

    def shown(waiting: int, silent: dt.timedelta) -> str:
        with transaction() as session:
            device = session.get_one(Device, phone.device.id)
            device.scans_waiting, device.last_seen_at = waiting, now() - silent
        found = re.search(r'<td class="num">(.*?)</td>', client.get(f"{evening.page}/now").text, re.DOTALL)
        assert found
        return re.sub(r"<.*?>| ", "", found[1])

    fresh, old = dt.timedelta(seconds=70), dt.timedelta(minutes=2)
    assert [shown(3, fresh), shown(0, fresh), shown(3, old), shown(0, old)] == ["3", "0", "–3lasttime", "–"]


def test_a_phone_is_withdrawn_from_the_live_view(app: Flask, client: FlaskClient, evening: Evening) -> None:
    phone = Phone(app, evening.meetup)
    sign_in(client, evening.organizer)
    shown = client.get(evening.page).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token

    done = client.post(
        f"{evening.page.removesuffix('/live')}/devices/{phone.device.id}/revocation",
        data={"csrf_token": token[1], "next": evening.page},
    )

    assert (done.status_code, done.location) == (303, evening.page)
    assert "Withdrawn" in client.get(f"{evening.page}/now").text
    assert phone.get("state").status_code == 401


def test_an_organizer_says_on_the_attendees_page_whom_to_greet_and_the_phone_shows_it(
    app: Flask, client: FlaskClient, evening: Evening
) -> None:
    guest = make_registration(evening.meetup)
    sign_in(client, evening.organizer)
    page = f"{evening.page.removesuffix('/door/live')}/attendees/{guest.reference}"

    too_long = submit(client, page, {"alert": "가" * 31}, action=f"{page}/arrival-alert")
    saved = submit(client, page, {"alert": " 연사 "}, action=f"{page}/arrival-alert")
    again = submit(client, page, {"alert": "연사"}, action=f"{page}/arrival-alert")
    outcome = Phone(app, evening.meetup).scan(code=code_of(guest))
    shown = client.get(page).text
    cleared = submit(client, page, {"alert": ""}, action=f"{page}/arrival-alert")

    assert [each.status_code for each in (too_long, saved, again, cleared)] == [422, 303, 303, 303]
    assert outcome["person"]["note"] == "연사"
    assert shown.count("Arrival alert set") == 1
    assert "Arrival alert cleared" in client.get(page).text
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "registration.arrival_alert").order_by(AuditEntry.id)
    ).all()
    assert [entry.details["set"] for entry in entries] == [True, False]
    assert all("연사" not in str(entry.details) for entry in entries)
