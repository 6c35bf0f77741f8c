"""Who may come and has not registered: the list, its file, and the way on to inviting them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import defaultdict
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import delete, select, update

from app.blueprints.meetups import numbers
from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.inviting import Fate, Stand
from app.domain.seating.modes import Mode
from app.models import (
    AuditEntry,
    Meetup,
    MeetupInvitation,
    OutboxMail,
    Person,
    PersonAddress,
    PersonPhone,
    Program,
    Registration,
    Role,
    Status,
)
from app.models.mail import MailState
from app.services.inviting import invitation_fates, meetup_invitations, unregistered
from app.services.inviting.meetup_invitations import Choice
from app.services.inviting.unregistered import Invited, Reach, Wanted
from app.services.mails import opt_outs
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_entry,
    make_meetup,
    make_member,
    make_participant,
    make_person,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser
from tests.support.counting import statements


@pytest.fixture(autouse=True)
def _plain_forms(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program()


@pytest.fixture
def meetup(program: Program) -> Meetup:
    return make_meetup(program, cohorts=[make_cohort(program, 1), make_cohort(program, 2)])


def at(meetup: Meetup, rest: str = "") -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/not-registered{rest}"


def names(meetup: Meetup, **wanted: Any) -> list[str]:
    end_reading()
    found = unregistered.page(db.session.get_one(Meetup, meetup.id), Wanted(**wanted), size=50)
    assert found.total == len(found.people)
    return [each.name for each in found.people]


def without_address(person: Person, phone: str = "") -> Person:
    with transaction() as session:
        session.execute(delete(PersonAddress).where(PersonAddress.person_id == person.id))
        if phone:
            digits = re.sub(r"\D", "", phone)
            session.add(PersonPhone(person_id=person.id, number=phone, digits=digits, last_four=digits[-4:]))
    return person


def invite(meetup: Meetup, *people: Person) -> None:
    end_reading()
    choice = Choice(frozenset(), frozenset(each.id for each in people))
    meetup_invitations.invite(meetup.id, choice, "", "account:1")


def test_the_list_has_everybody_whom_the_overview_counts_and_who_has_no_registration_that_stands(
    meetup: Meetup,
) -> None:
    first, second = meetup.cohorts
    both, here, _gone = (
        make_alumnus(first, "두기수"),
        make_alumnus(first, "왔어요"),
        make_alumnus(second, "취소함"),
    )
    make_entry(second, both)
    make_alumnus(make_cohort(meetup.program, 3), "다른기수")
    make_participant(first, "미수료")
    make_registration(meetup, here, cohort=second)  # by another cohort than the roster's
    make_registration(meetup, _gone, Status.CANCELLED, second)
    make_registration(meetup, make_person(meetup.program, "손님"))
    make_registration(make_meetup(meetup.program, cohorts=[first]), both)  # of another meetup

    end_reading()
    counted = numbers.of_meetup(db.session.get_one(Meetup, meetup.id))

    assert names(meetup) == ["두기수", "취소함"]
    assert (counted.total.eligible, counted.total.silent) == (3, 2)
    by_cohort = {cohort.ordinal: count.silent for cohort, count in counted.cohorts if cohort}
    assert by_cohort == {1: 1, 2: 2}
    assert [len(names(meetup, cohorts=frozenset({ordinal}))) for ordinal in (1, 2, 9)] == [1, 2, 0]


def test_by_invitation_those_are_missed_who_were_invited(meetup: Meetup) -> None:
    one, _other = make_alumnus(meetup.cohorts[0], "초대됨"), make_alumnus(meetup.cohorts[0], "아직")
    invite(meetup, one)
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = Mode.INVITATION

    end_reading()
    assert names(meetup) == ["초대됨"]
    assert numbers.of_meetup(db.session.get_one(Meetup, meetup.id)).total.silent == 1


def test_filters_say_whom_mail_reaches_and_who_was_invited(meetup: Meetup) -> None:
    cohort = meetup.cohorts[0]
    mailed, silent, bounced = (make_alumnus(cohort, name) for name in ("가메일", "나조용", "다반송"))
    without_address(make_alumnus(cohort, "라전화"), "010-1234-5678")
    without_address(make_alumnus(cohort, "마없음"))
    out = make_alumnus(cohort, "바거절")
    invite(meetup, silent, bounced)
    with transaction() as session:
        states = {silent: MailState.SENT, bounced: MailState.FAILED}
        for person, state in states.items():
            mail = update(OutboxMail).where(OutboxMail.address == person.addresses[0].address)
            session.execute(mail.values(state=state))
        dead = update(PersonAddress).where(PersonAddress.person_id == bounced.id)
        session.execute(dead.values(dead_since=now()))
    opt_outs.opt_out(meetup.program_id, opt_outs._hashed(meetup.program_id, out.addresses[0].address_key))

    assert names(meetup, invited=Invited.YES) == [silent.name, bounced.name]
    assert names(meetup, invited=Invited.SILENT) == [silent.name]
    assert names(meetup, invited=Invited.UNREACHED) == [bounced.name]
    assert names(meetup, invited=Invited.NO) == [mailed.name, "라전화", "마없음", out.name]
    assert names(meetup, reach=Reach.MAIL) == [mailed.name, silent.name, out.name]
    assert names(meetup, reach=Reach.PHONE) == ["라전화"]
    assert names(meetup, reach=Reach.NOTHING) == [bounced.name, "마없음"]
    assert names(meetup, search="ㄴㅈㅇ") == ["나조용"]
    assert names(meetup, search="1기 나조용") == [silent.name]
    assert names(meetup, search="2기 나조용") == []
    assert names(meetup, search="5678") == ["라전화"]
    assert names(meetup, search=bounced.addresses[0].address) == [bounced.name]
    end_reading()
    told = unregistered.page(db.session.get_one(Meetup, meetup.id), Wanted(), size=50).people
    assert [bool(each.addresses) for each in told] == [True, True, False, False, False, True]
    assert [each.name for each in told if each.dead] == [bounced.name]
    assert [each.name for each in told if each.opted_out] == [out.name]


def test_pages_follow_each_other_both_ways_however_many_there_are(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("가", "나", "나", "다", "라"):
        make_alumnus(meetup.cohorts[0], name)

    for counted in (1_000, 2):  # found once, and walked along
        monkeypatch.setattr(unregistered, "COUNTED", counted)
        end_reading()
        here = db.session.get_one(Meetup, meetup.id)
        first = unregistered.page(here, Wanted(), size=2)
        second = unregistered.page(here, Wanted(), size=2, after=first.people[-1].person_id)
        last = unregistered.page(here, Wanted(), size=2, after=second.people[-1].person_id)
        back = unregistered.page(here, Wanted(), size=2, before=last.people[0].person_id)

        assert [[each.name for each in page.people] for page in (first, second, last)] == [
            ["가", "나"],
            ["나", "다"],
            ["라"],
        ]
        assert [each.person_id for each in back.people] == [each.person_id for each in second.people]
        assert [(page.earlier, page.later) for page in (first, second, last, back)] == [
            (False, True),
            (True, True),
            (True, False),
            (True, True),
        ]
        assert first.total == (5 if counted > 5 else None)


def test_the_filters_by_what_became_of_an_invitation_look_at_the_people_of_the_page_alone(
    meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And they find whom the list of invitations has so."""
    states = (MailState.SENT, MailState.FAILED, MailState.QUEUED, MailState.UNWANTED)
    people = [make_alumnus(meetup.cohorts[0], f"{name}{state}") for name in "가나다라마" for state in states]
    invite(meetup, *people)
    kept, declined, gave_up, came_back, out = (people[n : n + 4] for n in range(0, 20, 4))
    with transaction() as session:
        for person, state in zip(people, states * 5, strict=True):
            mail = update(OutboxMail).where(OutboxMail.address == person.addresses[0].address)
            session.execute(mail.values(state=state))
        of = MeetupInvitation.person_id.in_([each.id for each in declined])
        session.execute(update(MeetupInvitation).where(of).values(declined_at=now()))
    for person in gave_up + came_back:
        make_registration(meetup, person, Status.CANCELLED, meetup.cohorts[0])
    with transaction() as session:
        earlier = Registration.person_id.in_([each.id for each in came_back])
        session.execute(update(Registration).where(earlier).values(status_at=now() - dt.timedelta(days=9)))
    for person in out:
        hashed = opt_outs._hashed(meetup.program_id, person.addresses[0].address_key)
        opt_outs.opt_out(meetup.program_id, hashed)
    end_reading()
    here = db.session.get_one(Meetup, meetup.id)
    by_fate: dict[Fate, set[int]] = defaultdict(set)
    for each in invitation_fates.of_meetup(db.session(), here):
        by_fate[each.fate].add(each.person_id)
    looked_at: list[int] = []

    def noted(**known: Any) -> Stand:
        looked_at.append(known["person_id"])
        return Stand(**known)

    monkeypatch.setattr(invitation_fates, "Stand", noted)

    def found(invited: Invited) -> set[int]:
        whole = {each.person_id for each in unregistered.page(here, Wanted(invited=invited), size=50).people}
        file = {
            each.person_id for part in unregistered.chunks(here, Wanted(invited=invited)) for each in part
        }
        assert whole == file
        return whole

    assert found(Invited.SILENT) == by_fate[Fate.SILENT] == {kept[0].id, came_back[0].id}
    unsent = {each[n].id for each in (kept, came_back) for n in (1, 3)}
    assert found(Invited.UNREACHED) == by_fate[Fate.UNREACHED] | by_fate[Fate.UNSENT] == unsent
    for invited in (Invited.SILENT, Invited.UNREACHED):
        looked_at.clear()
        page = unregistered.page(here, Wanted(invited=invited), size=1)
        assert looked_at == [each.person_id for each in page.people]


