"""A meetup's personal data is destroyed when the day is over that people were told; numbers and others' data stay."""

from __future__ import annotations

import datetime as dt
import io
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import ERASED_NAME
from app.domain.meetup_drafts import Unusable
from app.domain.printing.designs import ExtraKind
from app.domain.registering.registrations import Status
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind
from app.domain.writing.words import Words
from app.models import (
    CheckIn,
    Cohort,
    Destruction,
    DeviceRole,
    Meetup,
    Message,
    NoticeVersion,
    Person,
    Registration,
    RosterEntry,
    RosterUpload,
    StoryPhoto,
    WalkInCheck,
)
from app.services.alumni import roster_uploads
from app.services.alumni.rosters import Source
from app.services.door import walk_in_checks, walk_ins
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.messaging import drafts
from app.services.messaging.drafts import Draft
from app.services.organizing import images, inside_notes, notices, story_photos
from app.services.organizing.filters import Filter
from app.services.personal import destruction, keeping
from app.services.printing import badge_prints, extra_badges
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.printing.extra_badges import Typed
from app.services.registering import registrations
from app.services.running import schedule
from tests.factories import (
    code_of,
    make_account,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_notice,
    make_question,
    make_questions,
)
from tests.support.claiming import claim
from tests.support.door import Phone, scan
from tests.support.one_worker import known, python
from tests.support.registering import all_go_out, register
from tests.support.revising import revise
from tests.support.traces import traces_of

DAYS = 30
NAME, ADDRESS, WALKED, UNKNOWN = "한빛누리", "bitnuri@school.example", "지나가던객", "낯선이름"


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return make_cohort(None, 3)


@pytest.fixture
def meetup(cohort: Cohort) -> Meetup:
    meetup = make_meetup(cohorts=[cohort])
    make_notice(meetup, kept_days=DAYS)
    make_questions(meetup, make_question("q1"))
    return meetup


def png() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (10, 80, 160)).save(file, "PNG")
    file.seek(0)
    return file


@contextmanager
def days_after(meetup: Meetup, days: float) -> Iterator[None]:
    ends = db.session.get_one(Meetup, meetup.id).ends_at
    end_reading()
    with time_machine.travel(ends + dt.timedelta(days=days)):
        yield


def work() -> None:
    while schedule.run_due():
        end_reading()
    end_reading()


def numbers(meetup: Meetup) -> dict[str, Any]:
    """What the desk counts."""
    end_reading()
    by_status = select(
        Registration.status, Registration.cohort_id, func.count(), func.sum(Registration.admitted_count)
    )
    rows = db.session.execute(
        by_status.where(Registration.meetup_id == meetup.id).group_by(
            Registration.status, Registration.cohort_id
        )
    )
    entries = db.session.scalar(select(func.count(CheckIn.id)).where(CheckIn.meetup_id == meetup.id))
    return {"rows": sorted(map(str, rows)), "entries": entries}


def lived(app: Flask, meetup: Meetup, cohort: Cohort) -> Person:
    """A meetup of which everything in the house knows something; the alumnus who came to it."""
    person = make_alumnus(cohort, NAME, ADDRESS)
    meetup_invitations.invite(
        meetup.id, Choice(frozenset(), frozenset({person.id})), f"{NAME} 님 꼭 오세요", "account:7"
    )
    row = register(meetup, person, q1=f"{NAME}의 대답")
    asked = claim(meetup, "stranger@mail.example", name=UNKNOWN)
    registrations.cancel(register(meetup, make_alumnus(cohort)).id)
    phone = Phone(app, meetup, DeviceRole.SUPERVISE)
    phone.send(scan(code=code_of(row)))
    body = {"id": "00000000-0000-4000-8000-000000000001", "name": WALKED}
    walk_ins.admit_at_desk(meetup.id, make_account().id, body)
    all_go_out()
    assert asked.status is Status.PENDING
    return person


def test_nothing_goes_before_the_day_is_over_and_everything_after_it(
    app: Flask, meetup: Meetup, cohort: Cohort
) -> None:
    person = lived(app, meetup, cohort)
    counted = numbers(meetup)

    with days_after(meetup, DAYS - 1):
        work()
        assert db.session.scalar(select(func.count(Destruction.id))) == 0
    with days_after(meetup, DAYS + 2):
        work()

    assert traces_of((WALKED, UNKNOWN, "stranger@mail.example", f"{NAME}의 대답", "꼭 오세요")) == []
    left = {each.partition(":")[0] for each in traces_of((NAME, ADDRESS))}
    assert left <= {
        "person.name",
        "person_address.address",
        "person_address.address_key",
        "person.search_key",
    } | {f"roster_entry.{name}" for name in ("name", "address_key")}
    assert numbers(meetup) == counted
    assert db.session.scalar(select(func.count()).where(Registration.person_id == person.id)) == 0
    assert db.session.scalars(select(RosterEntry).where(RosterEntry.person_id == person.id)).one().completed
    step = db.session.scalars(select(Destruction)).one()
    assert (step.registrations, step.people, step.is_whole) == (4, 2, True)
    assert step.done_at is not None
    assert db.session.get_one(Meetup, meetup.id).destroys_at is None


