"""An organizer writes to many: whom it reaches, how it looks, when it goes, what became of each."""

from __future__ import annotations

import datetime as dt
import io
import re
from email import message_from_bytes, policy
from typing import Any

import openpyxl
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.writing.messages import Size, by_day, size
from app.mailer import Mailer, parse
from app.models import (
    AuditEntry,
    MailState,
    Meetup,
    Message,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
    Role,
    Status,
)
from app.services.mails import opt_outs, writing
from app.services.messaging import fates
from app.services.personal import erasure, personal_links
from app.services.registering import consents, registrations
from app.services.running import schedule
from app.services.running.worker import Worker
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements
from tests.support.registering import all_go_out, owed, register
from tests.support.smtp import Sink, html_of, text_of

KOREAN_NOON = dt.datetime(2026, 6, 10, 3, tzinfo=dt.UTC)
TEXT = {
    "subject_ko": "[{밋업}] {이름} 님, 오픈채팅이 열렸어요",
    "words_ko": "{기수} {이름} 님,\r\n\r\nhttps://example.com/chat 에서 만나요.\r\n{내 링크}",
}


@pytest.fixture
def meetup(app: Flask, client: Browser) -> Meetup:
    """Two people have a seat, one waits; its organizer is signed in."""
    program = make_program(name_ko="부트캠프", name_en="Bootcamp", contact_address="office@example.com")
    cohort = make_cohort(program, 3, name_ko="3기", name_en="Third")
    found = make_meetup(program, cohorts=[cohort], title_ko="동문의 밤", title_en="Alumni night")
    people = {name: make_alumnus(cohort, name, f"{mail}@example.com") for name, mail in PEOPLE.items()}
    for rank, (name, person) in enumerate(people.items(), 1_000_001):
        status = Status.WAITLISTED if name == "박대기" else Status.CONFIRMED
        make_registration(found, person, status, cohort=cohort, rank=rank)
    sign_in(client, make_member(program, Role.ORGANIZER, address="organizer@example.com"))
    return found


PEOPLE = {"김하늘": "haneul", "이별": "byeol", "박대기": "daegi"}


def page_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/messages"


def written(client: Browser, meetup: Meetup, **typed: Any) -> str:
    """The page of a new draft."""
    given = TEXT | {"status": ["confirmed"]} | typed
    answer = submit(client, f"{page_of(meetup)}/new", given)
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def pressed(client: Browser, page: str, act: str, **data: str) -> Any:
    """A button of the message's page."""
    form = {"csrf_token": client.get(page).text.split('name="csrf_token" value="')[1].split('"')[0]}
    return client.post(f"{page}/{act}", data=form | data)


def sent(client: Browser, page: str) -> None:
    assert pressed(client, page, "sending", when="now").status_code == 303
    end_reading()
    assert schedule.run_due() == 1
    end_reading()


def arrived(mail: OutboxMail) -> Any:
    outcome = writing.write([mail])
    assert outcome.broken == {}
    return message_from_bytes(outcome.messages[mail.id], policy=policy.default)


def registration_of(name: str) -> Registration:
    end_reading()
    query = select(Registration).join(Person, Person.id == Registration.person_id)
    return db.session.scalars(query.where(Person.name == name)).one()