@pytest.mark.one_database
def test_the_overview_leads_to_the_list_and_the_list_to_the_invitation(
    client: Browser, meetup: Meetup
) -> None:
    account = make_member(meetup.program, Role.ORGANIZER)
    sign_in(client, account)
    people = [make_alumnus(meetup.cohorts[0], name) for name in ("김하나", "이두리", "박세찬")]
    make_registration(meetup, people[2], cohort=meetup.cohorts[0])

    overview = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}").text
    shown = client.get(at(meetup)).text
    all_of_them = client.post(at(meetup, "/invitation?cohort=1")).text
    found = client.post(at(meetup, "/invitation?q=두리")).text

    assert f'href="{at(meetup)}?cohort=1">2<' in overview
    assert "2 people who may come have not registered yet" in overview
    assert "김하나" in shown
    assert "박세찬" not in shown
    assert "Invite 2 people?" in all_of_them
    assert "Invite 1 person?" in found
    assert f'name="who" value="{people[1].id}"' in found
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert "unregistered.listed" in acts


@pytest.mark.one_database
def test_too_many_for_one_press_are_sent_by_cohorts(
    client: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.blueprints.meetups import unregistered as page

    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    for name in ("김하나", "이두리"):
        make_alumnus(meetup.cohorts[0], name)
    monkeypatch.setattr(page, "MOST_INVITED", 1)

    refused = client.post(at(meetup, "/invitation"))

    assert refused.status_code == 422
    assert "More than 1 at once" in refused.text


@pytest.mark.one_database
def test_the_list_is_taken_away_for_a_reason_which_is_kept(client: Browser, meetup: Meetup) -> None:
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    without_address(make_alumnus(meetup.cohorts[1], "=김하나"), "010-1234-5678")
    make_registration(meetup, make_alumnus(meetup.cohorts[0], "이두리"), Status.CANCELLED)
    end_reading()

    refused = client.post(at(meetup, "/file"), data={"kind": "csv"})
    text = client.post(at(meetup, "/file"), data={"kind": "csv", "reason": "전화"}).data.decode("utf-8-sig")
    book = client.post(at(meetup, "/file?reach=phone"), data={"kind": "xlsx", "reason": "전화"}).data

    assert refused.status_code == 422
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[1] for row in rows[1:]] == ["이두리", "'=김하나"]
    assert rows[1][7] == "Cancelled"
    assert rows[2][3:5] == ["No address", "'010-1234-5678"], "behind the sign that keeps Excel from counting"
    sheet = load_workbook(io.BytesIO(book)).active
    assert [[cell.value for cell in row][1] for row in sheet.iter_rows()] == ["Name", "=김하나"]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "unregistered.exported").order_by(AuditEntry.id.desc())
    ).first()
    assert entry
    assert (entry.reason, entry.details["rows"], entry.details["restricted_by"]) == ("전화", 1, ["reach"])


@pytest.mark.one_database
def test_the_page_asks_as_much_for_five_people_as_for_fifty(client: Browser, meetup: Meetup) -> None:
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))

    def asked() -> int:
        end_reading()
        with statements() as found:
            assert client.get(at(meetup)).status_code == 200
        return len([each for each in found if each.startswith("SELECT")])

    def more(number: int) -> None:
        for _ in range(number):
            make_alumnus(meetup.cohorts[0])

    more(4)
    client.get(at(meetup))
    few = asked()
    more(45)

    assert asked() == few


@pytest.mark.one_database
def test_a_viewer_reads_how_many_and_finds_no_way_to_whom(client: Browser, meetup: Meetup) -> None:
    sign_in(client, make_member(meetup.program, Role.VIEWER))
    make_alumnus(meetup.cohorts[0], "김하나")

    overview = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}").text

    assert "Not registered" in overview
    assert "not-registered" not in overview
    assert client.get(at(meetup)).status_code == 403
