"""Saving another time or place at the desk: what was typed stays, and nothing is saved before the organizer has chosen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.db import db, end_reading
from app.models import Meetup, MeetupMove
from app.services.organizing import meetup_states, meetups
from app.services.registering import moves
from tests.factories import make_cohort, make_member, make_notice, make_program, make_registration, sign_in
from tests.services.test_meetups_life import draft
from tests.support.client import Page, submit
from tests.support.registering import owed


def test_the_whole_form_comes_through_the_question_and_back_again(app: Any, client: Any) -> None:
    program = make_program()
    meetup = meetups.create(program.id, draft(make_cohort(program, 1), make_cohort(program, 2)), "account:1")
    make_notice(meetup)
    meetup_states.publish(meetup.id, "account:1")
    make_registration(meetup)
    sign_in(client, make_member(program))
    edit = f"/desk/{program.slug}/meetups/{meetup.slug}/edit"

    asked = submit(client, edit, {"place_ko": "새 예시홀", "title_ko": "새 이름"})

    assert asked.status_code == 200
    assert "Whom do you tell?" in asked.text
    (form,) = (form for form in Page(asked.text).forms if form.action == edit)
    back = client.post(edit, data={**form.fields, "back": "yes"})
    assert 'value="새 예시홀"' in back.text
    assert back.text.count("checked") >= 2, "both cohorts"
    assert not _moves()
    saved = client.post(edit, data={**form.fields, "telling": "tell", "note": "누수 때문이에요."})
    assert saved.status_code == 303
    end_reading()
    row = db.session.get_one(Meetup, meetup.id)
    assert (row.place_ko, row.title_ko, len(row.cohorts), len(row.talks)) == ("새 예시홀", "새 이름", 2, 2)
    assert [(move.place_ko, move.note, move.asks) for move in _moves()] == [
        ("예시홀", "누수 때문이에요.", False)
    ]
    assert len(owed(moves.MAIL)) == 1


def _moves() -> list[MeetupMove]:
    end_reading()
    return list(db.session.scalars(select(MeetupMove)))
