"""What the mails say, in both languages, whatever people are called."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale
from icalendar import Calendar
from PIL import Image

from app import i18n
from app.db import transaction
from app.domain import tokens
from app.keys import keys
from app.models import Meetup, OutboxMail
from app.services.mails.messages import one_line
from app.services.mails.writing import KINDS, write
from app.services.organizing import meetup_states
from app.services.personal import personal_links
from app.services.registering import claim_decisions, proofs, registrations
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program
from tests.support.claiming import claim
from tests.support.registering import code_of, owed, register
from tests.support.smtp import html_of, text_of

pytestmark = pytest.mark.usefixtures("app")
START = dt.datetime(2027, 7, 14, 9, 30, tzinfo=dt.UTC)  # Wednesday 18:30 in Seoul
FIELDS = {
    "title_ko": "여름 밋업",
    "title_en": "Summer meetup",
    "place_ko": "예시홀",
    "place_en": "Example Hall",
    "starts_at": START,
    "ends_at": START + dt.timedelta(hours=3),
    "contact_address": "desk@example.com",
}


def open_meetup(**fields: object) -> Meetup:
    program = make_program(name_ko="부트캠프", name_en="Bootcamp")
    return make_meetup(program, cohorts=[make_cohort(program, 1)], **(FIELDS | fields))  # type: ignore[arg-type]


def written(kind: str, locale: str | None = None) -> EmailMessage:
    """The newest owed mail of that kind as the mail server would get it."""
    mail = owed(kind)[-1]
    mail_id = mail.id
    if locale:
        with transaction() as session:
            session.get_one(OutboxMail, mail_id).locale = locale
        mail = owed(kind)[-1]
    outcome = write([mail])
    assert outcome.broken == {}
    message = message_from_bytes(outcome.messages[mail_id], policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def asked(meetup: Meetup, address: str) -> str:
    uid = proofs.ask(meetup.id, address, locale="ko", client="192.0.2.1")
    assert uid
    return uid


def test_the_code_is_in_subject_text_and_html() -> None:
    meetup = open_meetup()
    person = make_alumnus(meetup.cohorts[0])
    uid = asked(meetup, person.addresses[0].address)
    code = f"{code_of(uid)[:4]} {code_of(uid)[4:]}"

    korean, english = written("proof", "ko"), written("proof", "en")

    assert korean["Subject"] == f"[여름 밋업] 인증번호 {code}"
    assert english["Subject"] == f"Your code for Summer meetup: {code}"
    link = f"/m/{meetup.slug}/proofs/{uid}/{tokens.proof_secret(keys().link, uid)}"
    for mail in (korean, english):
        assert code in text_of(mail)
        assert link in text_of(mail)
        assert code in html_of(mail)
        assert link in html_of(mail)


def test_who_is_not_on_the_list_is_told_so_and_what_to_do() -> None:
    meetup = open_meetup()
    asked(meetup, "stranger@example.com")

    assert (
        "이 주소는 부트캠프 명단에 없어요. 수강할 때 쓴 주소로 다시 신청하거나 명단 확인을 요청해 주세요."
        " 신청한 적이 없다면 무시해도 돼요."
    ) in text_of(written("proof", "ko"))
    assert (
        "This address isn't on the Bootcamp list. Try the one you studied with, or ask us to check."
        " Not you? Ignore this."
    ) in text_of(written("proof", "en"))


def test_who_is_of_another_cohort_learns_whom_the_meetup_is_for() -> None:
    meetup = open_meetup()
    other = make_cohort(meetup.program, 2)
    asked(meetup, make_alumnus(other).addresses[0].address)

    assert "참석 대상: 1기 수료생" in text_of(written("proof", "ko"))
    assert "Alumni of Cohort 1" in text_of(written("proof", "en"))


def test_who_is_registered_gets_a_code_and_the_way_to_their_registration() -> None:
    meetup = open_meetup()
    person = make_alumnus(meetup.cohorts[0])
    held = register(meetup, person)
    uid = asked(meetup, person.addresses[0].address)

    mail = written("proof", "ko")

    assert code_of(uid)[:4] in text_of(mail)
    assert personal_links.url_of(held) in text_of(mail)
    assert personal_links.url_of(held) in html_of(mail)


def test_the_confirmation_says_when_and_where_and_carries_ticket_and_calendar() -> None:
    meetup = open_meetup(online_url="https://meet.example.com/room")
    held = register(meetup, make_alumnus(meetup.cohorts[0], name="김하늘"))

    korean, english = written("registration_confirmed", "ko"), written("registration_confirmed", "en")

    start = meetup.local(meetup.starts_at)
    with force_locale("ko"):
        when = i18n.stamp(start)
    assert f"참석이 확정됐어요. {when}, 예시홀에서 만나요. 입구에서 QR 티켓을 보여 주세요." in text_of(korean)
    with force_locale("en"):
        when = i18n.stamp(start)
    assert f"You're in. {when}, Example Hall. Show this QR ticket at the door." in text_of(english)
    assert "김하늘 님" in text_of(korean)
    assert personal_links.url_of(held) in text_of(korean)
    assert "https://meet.example.com/room" in text_of(korean)
    parts = {part.get_filename(): part for part in korean.walk() if part.get_filename()}
    assert set(parts) == {"ticket.png", "meetup.ics"}
    assert "cid:ticket.png" in html_of(korean)
    assert parts["ticket.png"]["Content-ID"] == "<ticket.png>"
    assert b"BEGIN:VEVENT" in parts["meetup.ics"].get_payload(decode=True)
    assert korean["Reply-To"] == "desk@example.com"


def test_the_picture_in_the_mail_is_a_readable_code() -> None:
    import io

    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0]))
    mail = written("registration_confirmed")
    data = next(p for p in mail.walk() if p.get_filename() == "ticket.png").get_payload(decode=True)

    picture = Image.open(io.BytesIO(data)).convert("L")

    assert picture.size == (37 * 8, 37 * 8)
    assert picture.getpixel((0, 0)) == 255
    assert picture.getpixel((4 * 8 + 2, 4 * 8 + 2)) == 0


def test_the_waitlist_mail_says_the_place_and_that_it_is_no_seat() -> None:
    meetup = open_meetup(capacity=1)
    for _ in range(3):
        register(meetup, make_alumnus(meetup.cohorts[0]))

    korean, english = written("registration_waitlisted", "ko"), written("registration_waitlisted", "en")

    assert "대기 2번이에요. 아직 확정은 아니에요. 자리가 나면 메일로 알려 드릴게요." in text_of(korean)
    assert "You're number 2 on the waitlist, not confirmed yet. We'll email if a seat opens." in text_of(
        english
    )
    assert not [part for part in korean.walk() if part.get_filename()]


def calendar_method(message: EmailMessage) -> str:
    """What the attached file does in a calendar."""
    (part,) = [each for each in message.walk() if each.get_content_type() == "text/calendar"]
    return str(Calendar.from_ical(part.get_payload(decode=True))["METHOD"])


def test_cancelling_mails_the_one_who_goes_and_the_one_who_moves_up() -> None:
    meetup = open_meetup(capacity=1)
    rows = [register(meetup, make_alumnus(meetup.cohorts[0])) for _ in range(2)]
    registrations.cancel(rows[0].id)

    assert "신청을 취소했어요. 다시 신청할 수 있지만 대기할 수도 있어요." in text_of(
        written("registration_cancelled", "ko")
    )
    assert calendar_method(written("registration_cancelled")) == "CANCEL"
    promoted = written("registration_promoted", "ko")
    assert calendar_method(promoted) == "PUBLISH"
    assert "자리가 났어요." in text_of(promoted)
    assert "참석이 확정됐어요." in text_of(promoted)
    assert {part.get_filename() for part in promoted.walk()} >= {"ticket.png", "meetup.ics"}


def test_after_registration_has_closed_nobody_is_told_to_register_again() -> None:
    meetup = open_meetup(closes_at=START - dt.timedelta(days=1))
    registrations.cancel(register(meetup, make_alumnus(meetup.cohorts[0])).id)

    with time_machine.travel(START - dt.timedelta(hours=1)):
        korean, english = written("registration_cancelled", "ko"), written("registration_cancelled", "en")

    assert "다시 신청" not in text_of(korean) + html_of(korean)
    assert "register again" not in text_of(english) + html_of(english)
    assert "신청을 취소했어요. 다음에 만나요." in text_of(korean)


def test_whoever_was_not_found_is_told_to_ask_again_only_while_that_is_possible() -> None:
    meetup = open_meetup(closes_at=START - dt.timedelta(days=1))
    claim_decisions.refuse(claim(meetup).id, "", "account:1")

    open_still = text_of(written("registration_not_verified", "en"))
    with time_machine.travel(START - dt.timedelta(hours=1)):
        closed = written("registration_not_verified", "en")

    assert "You can ask again" in open_still
    assert "ask again" not in text_of(closed) + html_of(closed)
    assert "Registration has closed meanwhile." in text_of(closed)
    assert "Registration has closed meanwhile." in html_of(closed)


def test_a_mail_says_the_year_and_of_a_meetup_elsewhere_the_zone() -> None:
    here, there = open_meetup(), open_meetup(zone="America/New_York")
    register(here, make_alumnus(here.cohorts[0]))
    assert "2027년 7월 14일(수) 오후 6:30 – 9:30\n" in text_of(written("registration_confirmed", "ko"))

    register(there, make_alumnus(there.cohorts[0]))
    mail = text_of(written("registration_confirmed", "en"))
    assert "Wed 14 July 2027, 5:30 – 8:30 am (Eastern Daylight Time)" in mail


def test_a_mail_that_is_no_longer_true_is_dropped() -> None:
    meetup = open_meetup()
    held = register(meetup, make_alumnus(meetup.cohorts[0]))
    registrations.cancel(held.id)

    outcome = write(owed())

    kinds = {mail.id: mail.kind for mail in owed()}
    assert [kinds[key] for key in outcome.dropped] == ["registration_confirmed"]
    assert [kinds[key] for key in outcome.messages] == ["registration_cancelled"]


def test_a_request_that_a_later_one_replaced_is_not_mailed() -> None:
    meetup = open_meetup()
    address = make_alumnus(meetup.cohorts[0]).addresses[0].address
    asked(meetup, address)
    asked(meetup, address)
    first, second = owed("proof")

    outcome = write([first, second])

    assert outcome.dropped == [first.id]
    assert list(outcome.messages) == [second.id]


def test_calling_off_is_mailed_with_the_reason() -> None:
    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0]))
    meetup_states.call_off(meetup.id, "태풍 때문에 열지 못해요.", "account:1")

    assert "태풍 때문에 열지 못해요." in text_of(written("meetup_called_off", "ko"))
    assert calendar_method(written("meetup_called_off")) == "CANCEL"


HOSTILE = '<script>alert("1")</script> {{ 7*7 }} %(x)s\r\nBcc: all@example.com'


def test_names_and_titles_are_text_and_never_markup_or_headers() -> None:
    meetup = open_meetup(title_ko=HOSTILE, title_en=HOSTILE, place_ko=HOSTILE)
    person = make_alumnus(meetup.cohorts[0], name="<b>이름</b> {{ 7*7 }}")
    register(meetup, person)

    mail = written("registration_confirmed", "ko")

    assert "Bcc" not in mail
    assert "\n" not in mail["Subject"]
    assert "<script" not in html_of(mail)
    assert "&lt;b&gt;이름&lt;/b&gt;" in html_of(mail)
    assert "<b>이름</b> {{ 7*7 }} 님" in text_of(mail)


def test_a_header_stays_on_one_line() -> None:
    assert one_line("a\r\nBcc: b\x00\x0b\u2028c") == "a Bcc: b c"


def test_every_mail_names_its_sender_date_and_an_id_that_stays() -> None:
    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0]))

    first, second = written("registration_confirmed"), written("registration_confirmed")

    assert first["From"] == "Dongmun <dongmun@example.com>"
    assert first["Date"]
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Message-ID"] == second["Message-ID"] == owed("registration_confirmed")[0].message_id


def test_links_use_the_configured_address(app: Flask) -> None:
    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0]))

    with app.test_request_context("/", headers={"Host": "evil.example"}):
        text = text_of(written("registration_confirmed"))

    assert "evil.example" not in text
    assert f"{app.config['SETTINGS'].base_url}/r/" in text


def test_one_mail_that_cannot_be_written_hinders_no_other() -> None:
    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0]))
    with transaction() as session:
        session.add(
            OutboxMail(
                kind="of_tomorrow", address="a@example.com", locale="ko", params={}, message_id="<1@x>",
                due_at=START,
            )
        )  # fmt: skip

    outcome = write(owed())

    assert len(outcome.messages) == 1
    assert len(outcome.broken) == 1


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_a_text_and_an_html_part_of_its_own(app: Flask, kind: str) -> None:
    folder = app.jinja_env.list_templates()
    names = {"proof": ["proof_code", "proof_not_on_roster", "proof_not_eligible", "proof_not_invited"]}.get(
        kind, [kind]
    )
    names = ["sign_in_link", "sign_in_unknown"] if kind == "sign_in" else names
    names = ["invitation"] if kind == "invitation_reminder" else names
    names = ["message", "news"] if kind == "message_test" else names  # a test looks as what it tests

    for name in names:
        assert f"emails/{name}.txt" in folder
        assert f"emails/{name}.html" in folder


def test_loading_takes_as_many_statements_for_thirty_mails_as_for_two() -> None:
    from tests.support.counting import statements

    def writing(count: int) -> int:
        meetup = open_meetup(capacity=count // 2)
        before = len(owed())
        for _ in range(count):
            register(meetup, make_alumnus(meetup.cohorts[0]))
        mails = owed()[before:]
        with statements() as seen:
            assert len(write(mails).messages) == count
        return len([s for s in seen if s.startswith("SELECT")])

    assert writing(2) == writing(30)


def test_an_address_with_hangul_before_the_at_gets_its_mail() -> None:
    meetup = open_meetup()
    register(meetup, make_alumnus(meetup.cohorts[0], address="홍길동@example.com"))

    assert written("registration_confirmed")["To"] == "홍길동@example.com"
