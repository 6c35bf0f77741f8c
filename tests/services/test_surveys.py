"""The survey after a meetup: who is asked, once, and that nobody can be found by what they said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from flask import Flask
from markupsafe import escape
from sqlalchemy import select, text

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.surveys import ready_made
from app.models import AuditEntry, Meetup, Program, Registration, SurveyReply, SurveyTally, SurveyText
from app.services.organizing import meetups
from app.services.personal import own_data, personal_links
from app.services.registering import survey_results, surveys
from tests.factories import make_cohort, make_meetup, make_member, make_registration, sign_in
from tests.support.client import Browser, Page, csrf, form_of, submit
from tests.support.counting import statements

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"


def held(**fields: Any) -> Meetup:
    """A meetup that was over yesterday, whose survey is open."""
    over = now() - dt.timedelta(days=1)
    meetup = make_meetup(
        cohorts=[make_cohort()], starts_at=over - dt.timedelta(hours=3), ends_at=over, **fields
    )
    surveys.save(meetup.id, ready_made(), with_thanks=False, actor=ACTOR)
    surveys.open_until(meetup.id, (now() + dt.timedelta(days=3)).date(), ACTOR)
    return meetup


def guest(meetup: Meetup) -> Registration:
    return make_registration(meetup, admitted_at=now() - dt.timedelta(days=1))


def path_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}/survey"


def test_who_came_answers_once_and_a_second_press_changes_nothing(client: Browser):
    meetup = held()
    came = guest(meetup)

    first = submit(client, path_of(came), {"q1": "5", "q6": "다시 만나서 좋았어요"})
    again = client.get(path_of(came))
    surveys.answer(came.id, {"q1": "1"})

    assert (first.status_code, "Thank you for your answers" in again.text) == (303, True)
    assert survey_results.answered(meetup.id) == 1


def test_who_did_not_come_is_not_asked():
    meetup = held()

    with pytest.raises(DomainError, match="survey_closed"):
        surveys.answer(make_registration(meetup).id, {"q1": "5"})


def test_nothing_in_the_database_leads_from_an_answer_to_a_person():
    """The rows that answering writes: one that it happened, without a time or a running number; one for the meetup."""
    meetup = held()
    end_reading()
    before = {name: rows(name) for name in db.metadata.tables}
    answer_as(meetup, 6)
    end_reading()

    changed = {name for name, old in before.items() if rows(name) != old}
    of_answering = changed - {"registration", "ticket", "person", "person_address", "program"}
    assert of_answering == {"survey_reply", "survey_tally"}
    assert set(SurveyReply.__table__.columns.keys()) == {"registration_id"}
    assert set(SurveyTally.__table__.columns.keys()) == {
        "id", "meetup_id", "answers", "counts", "waiting", "held",
    }  # fmt: skip
    assert set(SurveyText.__table__.columns.keys()) == {"id", "meetup_id", "question", "text"}
    assert len(rows("survey_tally")) == 1


def rows(table: str) -> list[tuple[Any, ...]]:
    found = db.session.execute(text(f'SELECT * FROM "{table}"'))
    return sorted((tuple(map(str, row)) for row in found), key=str)


def answer_as(meetup: Meetup, number: int, **said: str) -> None:
    """So many guests answer; "글 3" in what is said becomes each one's own."""
    for n in range(number):
        surveys.answer(guest(meetup).id, {"q1": "2", "q6": f"글 {n}"} | said)


def shown_texts(meetup: Meetup, question: str = "q6") -> list[str]:
    end_reading()
    return [each.text for each in survey_results.texts(meetup.id, question, after=0, size=100)]


def desk_of(meetup: Meetup) -> str:
    program = db.session.get_one(Program, meetup.program_id)
    return f"/desk/{program.slug}/meetups/{meetup.slug}/survey"


def test_texts_lie_in_no_order():
    meetup = held()
    answer_as(meetup, 20)

    kept = shown_texts(meetup)

    assert sorted(kept) != kept
    assert len(set(kept)) == 15


def test_what_is_shown_never_grows_by_fewer_than_five(client: Browser):
    """On the page and in the file: looking before and after one answer tells nothing."""
    meetup = held()
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))
    shown = []
    for n in range(16):
        surveys.answer(guest(meetup).id, {"q1": "2", "q6": f"글 {n}"})
        end_reading()
        found = survey_results.results(meetup.id)
        shown.append(found and (found.answers, found.counts["q1"], found.texts))
    page = client.get(desk_of(meetup)).text

    assert shown[:9] == [None] * 9
    assert [each and each[0] for each in shown[9:]] == [5] * 5 + [10] * 2
    assert shown[14] == (10, {"2": 10}, {"q6": 10})
    assert "6 answers are not shown yet" in page
    assert "2.0 of 5" in page


