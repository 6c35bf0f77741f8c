"""What others wrote outlives whoever is erased: the name goes where the roster has it, and never the text."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.registering.adding import Guest, Wish
from app.domain.writing.messages import Kind
from app.models import (
    AuditEntry,
    Cohort,
    InsideNote,
    Meetup,
    Message,
    Person,
    RegistrationNote,
    Role,
    SavedView,
    Story,
    Tag,
    ToldChange,
)
from app.services.organizing import desk_notes, saved_views, tags
from app.services.personal import erasure
from app.services.registering import adding
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_meetup,
    make_member,
    make_registration,
    sign_in,
)
from tests.support.claiming import claim
from tests.support.client import Browser

ACTOR, NAME = "account:7", "한빛누리"


@pytest.fixture
def cohort(app: Flask) -> Cohort:
    return make_cohort(None, 3)


@pytest.fixture
def meetup(cohort: Cohort) -> Meetup:
    return make_meetup(cohorts=[cohort])


def written(meetup: Meetup, words: str, *, begins: bool) -> None:
    """Everything in which a meetup speaks to many; published and scheduled, or not yet."""
    at = now() + dt.timedelta(days=1) if begins else None
    with transaction() as session:
        session.add_all(
            [
                Story(meetup_id=meetup.id, words_ko=words, changed_at=now(), published_at=at),
                InsideNote(meetup_id=meetup.id, words_ko=words, words_en="", changed_at=now()),
                Message(
                    meetup_id=meetup.id,
                    kind=Kind.ABOUT,
                    words_ko=words,
                    chosen={},
                    actor=ACTOR,
                    begins_at=at,
                ),
            ]
        )


def texts() -> list[str]:
    end_reading()
    columns = (Story.words_ko, InsideNote.words_ko, Message.words_ko)
    return [text for column in columns for text in db.session.scalars(select(column))]


def erase(person: Person) -> AuditEntry:
    erasure.erase(person.id, ACTOR, Asked.LINK)
    end_reading()
    return db.session.scalars(select(AuditEntry).where(AuditEntry.act == erasure.ACT)).one()


@pytest.mark.parametrize("begins", [True, False])
def test_a_stranger_called_like_a_word_takes_no_text_along(meetup: Meetup, begins: bool) -> None:
    words = "밋업 님, 밋업이 좋았어요"
    written(meetup, words, begins=begins)
    other = make_registration(meetup)
    tags.change(meetup.id, [other.id], ACTOR, add=["밋업"])
    desk_notes.save(other.id, words, ACTOR)
    saved_views.keep(meetup.program_id, make_account().id, "밋업", {"tag": ["밋업"]}, shared=True)
    stranger = claim(meetup, "stranger@example.com", name="밋업").person

    entry = erase(stranger)

    assert texts() == [words] * 3
    assert db.session.scalars(select(RegistrationNote.words)).all() == [words]
    assert db.session.scalars(select(Tag.name)).all() == ["밋업"]
    assert db.session.scalars(select(SavedView.query)).all() == ["tag=밋업"]
    assert "texts" not in entry.details


def test_an_alumnus_called_like_a_word_takes_no_text_along(meetup: Meetup, cohort: Cohort) -> None:
    written(meetup, "40명 이상 모였어요", begins=False)
    view = {"status": ["confirmed"]}
    saved_views.keep(meetup.program_id, make_account().id, "이상 없음", view, shared=True)

    erase(make_alumnus(cohort, "이상"))
    with transaction() as session:
        session.delete(session.scalars(select(AuditEntry).where(AuditEntry.act == erasure.ACT)).one())
    erase(make_alumnus(cohort, "status"))

    assert texts() == ["40명 이상 모였어요"] * 3
    views = db.session.execute(select(SavedView.name, SavedView.query)).all()
    assert [tuple(each) for each in views] == [("이상 없음", "status=confirmed")]


def test_what_others_see_stays_and_the_organizers_are_told_where(
    client: Browser, meetup: Meetup, cohort: Cohort
) -> None:
    words = f"{NAME} 님이 발표했어요"
    written(meetup, words, begins=True)

    entry = erase(make_alumnus(cohort, NAME))

    assert texts() == [words] * 3
    kinds = ["inside_note", "message", "story"]
    assert entry.details["texts"] == [
        {"called": kind, "meetup_id": meetup.id, "stands": True} for kind in kinds
    ]
    assert NAME not in str(entry.details)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, make_member(meetup.program, Role.ORGANIZER))
    page = client.get(f"/desk/{meetup.program.slug}/erasures").text
    assert page.count("was left: please look") == len(kinds)
    assert NAME not in page
    assert [row[1:] for row in erasure.texts_of([entry])] == [(meetup, kind, True) for kind in kinds]


def test_in_a_draft_the_name_alone_goes(meetup: Meetup, cohort: Cohort) -> None:
    written(meetup, f"{NAME}가 발표했어요. {NAME}카페에서 만나요.", begins=False)

    entry = erase(make_alumnus(cohort, NAME))

    story, _inside, message = texts()
    assert {story, message} == {f"···가 발표했어요. {NAME}카페에서 만나요."}
    assert [(text["called"], text["stands"]) for text in entry.details["texts"]] == [
        ("inside_note", True),
        ("message", False),
        ("story", False),
    ]


def searched(meetup: Meetup, *searches: str) -> None:
    """A message to each of these, and a view of the list that was kept with it."""
    owner = make_account().id
    with transaction() as session:
        for number, search in enumerate(searches):
            view = {"program_id": meetup.program_id, "account_id": owner, "name": f"view {number}"}
            session.add(Message(meetup_id=meetup.id, kind=Kind.ABOUT, chosen={"search": search}, actor=ACTOR))
            session.add(SavedView(**view, query=f"paid=yes\nq={search}"))


def searches() -> set[str]:
    """What is left of them, the same in messages and views."""
    end_reading()
    chosen = db.session.scalars(select(Message.chosen).order_by(Message.id)).all()
    views = db.session.scalars(select(SavedView.query).order_by(SavedView.id)).all()
    assert [f"paid=yes\nq={each['search']}" for each in chosen] == views
    return {each["search"] for each in chosen}


def test_a_guest_whom_an_organizer_added_by_hand_leaves_no_name_address_or_phone(meetup: Meetup) -> None:
    guest = Guest(NAME, "guest@example.com", "guest@example.com", "010-2222-3333")
    row = adding.add(meetup.id, Wish(token="t", guest=guest), ACTOR).registration
    other = make_registration(meetup)
    tags.change(meetup.id, [other.id], ACTOR, add=[f"{NAME} 지인"])
    desk_notes.save(other.id, f"{NAME} 님과 함께 와요", ACTOR)
    searched(meetup, "guest@example.com", NAME, "010-2222-3333", "010 2222 3333", "+82 10-2222-3333")

    erase(row.person)

    assert searches() == {"···"}
    assert db.session.scalars(select(Tag.name)).all() == ["··· 지인"]
    assert db.session.scalars(select(ToldChange.after)).all() == ["··· 지인"]
    assert db.session.scalars(select(RegistrationNote.words)).all() == ["··· 님과 함께 와요"]


def test_searches_for_somebody_of_no_roster_go_too(meetup: Meetup) -> None:
    stranger = claim(meetup, "stranger@example.com", name=NAME).person
    searched(meetup, "Stranger@example.com", f"3기 {NAME}")

    erase(stranger)

    assert searches() == {"···"}


@pytest.mark.parametrize("word", ["3기", "제3기", "cohort 3", "2026", "naver", "ㄱㅎㄴ"])
def test_a_search_that_means_others_stays_when_a_stranger_took_its_word_for_a_name(
    meetup: Meetup, cohort: Cohort, word: str
) -> None:
    make_alumnus(cohort, "이두나", "duna@naver.example")
    stranger = claim(meetup, "stranger@example.com", name=word).person
    searched(meetup, word, "3기", "3기 naver")

    erase(stranger)

    assert searches() == {word, "3기", "3기 naver"}


@pytest.mark.parametrize("name", ["Jonathan", "Kim", "Seo-jun"])
def test_a_search_for_a_name_in_latin_letters_goes_though_an_address_could_hold_them(
    meetup: Meetup, cohort: Cohort, name: str
) -> None:
    make_alumnus(cohort, "이두나", "duna@naver.example")
    stranger = claim(meetup, f"{name}@example.com", name=name).person
    searched(meetup, name, f"{name.upper()} 3기")

    erase(stranger)

    assert searches() == {"···"}


@pytest.mark.parametrize("name", [f"{NAME} 3기", "한빛 누리"])
def test_a_search_goes_however_the_name_was_spaced_or_its_cohort_written(meetup: Meetup, name: str) -> None:
    stranger = claim(meetup, "stranger@example.com", name=name).person
    searched(meetup, f"3기 {NAME}", NAME, "한빛 누리", f"{NAME}(3기)")

    erase(stranger)

    assert searches() == {"···"}


def test_a_search_for_the_end_of_a_number_stays_where_a_list_has_no_more_of_theirs(
    meetup: Meetup, cohort: Cohort
) -> None:
    person = make_alumnus(cohort, NAME)
    make_registration(meetup, person, cohort=cohort, phone="6666")
    searched(meetup, "6666")

    erase(person)

    assert searches() == {"6666"}


def test_a_search_for_a_phone_that_a_registration_alone_has_goes(meetup: Meetup, cohort: Cohort) -> None:
    person = make_alumnus(cohort, NAME)
    make_registration(meetup, person, cohort=cohort, phone="010-5555-6666")
    searched(meetup, "010-5555-6666", "3기 01055556666", "6666")

    erase(person)

    assert searches() == {"···", "6666"}, "the end of a number is many people's"


def test_a_kept_view_does_not_look_for_their_address(meetup: Meetup, cohort: Cohort) -> None:
    person = make_alumnus(cohort, NAME, "bitnuri@example.com")
    searched(meetup, "3기 bitnuri@example.com", f"3기 {NAME}", "bitnuri@example.com")

    erase(person)

    assert searches() == {"···"}


@pytest.mark.parametrize(
    ("search", "left"), [(NAME, "···"), ("bitnuri@example.com", "···"), ("한빛", "한빛")]
)
def test_a_message_to_whom_a_search_finds_does_not_keep_the_name(
    meetup: Meetup, cohort: Cohort, search: str, left: str
) -> None:
    with transaction() as session:
        session.add(Message(meetup_id=meetup.id, kind=Kind.ABOUT, chosen={"search": search}, actor=ACTOR))

    erase(make_alumnus(cohort, NAME, "bitnuri@example.com"))

    assert db.session.scalars(select(Message.chosen)).all() == [{"search": left}]