def test_a_walk_in_who_was_found_on_the_list_is_not_told_by_that_either(
    meetup: Meetup, cohort: Cohort
) -> None:
    person = make_alumnus(cohort, NAME)
    body = {"id": "00000000-0000-4000-8000-000000000002", "name": WALKED, "cohort": str(cohort.ordinal)}
    walk_ins.admit_at_desk(meetup.id, make_account().id, body)
    row = db.session.scalars(select(Registration).where(Registration.meetup_id == meetup.id)).one()
    end_reading()
    walk_in_checks.match(row.id, person.id, "account:7")

    with days_after(meetup, DAYS + 2):
        work()

    assert rows_of(person) == {"roster_entry", "person_address"}
    assert db.session.scalars(select(WalkInCheck)).one().person_id is not None


def rows_of(person: Person) -> set[str]:
    """The tables in which a row is this person's."""
    links = [
        (table, column)
        for table in db.metadata.sorted_tables
        for column in table.columns
        if any(key.column.table.name == "person" for key in column.foreign_keys)
    ]
    end_reading()
    return {
        table.name
        for table, column in links
        if db.session.execute(select(table).where(column == person.id).limit(1)).first()
    }


def test_what_was_written_to_many_goes_and_that_it_was_written_stays(meetup: Meetup, cohort: Cohort) -> None:
    register(meetup, make_alumnus(cohort))
    wifi, sent = "와이파이비밀번호", "다같이불러요"
    inside_notes.save(meetup.id, Words(wifi, ""), "account:7")
    text = MailText(Words(sent, ""), Words(sent, ""))
    message_id = drafts.write(meetup.id, Draft(Kind.ABOUT, text, "", Filter()), "account:7")
    helper = Typed("한도움지기", "예시전자", ExtraKind.STAFF)
    extra_badges.add(meetup.id, helper, "account:7")
    badge_prints.begin(meetup.id, Chosen(SEATED, extras=True), "account:7")

    with days_after(meetup, DAYS + 2):
        work()

    assert traces_of((wifi, sent, helper.name)) == []
    assert db.session.get(Message, message_id) is not None


def test_a_list_that_came_back_edited_goes_and_another_meetups_stays(
    app: Flask, meetup: Meetup, cohort: Cohort
) -> None:
    account, other = make_account(), make_meetup(cohorts=[cohort])
    list_of_both = Source(f"이름\n{NAME}\n".encode(), "list.csv")
    gone, left = (
        roster_uploads.keep(each.program_id, account.id, None, list_of_both, meetup_id=each.id).reference
        for each in (meetup, other)
    )

    with transaction() as session:
        destruction.forget_files(session, meetup)

    folder = app.config["SETTINGS"].DATA_DIR / "incoming"
    assert db.session.scalars(select(RosterUpload.reference)).all() == [left]
    assert [(folder / reference).exists() for reference in (gone, left)] == [False, True]


def test_why_a_photo_was_taken_down_goes_and_the_story_stays(meetup: Meetup, cohort: Cohort) -> None:
    register(meetup, make_alumnus(cohort))
    asked, shown = "저는 한빛누리예요", "확인했어요"
    digest = images.store(meetup.program_id, png(), "account:7")
    with transaction() as session:
        photos = [
            StoryPhoto(
                uid=uid, meetup_id=meetup.id, image_id=digest.id, small_id=digest.id, confirmed_by="account:7"
            )
            for uid in ("one", "two")
        ]
        session.add_all(photos)
    story_photos.ask_down(meetup, "one", asked, "192.0.2.1")
    story_photos.ask_down(meetup, "two", "", "192.0.2.1")
    story_photos.restore(meetup.id, photos[1].id, shown, "account:7")

    with days_after(meetup, DAYS + 2):
        work()

    assert traces_of((asked, shown)) == []
    assert len(story_photos.photos(meetup.id, hidden=True)) == 2