def test_the_end_shows_the_rest_and_opening_again_shows_no_single_answer():
    meetup = held()
    answer_as(meetup, 7)
    before = survey_results.results(meetup.id)
    surveys.close(meetup.id, ACTOR)
    closed = survey_results.results(meetup.id)
    for _ in range(2):
        surveys.open_until(meetup.id, (now() + dt.timedelta(days=3)).date(), ACTOR)
        answer_as(meetup, 1)
        surveys.close(meetup.id, ACTOR)
    end_reading()
    again = survey_results.results(meetup.id)

    assert (before, closed and closed.answers, again and again.answers) == (None, 7, 7)
    assert survey_results.answered(meetup.id) == 9


def test_a_survey_whose_last_day_is_over_is_settled_by_the_round():
    meetup = held()
    answer_as(meetup, 6)
    early = survey_results.settle_ended()

    with time_machine.travel(now() + dt.timedelta(days=6)):
        assert (early, survey_results.settle_ended(), survey_results.settle_ended()) == (0, 1, 0)

    end_reading()
    found = survey_results.results(meetup.id)
    assert found
    assert (found.answers, len(shown_texts(meetup))) == (6, 6)


def test_fewer_than_five_are_not_shown_when_it_is_over_nor_a_question_of_fewer(client: Browser):
    few, more = held(), held()
    answer_as(few, 4, q6="비밀이에요")
    surveys.close(few.id, ACTOR)
    answer_as(more, 4, q6="비밀이에요")
    answer_as(more, 2, q6="")
    surveys.close(more.id, ACTOR)
    sign_in(client, make_member(db.session.get_one(Program, more.program_id)))

    page = client.get(desk_of(more)).text

    assert survey_results.results(few.id) is None
    assert ("비밀이에요" in page, "Fewer than 5 have answered this" in page) == (False, True)
    assert "비밀이에요" not in client.get(f"{desk_of(more)}/texts?question=q6").text


def test_the_last_answer_costs_no_more_than_the_first():
    meetup = held()
    needed = []
    for number in (1, 40):
        answer_as(meetup, number)
        came = guest(meetup)
        end_reading()
        with statements() as seen:
            surveys.answer(came.id, {"q1": "5"})
        row = db.session.scalars(select(SurveyTally).where(SurveyTally.meetup_id == meetup.id)).one()
        needed.append((len(seen), len(row.held[0]["texts"].get("q6", ())) < 6))

    assert needed[0] == needed[1]


def test_texts_come_by_pages_and_one_can_be_removed_without_keeping_it(client: Browser):
    meetup = held()
    answer_as(meetup, 60)
    surveys.close(meetup.id, ACTOR)
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))
    list_of_all = f"{desk_of(meetup)}/texts?question=q6"
    first = client.get(list_of_all).text
    gone = survey_results.texts(meetup.id, "q6", after=0, size=1)[0]
    words, action = gone.text, f"{desk_of(meetup)}/texts/{gone.id}/removal"

    answer = submit(client, list_of_all, action=action)
    again = client.post(action, data={"csrf_token": csrf(client, list_of_all)})

    entries = [str(row) for row in rows("audit_entry")]
    assert (first.count("survey-said__one"), "after=" in first) == (50, True)
    assert (answer.status_code, again.status_code) == (303, 404)
    assert words not in shown_texts(meetup)
    assert [words in entry for entry in entries if "survey.text_removed" in entry] == [False]


def test_a_text_of_another_meetup_is_not_removed():
    one, other = held(), held()
    answer_as(one, 5)
    surveys.close(one.id, ACTOR)
    text = survey_results.texts(one.id, "q6", after=0, size=1)[0]

    with pytest.raises(DomainError, match="no_such_survey_text"):
        survey_results.remove_text(other.id, text.id, ACTOR)


def test_questions_changed_meanwhile_are_asked_anew_and_what_was_typed_to_the_same_stays(client: Browser):
    meetup = held()
    came = guest(meetup)
    target, form = form_of(client, path_of(came))
    asked = ready_made()
    surveys.save(meetup.id, (asked[1], asked[0], *asked[3:]), with_thanks=False, actor=ACTOR)
    typed = form.fields | {"q1": "5", "q3": "1", "q6": "다시 만나서 좋았어요"}

    answer = client.post(target, data=typed)
    kept = next(form.fields for form in Page(answer.text).forms if "q1-is" in form.fields)
    after = client.post(target, data=kept)

    assert (answer.status_code, "were changed" in answer.text) == (422, True)
    said = {key: value for key, value in kept.items() if len(key) == 2 and any(value)}
    assert said == {"q2": ["5"], "q5": ["다시 만나서 좋았어요"]}
    assert (after.status_code, survey_results.answered(meetup.id)) == (303, 1)