def test_from_writing_to_what_became_of_each(client: Browser, meetup: Meetup, smtp: Sink) -> None:
    assert "No message yet" in client.get(page_of(meetup)).text
    with transaction() as session:
        dead = PersonAddress.address == "byeol@example.com"
        session.execute(update(PersonAddress).where(dead).values(dead_since=now()))

    page = written(client, meetup)
    look = client.get(page).text
    assert "It reaches 1 person" in look
    assert "[동문의 밤] 김하늘 님, 오픈채팅이 열렸어요" in look
    assert "Left out, 1: no mail arrives at their address" in look
    assert "/r/…" in look
    assert "박대기" not in look
    assert "https://example.com/chat" in client.get(f"{page}/preview/ko").text

    assert pressed(client, page, "test").status_code == 303
    (test,) = owed("message_test")
    assert (test.address, arrived(test)["Subject"]) == (
        "organizer@example.com",
        "[동문의 밤] 김동문 님, 오픈채팅이 열렸어요",
    )

    sent(client, page)
    one_batch(smtp)
    mail = smtp.wait_for("haneul@example.com")
    own = f"/r/{registration_of('김하늘').reference}/"
    assert "3기 김하늘 님,\n\nhttps://example.com/chat 에서 만나요.\n" in text_of(mail)
    assert own in text_of(mail)
    assert '<a href="https://example.com/chat"' in html_of(mail)
    assert mail["List-Unsubscribe"] is None
    assert smtp.to("byeol@example.com") == smtp.to("daegi@example.com") == []

    after = client.get(page).text
    assert "haneul@example.com" in after
    assert "no mail arrives at their address 1" in after
    mended = registration_of("이별").person_id
    with transaction() as session:
        extra = {"program_id": meetup.program_id, "person_id": mended}
        session.add(PersonAddress(address="new@example.com", address_key="new@example.com", **extra))
    again = str(pressed(client, page, "repetition").location)
    assert "It reaches 1 person" in client.get(again).text
    sent(client, again)
    assert [mail.address for mail in owed("message")] == ["haneul@example.com", "new@example.com"]
    assert "Nobody whom you chose" in client.get(str(pressed(client, page, "repetition").location)).text
    acts = db.session.scalars(select(AuditEntry.act).order_by(AuditEntry.id)).all()
    assert [act for act in acts if act.startswith("message.")][:4] == [
        "message.written",
        "message.tested",
        "message.scheduled",
        "message.begun",
    ]


def one_batch(smtp: Sink) -> None:
    mailer = Mailer(parse(smtp.url))
    Worker(mailer).run_once()
    mailer.close()


def test_it_waits_for_its_time_is_called_back_stopped_and_discarded(client: Browser, meetup: Meetup) -> None:
    page = written(client, meetup, status=[])
    tomorrow = f"{meetup.local(now() + dt.timedelta(days=1)):%Y-%m-%dT%H:%M}"

    past = pressed(client, page, "sending", when="later", at="2020-01-01T10:00")
    never = pressed(client, page, "sending", when="later", at="")
    later = pressed(client, page, "sending", when="later", at=tomorrow)
    assert (past.status_code, never.status_code, later.status_code) == (422, 422, 303)
    assert "This time has passed" in past.text
    end_reading()
    assert schedule.run_due() == 0
    assert "Will be sent" in client.get(page).text
    assert client.get(f"{page}/edit").status_code == 303
    pressed(client, page, "calling-back")
    answer = submit(client, f"{page}/edit", {"subject_ko": "{이름}", "status": ["waitlisted"]})
    assert answer.status_code == 303
    assert "It reaches 1 person" in client.get(page).text

    sent(client, page)
    assert "It has begun" in client.get(str(pressed(client, page, "calling-back").location)).text
    assert "1 mail stays unsent" in client.get(str(pressed(client, page, "stopping").location)).text
    assert [mail.state for mail in owed("message")] == [MailState.DROPPED]
    assert "Stopped" in client.get(page_of(meetup)).text

    draft = written(client, meetup)
    assert pressed(client, draft, "deletion").status_code == 303
    assert client.get(draft).status_code == 404


def test_what_is_missing_is_named_and_what_was_typed_stays(client: Browser, meetup: Meetup) -> None:
    typed = {"subject_ko": "", "words_ko": "{nmae} 님", "words_en": "Hello", "kind": "news", "sender": ""}

    answer = submit(client, f"{page_of(meetup)}/new", typed)

    assert answer.status_code == 422
    for told in ("There is no field {nmae}", "Write a subject, too", "Write who sends it", "Hello"):
        assert told in answer.text
    assert db.session.scalars(select(Message)).all() == []


def test_a_test_of_news_shows_what_the_law_asks_for_and_opts_nobody_out(
    client: Browser, meetup: Meetup
) -> None:
    page = written(client, meetup, kind="news", sender="부트캠프, 서울 예시로 1, 02-000-0000")

    pressed(client, page, "test")

    mail = arrived(owed("message_test")[0])
    shown = text_of(mail)
    assert "None" not in shown
    assert "무료 수신거부 / Unsubscribe free of charge:\nhttp://localhost:8000/opt-outs/…" in shown
    assert "부트캠프, 서울 예시로 1, 02-000-0000" in shown
    assert "무료 수신거부 / Unsubscribe free of charge</a>" in html_of(mail)
    assert mail["List-Unsubscribe"] is None