def test_whoever_was_told_a_later_day_is_kept_until_then(meetup: Meetup, cohort: Cohort) -> None:
    first, second = make_alumnus(cohort, "먼저"), make_alumnus(cohort, "나중")
    register(meetup, first)
    end_reading()
    make_notice(db.session.get_one(Meetup, meetup.id), kept_days=2 * DAYS)
    register(db.session.get_one(Meetup, meetup.id), second)

    def still_there() -> list[str]:
        end_reading()
        query = select(Person.name).join(Registration, Registration.person_id == Person.id)
        return sorted(db.session.scalars(query.where(Registration.meetup_id == meetup.id)))

    with days_after(meetup, DAYS + 2):
        work()
        assert still_there() == sorted([ERASED_NAME, "나중"])
    with days_after(meetup, 2 * DAYS + 2):
        work()

    assert still_there() == [ERASED_NAME, ERASED_NAME]
    assert db.session.scalar(select(func.count(Destruction.id))) == 2


def test_what_is_saved_after_the_meetup_prolongs_nothing(meetup: Meetup, cohort: Cohort) -> None:
    register(meetup, make_alumnus(cohort))

    with days_after(meetup, 1):
        found = db.session.get_one(Meetup, meetup.id)
        longer = notices.current(found)
        day = keeping.last_day(found)
        with pytest.raises(Unusable) as refused:
            revise(
                meetup.id,
                None,
                "account:7",
                ends=found.local(found.ends_at).replace(tzinfo=None) + dt.timedelta(days=9),
            )
        make_notice(found, kept_days=300)

        assert longer.kept_days == DAYS
        assert refused.value.problems["ends"].code == "keeps_longer_than_told"
        assert keeping.last_day(db.session.get_one(Meetup, meetup.id)) == day


def test_a_meetup_without_a_notice_has_no_day(app: Flask, cohort: Cohort) -> None:
    bare = make_meetup(cohorts=[cohort])
    register(bare, make_alumnus(cohort, NAME))

    with days_after(bare, 5000):
        work()

    assert db.session.scalar(select(func.count(Destruction.id))) == 0
    assert traces_of((NAME,))


def test_another_meetup_and_its_people_stay_as_they_are(meetup: Meetup, cohort: Cohort) -> None:
    both = make_alumnus(cohort, NAME, ADDRESS)
    other = make_meetup(
        cohorts=[cohort], starts_at=now() + dt.timedelta(days=200), ends_at=now() + dt.timedelta(days=201)
    )
    register(meetup, both)
    kept = register(other, both)

    with days_after(meetup, DAYS + 2):
        work()
        row = db.session.get_one(Registration, kept.id)
        assert (row.person.name, row.address, row.status) == (NAME, ADDRESS, Status.CONFIRMED)


def test_parts_follow_one_another_and_three_workers_do_each_once(
    app: Flask, meetup: Meetup, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(destruction, "AT_ONCE", 2)
    for _ in range(7):
        register(meetup, make_alumnus(cohort))

    def one(_: int) -> None:
        with app.app_context():
            work()
            db.session.close()

    with days_after(meetup, DAYS + 2), ThreadPoolExecutor(3) as pool:
        list(pool.map(one, range(3)))
        work()

    step = db.session.scalars(select(Destruction)).one()
    assert step.registrations == 7
    assert step.done_at is not None


KILLED = """
    from app.services.personal import destruction
    destruction.AT_ONCE, whole, parts = 2, destruction._forget, []
    def forget(*given):
        parts.append(1)
        if len(parts) == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*given)
    destruction._forget = forget
    while schedule.run_due():
        pass
"""


def test_a_worker_that_is_killed_leaves_whole_parts_and_another_goes_on(
    app: Flask, meetup: Meetup, cohort: Cohort, tmp_path: Path
) -> None:
    for _ in range(7):
        register(meetup, make_alumnus(cohort))
    past = now() - dt.timedelta(days=2 * DAYS)
    with transaction() as session:
        session.execute(update(NoticeVersion).values(created_at=past))
        row = session.get_one(Meetup, meetup.id)
        row.starts_at, row.ends_at = past, past + dt.timedelta(hours=2)
        keeping.follow(session, row)
    end_reading()

    settings = app.config["SETTINGS"]
    command = python(settings, tmp_path, KILLED)
    died = subprocess.run(command, env=known(settings), check=False, capture_output=True)
    named = select(func.count()).select_from(Registration).join(Person).where(Person.erased_at.is_(None))
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()[-2000:]
    assert db.session.scalar(named) == 3
    work()

    assert db.session.scalar(named) == 0
    assert db.session.scalars(select(Destruction)).one().registrations == 7