def test_organizers_look_at_the_questions_before_it_opens_and_send_nothing(client: Browser):
    meetup = held()
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))
    page = f"{desk_of(meetup)}/preview"

    shown = {locale: client.get(f"{page}?lang={locale}").text for locale in ("ko", "en")}

    assert page.removesuffix("/preview") in client.get(page).text
    for question in ready_made():
        assert str(escape(question.label.ko)) in shown["ko"]
        assert str(escape(question.label.en)) in shown["en"]
    assert '<fieldset class="form" disabled>' in shown["ko"]
    assert "Your name is not kept with your answers" in shown["en"]
    assert "Send my answers" not in shown["en"]
    assert client.get(f"{page}?lang=xx").status_code == 404
    other = make_meetup(db.session.get_one(Program, meetup.program_id))
    assert client.get(f"{desk_of(other)}/preview").status_code == 404


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_far_away_is_refused_with_a_sentence(client: Browser, day: str):
    meetup = held()
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))

    answer = submit(client, desk_of(meetup), {"until": day}, action=f"{desk_of(meetup)}/opening")

    assert answer.status_code == 303
    survey = surveys.of_meetup(meetup.id)
    assert survey
    assert survey.closes_at
    assert survey.closes_at < now() + dt.timedelta(days=5)


def test_the_file_has_no_line_that_is_a_person(client: Browser):
    meetup = held()
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program))
    for number in range(5):
        surveys.answer(guest(meetup).id, {"q1": "5", "q6": f"=글{number}"})
    surveys.close(meetup.id, ACTOR)

    answer = submit(
        client,
        f"/desk/{program.slug}/meetups/{meetup.slug}/survey",
        action=f"/desk/{program.slug}/meetups/{meetup.slug}/survey/results.csv",
    )

    lines = answer.data.decode("utf-8-sig").splitlines()
    assert answer.mimetype == "text/csv"
    assert "How was the meetup as a whole?,5,5" in lines
    assert sum("'=글" in line for line in lines) == 5


def test_questions_stay_once_somebody_has_answered():
    meetup = held()
    surveys.answer(guest(meetup).id, {"q1": "5"})

    with pytest.raises(DomainError, match="survey_answered_already"):
        surveys.save(meetup.id, ready_made()[:2], with_thanks=False, actor=ACTOR)


def test_a_closed_survey_takes_nothing_and_opens_again():
    meetup = held()
    came = guest(meetup)
    surveys.close(meetup.id, ACTOR)

    with pytest.raises(DomainError, match="survey_closed"):
        surveys.answer(came.id, {"q1": "5"})
    surveys.open_until(meetup.id, (now() + dt.timedelta(days=3)).date(), ACTOR)
    surveys.answer(came.id, {"q1": "5"})

    assert survey_results.answered(meetup.id) == 1


def test_before_the_end_and_for_a_day_that_is_over_it_does_not_open():
    early = make_meetup(cohorts=[make_cohort()])
    surveys.save(early.id, ready_made(), with_thanks=False, actor=ACTOR)

    with pytest.raises(DomainError, match="survey_too_soon"):
        surveys.open_until(early.id, (now() + dt.timedelta(days=30)).date(), ACTOR)
    with pytest.raises(DomainError, match="survey_day_over"):
        surveys.open_until(held().id, (now() - dt.timedelta(days=3)).date(), ACTOR)


def test_a_copy_asks_the_same_and_is_not_open():
    meetup = held()
    surveys.answer(guest(meetup).id, {"q1": "5"})

    copied = meetups.copy(meetup.id, ACTOR)

    survey = surveys.of_meetup(copied.id)
    assert survey
    assert (survey.opened_at, survey_results.answered(copied.id)) == (None, 0)
    assert len(survey.questions) == 7


def test_destroying_takes_the_texts_shown_or_not_and_leaves_the_counts():
    meetup = held()
    answer_as(meetup, 12, q6="김하늘 님 고마워요")

    with transaction() as session:
        survey_results.forget_texts(session, meetup.id)
    end_reading()

    found = survey_results.results(meetup.id)
    assert found
    assert (found.counts["q1"], found.texts) == ({"2": 5}, {})
    assert not any("김하늘" in str(row) for row in rows("survey_tally") + rows("survey_text"))
    assert survey_results.answered(meetup.id) == 12


def test_ones_own_data_say_that_one_answered_and_the_trail_says_nothing():
    meetup = held()
    came = guest(meetup)
    surveys.answer(came.id, {"q1": "5"})

    found = own_data.collect(came.person_id, "ko")["registrations"][0]["survey"]
    acts = set(db.session.scalars(select(AuditEntry.act)))

    assert found == [{"answered": True}]
    assert not {act for act in acts if "answer" in act}


def test_a_wrong_text_keeps_what_was_typed(app: Flask):
    came = guest(held())

    answer = submit(app.test_client(), path_of(came), {"q1": "3", "q6": "900101-1234567"})

    assert answer.status_code == 422
    assert 'value="3" checked' in answer.text
    assert "900101-1234567" in answer.text
