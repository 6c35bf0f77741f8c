"""The survey after a meetup: who is asked, once, and that nobody can be found by what they said."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.errors import DomainError
from app.domain.surveys import ready_made
from app.models import AuditEntry, Meetup, Program, Registration, SurveyReply, SurveyTally
from app.services.organizing import meetups
from app.services.personal import own_data, personal_links
from app.services.registering import surveys
from tests.factories import make_cohort, make_meetup, make_member, make_registration, sign_in
from tests.support.client import Browser, submit

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

    tally = surveys.tally_of(meetup.id)
    assert (first.status_code, "Thank you for your answers" in again.text) == (303, True)
    assert (tally.answers, tally.counts) == (1, {"q1": {"5": 1}})


def test_who_did_not_come_is_not_asked():
    meetup = held()

    with pytest.raises(DomainError, match="survey_closed"):
        surveys.answer(make_registration(meetup).id, {"q1": "5"})


def test_nothing_in_the_database_leads_from_an_answer_to_a_person():
    """The rows that answering writes: one that it happened, without a time; one for the meetup."""
    meetup = held()
    end_reading()
    before = {name: rows(name) for name in db.metadata.tables}
    for number in range(6):
        surveys.answer(guest(meetup).id, {"q1": "4", "q6": f"글 {number}"})
    end_reading()

    changed = {name for name, old in before.items() if rows(name) != old}
    of_answering = changed - {"registration", "ticket", "person", "person_address", "program"}
    assert of_answering == {"survey_reply", "survey_tally"}
    assert set(SurveyReply.__table__.columns.keys()) == {"id", "registration_id"}
    assert set(SurveyTally.__table__.columns.keys()) == {"id", "meetup_id", "answers", "counts", "texts"}
    assert len(rows("survey_tally")) == 1


def rows(table: str) -> list[tuple[Any, ...]]:
    found = db.session.execute(text(f'SELECT * FROM "{table}"'))
    return sorted((tuple(map(str, row)) for row in found), key=str)


def test_texts_lie_in_no_order():
    meetup = held()
    for number in range(12):
        surveys.answer(guest(meetup).id, {"q6": f"{number:02}"})

    kept = surveys.tally_of(meetup.id).texts["q6"]

    assert sorted(kept) != kept
    assert len(set(kept)) == 12


def test_nothing_is_shown_below_five_answers(client: Browser):
    meetup = held()
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program))
    page = f"/desk/{program.slug}/meetups/{meetup.slug}/survey"
    for _ in range(4):
        surveys.answer(guest(meetup).id, {"q1": "2", "q6": "비밀이에요"})
    few = client.get(page).text
    surveys.answer(guest(meetup).id, {"q1": "2", "q6": "비밀이에요"})

    enough = client.get(page).text

    assert ("비밀이에요" in few, "4 answers so far" in few) == (False, True)
    assert ("비밀이에요" in enough, "2.0 of 5" in enough) == (True, True)


def test_the_file_has_no_line_that_is_a_person(client: Browser):
    meetup = held()
    program = db.session.get_one(Program, meetup.program_id)
    sign_in(client, make_member(program))
    for number in range(5):
        surveys.answer(guest(meetup).id, {"q1": "5", "q6": f"=글{number}"})

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

    assert surveys.tally_of(meetup.id).answers == 1


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
    assert (survey.opened_at, surveys.tally_of(copied.id).answers) == (None, 0)
    assert len(survey.questions) == 7


def test_destroying_takes_the_texts_and_leaves_the_counts():
    meetup = held()
    surveys.answer(guest(meetup).id, {"q1": "5", "q6": "김하늘 님 고마워요"})

    with transaction() as session:
        surveys.forget_texts(session, meetup.id)
    end_reading()

    tally = surveys.tally_of(meetup.id)
    assert (tally.counts, tally.texts) == ({"q1": {"5": 1}}, {})


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
