"""Organizers write how a mail begins; what it has to say stays, whatever they write."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from app.db import end_reading
from app.domain.seating.modes import Mode
from app.domain.writing.mail_texts import NO_TEXT, MailText, filled
from app.domain.writing.words import Words
from app.models import Meetup, Role
from app.services.mails import own_texts, registrations
from app.services.mails.samples import OWN_TEXT, sample, values_of
from app.services.mails.writing import write
from app.services.organizing import meetups
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, sign_in
from tests.support.client import Browser, csrf, submit
from tests.support.registering import owed, register
from tests.support.smtp import html_of, text_of

OWN = MailText(
    Words("[동문의 밤] {이름} 님, 자리가 있어요", "A seat for {name}"),
    Words("{이름} 님,\n오랜만에 뵙네요! <b>", "Dear {name}, see https://example.com/ <b>\nYours"),
)


@pytest.fixture
def meetup(client: Browser) -> Meetup:
    """Its organizer is signed in."""
    found = make_meetup(cohorts=[make_cohort()], title_ko="동문의 밤", title_en="Alumni night", capacity=1)
    sign_in(client, make_member(found.program, Role.ORGANIZER))
    return found


def texts_of(meetup: Meetup) -> str:
    return f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/mails/texts"


def arrived(kind: str) -> EmailMessage:
    """The newest mail of the kind as the mail server would get it."""
    end_reading()
    mail = owed(kind)[-1]
    message = message_from_bytes(write([mail]).messages[mail.id], policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_mail_begins_with_what_the_organizer_wrote_and_says_all_that_it_has_to(
    client: Browser, meetup: Meetup
) -> None:
    page = f"{texts_of(meetup)}/registration_confirmed"
    typed = {
        "subject_ko": "[동문의 밤] {이름} 님,\r\n자리가 있어요",
        "words_ko": "{이름} 님,\r\n오랜만에 뵙네요! <b>",
    }

    assert submit(client, page, typed).status_code == 303
    register(meetup, make_alumnus(meetup.cohorts[0], "김동문"))

    mail = arrived("registration_confirmed")
    assert mail["Subject"] == "[동문의 밤] 김동문 님, 자리가 있어요"
    assert "김동문 님,<br>오랜만에 뵙네요! &lt;b&gt;" in html_of(mail)
    assert "김동문 님,\n오랜만에 뵙네요! <b>\n\n" in text_of(mail)
    for usual in ("티켓", "취소", "/t/"):
        assert usual.lower() in text_of(mail).lower()
    assert "Own words" in client.get(texts_of(meetup)).text


def test_a_language_in_which_nothing_is_written_says_the_usual(client: Browser, meetup: Meetup) -> None:
    submit(client, f"{texts_of(meetup)}/registration_confirmed", {"words_en": "Dear all"})
    register(meetup, make_alumnus(meetup.cohorts[0]))

    mail = arrived("registration_confirmed")
    assert mail["Subject"] == "[동문의 밤] 참석이 확정됐어요"
    assert "Dear all" not in html_of(mail)


def test_emptied_the_mail_says_the_usual_again(client: Browser, meetup: Meetup) -> None:
    page = f"{texts_of(meetup)}/registration_confirmed"
    submit(client, page, {"subject_ko": "와!"})
    submit(client, page, {"subject_ko": " "})

    register(meetup, make_alumnus(meetup.cohorts[0]))

    assert arrived("registration_confirmed")["Subject"] == "[동문의 밤] 참석이 확정됐어요"
    assert own_texts.of(meetup.id) == {}


def test_an_unknown_field_and_too_long_a_text_are_refused_and_what_was_typed_stays(
    client: Browser, meetup: Meetup
) -> None:
    typed = {"subject_ko": "가" * 151, "words_en": "Hello {nmae}, welcome"}

    answer = submit(client, f"{texts_of(meetup)}/registration_confirmed", typed)

    assert answer.status_code == 422
    assert "There is no field {nmae}" in answer.text
    assert "151 characters of at most 150" in answer.text
    assert "가" * 151 in answer.text
    assert "Hello {nmae}, welcome" in answer.text
    assert own_texts.of(meetup.id) == {}


@pytest.mark.parametrize("mode", [Mode.FIRST_COME, Mode.APPROVAL, Mode.DRAW])
@pytest.mark.parametrize("locale", ["ko", "en"])
def test_every_mail_can_be_looked_at_and_has_its_own_words_in_all_its_parts(
    client: Browser, locale: str, mode: Mode
) -> None:
    meetup = make_meetup(mode=mode)

    for kind in OWN_TEXT:
        shown = sample(meetup, kind, locale, OWN)
        name = "김동문" if locale == "ko" else "Dana Kim"
        assert name in shown.subject, kind
        for part in (shown.text, shown.html):
            assert ("오랜만에" if locale == "ko" else "Yours") in part, kind
            assert "{" not in part.replace("{ ", "").split("</style>")[-1], kind
        assert "<b>" not in shown.html
        assert "cid:" not in shown.html


def test_what_is_typed_is_looked_at_without_being_kept_and_nothing_in_it_runs(
    client: Browser, meetup: Meetup
) -> None:
    page = f"{texts_of(meetup)}/registration_waitlisted"
    typed = {"words_en": "Dear {name} <script>alert(1)</script>"}

    submit(client, page, {"words_en": "Another"})
    shown = client.post(f"{page}/preview/en", data=typed | {"csrf_token": csrf(client, page)})

    assert "Dear Dana Kim &lt;script&gt;" in shown.text
    assert shown.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert own_texts.of(meetup.id)["registration_waitlisted"].words.en == "Another"
    assert "frame-src 'self'" in client.get(page).headers["Content-Security-Policy"]
    assert client.get(f"{page}/preview/fr").status_code == 404
    assert client.get(f"{texts_of(meetup)}/sign_in").status_code == 404


def test_the_next_meetup_begins_with_the_same_words(meetup: Meetup) -> None:
    own_texts.save(meetup.id, "reminder", OWN, "account:1")

    copy = meetups.copy(meetup.id, "account:1")

    assert own_texts.of(copy.id) == {"reminder": OWN}


def test_what_a_meetup_has_not_got_leaves_nothing_behind() -> None:
    assert filled("{장소} {when}에 {name}", {"name": "{when}", "when": "7시"}) == " 7시에 {when}"


@pytest.mark.parametrize("mode", [Mode.FIRST_COME, Mode.DRAW])
def test_no_sentence_of_a_mail_runs_into_the_next(client: Browser, mode: Mode) -> None:
    meetup = make_meetup(mode=mode)

    for kind in OWN_TEXT:
        for locale in ("ko", "en"):
            html = re.sub(r"<style>.*?</style>|<[^>]+>", " ", sample(meetup, kind, locale, NO_TEXT).html)
            assert re.findall(r"[가-힣a-z]{2}[.?!](?=[가-힣A-Z])", html) == [], (kind, locale)


def test_a_sample_says_all_that_a_mail_says(meetup: Meetup) -> None:
    register(meetup, make_alumnus(meetup.cohorts[0]))
    (mail,) = owed("registration_confirmed")

    letter = registrations.write(mail, registrations.load([mail])[mail.id])

    assert letter
    assert letter.values.keys() - values_of(meetup, mail.kind, "ko").keys() == {"own_subject", "own_words"}


def test_an_invitation_begins_with_the_meetups_words_and_has_those_of_this_time_too(
    client: Browser, meetup: Meetup
) -> None:
    make_alumnus(meetup.cohorts[0], "김하늘")
    page = f"/desk/{meetup.program.slug}/meetups/{meetup.slug}/invitations"
    typed = {"subject_ko": "{이름} 님을 모셔요", "words_ko": "{meetup}, 올해도 열어요."}
    submit(client, f"{texts_of(meetup)}/invitation", typed)
    chosen = {"cohort": meetup.cohorts[0].id, "words": "이번엔 옥상이에요."}

    look = submit(client, page, chosen, action=f"{page}/preview").text
    token = {"csrf_token": csrf(client, f"{texts_of(meetup)}/invitation")}
    assert client.post(page, data=chosen | token).status_code == 303

    mail = arrived("invitation")
    assert mail["Subject"] == "김하늘 님을 모셔요"
    assert "김동문 님을 모셔요" in look
    assert f"{texts_of(meetup)}/invitation" in look
    for text in (look, html_of(mail), text_of(mail)):
        assert 0 < text.index("동문의 밤, 올해도 열어요.") < text.rindex("이번엔 옥상이에요.")
    assert "못 오세요?" in text_of(mail), "what an invitation has to say stays"
    assert "올해도" not in sample(meetup, "invitation_reminder", "ko", NO_TEXT).text


@pytest.mark.parametrize("kind", ["invitation", "invitation_reminder", "thanks"])
def test_the_sample_of_a_mail_that_one_can_opt_out_of_says_how(meetup: Meetup, kind: str) -> None:
    shown = sample(meetup, kind, "en", NO_TEXT)

    assert "No more invitations and thanks" in shown.html
    assert "/opt-outs/" in shown.text