def test_news_goes_by_day_with_the_law_s_marks_to_whom_agreed_and_stops_with_the_consent(
    client: Browser, meetup: Meetup
) -> None:
    make_notice(meetup, consents=(make_consent("marketing"), make_consent("photos")))
    cohort = meetup.cohorts[0]
    agreed, out, withdrew = (make_alumnus(cohort, name) for name in ("최동의", "정거부", "강철회"))
    for person in (agreed, out, withdrew):
        register(meetup, person, "marketing")
    register(meetup, make_alumnus(cohort, "윤사진"), "photos")
    mail = OutboxMail(kind="news", program_id=meetup.program_id, address=out.addresses[0].address)
    link = str(opt_outs.link_of(mail)).split("/")
    opt_outs.opt_out(meetup.program_id, link[-2])
    page = written(
        client,
        meetup,
        kind="news",
        status=["confirmed", "waitlisted"],
        sender="부트캠프, 서울 예시로 1, 02-000-0000",
    )
    look = client.get(page).text
    assert "It reaches 2 people" in look
    assert "Left out, 4: did not consent to news" in look
    assert "Left out, 1: opted out" in look

    sent_at_night(client, page)
    mails = owed("news")
    assert len(mails) == 2
    assert all(by_day(mail.due_at) == mail.due_at for mail in mails)
    consents.change(registration_of("강철회").id, {"marketing": False})
    with time_machine.travel(mails[0].due_at, tick=False):
        outcome = writing.write(mails)
    (first,) = (message_from_bytes(data, policy=policy.default) for data in outcome.messages.values())
    assert first["Subject"].startswith("(광고) [동문의 밤] 최동의 님")
    assert "/opt-outs/" in first["List-Unsubscribe"]
    for part in (text_of(first), html_of(first)):  # type: ignore[arg-type]
        for told in ("서울 예시로 1, 02-000-0000", "office@example.com", "무료 수신거부 / Unsubscribe"):
            assert told in part
    assert len(outcome.dropped) == 1
    with time_machine.travel(NIGHT, tick=False):
        assert writing.write(mails[:1]).later == [mails[0].id]


NIGHT = dt.datetime(2026, 6, 10, 13, tzinfo=dt.UTC)


def sent_at_night(client: Browser, page: str) -> None:
    """Pressed at ten in the evening in Korea, begun when it is due."""
    at = now()
    pressed(client, page, "sending", when="now")
    end_reading()
    begins = db.session.scalars(select(Message.begins_at).order_by(Message.id.desc())).first()
    assert begins is not None
    assert begins >= at
    assert by_day(begins) == begins
    with time_machine.travel(begins, tick=True):
        end_reading()
        assert schedule.run_due() == 1
    end_reading()


def test_who_cancels_before_their_mail_goes_gets_none_and_an_erasure_leaves_what_others_still_get(
    client: Browser, meetup: Meetup
) -> None:
    page = written(client, meetup, words_ko="이별 님이 사회를 봐요.")
    sent(client, page)
    first, _second = owed("message")
    registrations.cancel(first.registration_id)

    assert writing.write([first]).dropped == [first.id]
    erasure.erase(registration_of("이별").person_id, "account:1", Asked.MAIL)
    end_reading()
    message = db.session.scalars(select(Message)).one()
    assert message.words_ko == "이별 님이 사회를 봐요."
    assert fates.of_message(message).counts[MailState.DROPPED] == 1
    assert client.get(page).status_code == 200


def test_many_readers_take_as_many_statements_as_few(client: Browser, meetup: Meetup) -> None:
    page = written(client, meetup)
    few = len(statements_of(client, page))
    for _ in range(20):
        make_registration(meetup, make_alumnus(meetup.cohorts[0]))

    assert len(statements_of(client, page)) == few


def statements_of(client: Browser, page: str) -> list[str]:
    client.get(page)
    with statements() as said:
        client.get(page)
    return list(said)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("가" * 45, (90, Size.SMS)),
        ("가" * 45 + "a", (91, Size.LMS)),
        ("뷁a😀", (5, Size.SMS)),
        ("가" * 1001, (2002, Size.TOO_LONG)),
    ],
)
def test_text_messages_are_measured_as_their_services_do(text: str, told: tuple[int, Size]) -> None:
    assert size(text) == told


def test_night_ends_at_eight() -> None:
    assert by_day(KOREAN_NOON) == KOREAN_NOON
    assert by_day(NIGHT) == dt.datetime(2026, 6, 10, 23, tzinfo=dt.UTC)
    assert by_day(NIGHT + dt.timedelta(hours=4)) == dt.datetime(2026, 6, 10, 23, tzinfo=dt.UTC)


def test_where_mail_does_not_reach_phones_and_texts_go_to_the_office_s_service(
    client: Browser, meetup: Meetup
) -> None:
    person = registration_of("이별").person_id
    with transaction() as session:
        theirs = update(Registration).where(Registration.person_id == person)
        session.execute(theirs.values(phone="01012340000"))
    page = written(client, meetup)
    sent(client, page)
    all_go_out()
    with transaction() as session:
        failing = update(OutboxMail).where(OutboxMail.address == "byeol@example.com")
        session.execute(failing.values(state=MailState.FAILED))

    without_phone = client.get(f"{page}/texts").text
    refused = submit(client, f"{page}/texts", {"reason": ""})
    assert "Write what the file is for." in refused.text
    (named,) = set(re.findall(r'href="([^"]*attendees\?only=[^"]*)">\d+</a>', without_phone))
    listed = client.get(named.replace("&amp;", "&")).text
    assert (">이별</a>" in listed, ">김하늘</a>" in listed) == (False, True)
    answer = submit(client, f"{page}/texts", {"reason": "문자 발송", "who": "unreached"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    (row_of,) = list(sheet.iter_rows(min_row=2, values_only=True))
    assert row_of[:2] == ("이별", "01012340000")
    assert (
        row_of[2]
        == f"3기 이별 님,\n\nhttps://example.com/chat 에서 만나요.\nhttp://localhost:8000/m/{meetup.slug}\n"
        f"QR 없이 오세요. 입구에서 이름과 신청 번호({registration_of('이별').reference})를 말해 주세요."
    )
    assert row_of[3:] == (len(row_of[2].encode("cp949")), "LMS")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.reason, entry.details) == ("message.phones_taken", "문자 발송", {"rows": 1})
    news = written(client, meetup, kind="news", sender="부트캠프, 서울 예시로 1, 02-000-0000")
    assert "free number" in client.get(f"{news}/texts").text


def test_a_ready_text_for_one_person_has_the_public_page_and_no_secret(
    client: Browser, meetup: Meetup
) -> None:
    row = registration_of("김하늘")
    shown = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{row.reference}").text

    assert "[동문의 밤] 김하늘 님, 참석이 확정됐어요." in shown
    assert f"/m/{meetup.slug}" in shown.split('id="ready-title"')[1].split("</section>")[0]
    assert personal_links.secret_of(row) not in shown


def ready_text(client: Browser, meetup: Meetup, row: Registration) -> str:
    shown = client.get(f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/attendees/{row.reference}").text
    return shown.split('id="ready-title"')[1].split("</section>")[0]


def test_whom_no_mail_reaches_is_told_to_say_their_name_at_the_door_instead_of_asking_for_a_mail(
    client: Browser, meetup: Meetup
) -> None:
    row = registration_of("김하늘")
    with transaction() as session:
        theirs = update(PersonAddress).where(PersonAddress.person_id == row.person_id)
        session.execute(theirs.values(dead_since=now()))

    shown = ready_text(client, meetup, row)

    assert "QR 없이 오세요." in shown
    assert row.reference in shown
    assert f"/m/{meetup.slug}" not in shown


def test_who_has_an_offer_and_gets_no_mail_is_told_until_when_and_whom_to_answer(
    client: Browser, meetup: Meetup
) -> None:
    row = registration_of("김하늘")
    with transaction() as session:
        session.get_one(Meetup, meetup.id).contact_address = "desk@example.com"
        offered = session.get_one(Registration, row.id)
        offered.status, offered.address = Status.OFFERED, ""
        offered.offered_until = meetup.starts_at - dt.timedelta(days=1)

    shown = ready_text(client, meetup, row)

    last = meetup.local(meetup.starts_at - dt.timedelta(days=1))
    assert f"{last.month}월 {last.day}일" in shown
    assert "desk@example.com" in shown
    assert row.reference in shown
