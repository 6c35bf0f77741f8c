"""The organizer's pages of meetups, through the browser's eyes."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from PIL import Image as Pictures
from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.registering.registrations import Status
from app.models import Cohort, Image, Meetup, MeetupState, Program, Registration, Role
from app.services.organizing import images
from tests.factories import make_alumnus, make_cohort, make_meetup, make_member, make_participant, sign_in
from tests.support.client import csrf, form_of, submit
from tests.support.counting import statements

TYPED = {
    "title_ko": "동문 밋업",
    "title_en": "Alumni meetup",
    "description_ko": "**반가워요**\n\n<script>alert(1)</script>",
    "place_ko": "예시홀",
    "starts": "2027-07-14T18:30",
    "ends": "2027-07-14T21:00",
    "capacity": "40",
    "contact_address": "desk@example.com",
    "talks-0-clock": "18:00",
    "talks-0-title_ko": "문 여는 시각",
    "talks-1-title_ko": "기조 강연",
    "talks-1-speaker": "김하늘",
}


@pytest.fixture
def cohort(app: Any) -> Cohort:
    return make_cohort(ordinal=1)


@pytest.fixture
def program(cohort: Cohort) -> Program:
    return db.session.get_one(Program, cohort.program_id)


@pytest.fixture
def organizer(client: Any, program: Program) -> Any:
    sign_in(client, make_member(program))
    return client


def desk(program: Program, path: str = "") -> str:
    return f"/desk/{program.slug}/meetups{path}"


def after(client: Any, response: Any) -> str:
    """The page that a successful form leads to."""
    assert response.status_code == 303
    return client.get(response.location).text


def only_meetup() -> Meetup:
    return db.session.scalars(select(Meetup)).one()


def picture() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Pictures.new("RGB", (120, 63), "teal").save(out, "PNG")
    out.seek(0)
    return out, "cover.png"


def test_from_an_empty_desk_to_a_published_meetup(organizer: Any, program: Program, cohort: Cohort):
    made = submit(organizer, desk(program, "/new"), TYPED)
    meetup = only_meetup()
    here = desk(program, "/alumni-meetup")
    published = after(organizer, submit(organizer, here, action=f"{here}/publication"))

    assert (made.status_code, made.location) == (303, here)
    assert [c.id for c in meetup.cohorts] == [cohort.id]
    assert "/m/alumni-meetup" in published
    assert only_meetup().state is MeetupState.PUBLISHED


def test_nothing_typed_is_lost_to_a_refusal(organizer: Any, program: Program):
    answer = submit(
        organizer, desk(program, "/new"), TYPED | {"title_ko": "", "title_en": "", "capacity": "many"}
    )

    assert answer.status_code == 422
    assert 'href="#title_ko"' in answer.text
    for value in ("2027-07-14T18:30", "many", "기조 강연", "김하늘", "18:00", "예시홀", "&lt;script&gt;"):
        assert value in answer.text
    assert db.session.scalar(select(func.count(Meetup.id))) == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title_ko": "", "title_en": ""}, "Write a title"),
        ({"starts": ""}, "Choose a date and a time."),
        ({"starts": "next week"}, "Write a date and a time"),
        ({"ends": "2027-07-14T18:00"}, "The end is not after the start"),
        ({"zone": "America/New_York", "starts": "2027-03-14T02:30"}, "no such time ("),
        (
            {"zone": "America/New_York", "starts": "2027-11-07T01:30", "ends": "2027-11-07T09:00"},
            "comes twice in",
        ),
        ({"zone": "Mars/Olympus"}, "know this time zone"),
        ({"map_url": "javascript:alert(1)"}, "begins with https://"),
        ({"contact_address": "nobody"}, "look like an e-mail address"),
        ({"capacity": "-3"}, "number of seats in digits"),
        ({"capacity": "99999999"}, "At most 100,000 seats."),
        ({"capacity": ""}, "number of seats in digits"),
        ({"title_en": "x" * 201}, "too long"),
        ({"slug": "No Good"}, "small letters"),
        ({"talks-1-clock": "late"}, "hours and minutes"),
        ({"talks-1-title_ko": ""}, "or empty the row"),
        ({"opens": "2027-07-14T22:00"}, "after the meetup has ended"),
        ({"opens": "2027-07-03T10:00", "closes": "2027-07-02T10:00"}, "closes before it opens"),
        ({"cover": (io.BytesIO(b"<html>"), "cover.png")}, "a picture that we can read"),
    ],
)
def test_what_cannot_be_saved_is_said_in_a_sentence(
    organizer: Any, program: Program, typed: dict[str, Any], sentence: str
):
    typed = {k: (io.BytesIO(v[0].getvalue()), v[1]) if isinstance(v, tuple) else v for k, v in typed.items()}

    answer = submit(organizer, desk(program, "/new"), TYPED | typed)

    assert answer.status_code == 422
    assert sentence in answer.text.replace("&#39;", "'")


def test_a_time_that_comes_twice_is_asked_about_and_then_saved(organizer: Any, program: Program):
    night = {
        "zone": "America/New_York",
        "starts": "2027-11-07T01:30",
        "ends": "2027-11-07T09:00",
        "talks-0-clock": "",
    }

    asked = submit(organizer, desk(program, "/new"), TYPED | night)
    token = csrf(organizer, desk(program, "/new"))
    saved = organizer.post(desk(program, "/new"), data=TYPED | night | {"later": "yes", "csrf_token": token})
    _, form = form_of(organizer, desk(program, "/alumni-meetup/edit"))

    assert 'name="later"' in asked.text
    assert saved.status_code == 303
    assert only_meetup().starts_at == dt.datetime(2027, 11, 7, 6, 30, tzinfo=dt.UTC)
    assert (form.fields["later"], form.fields["starts"]) == (["yes"], ["2027-11-07T01:30"])


def test_saving_what_the_form_shows_changes_nothing(organizer: Any, program: Program):
    submit(organizer, desk(program, "/new"), TYPED)

    answer = submit(organizer, desk(program, "/alumni-meetup/edit"))

    assert (answer.status_code, only_meetup().version) == (303, 1)


def test_rows_are_added_moved_and_removed_without_a_script(organizer: Any, program: Program):
    _, form = form_of(organizer, desk(program, "/new"))
    typed = {**form.fields, **TYPED}

    added = organizer.post(desk(program, "/new"), data={**typed, "rows": "add"})
    moved = organizer.post(desk(program, "/new"), data={**typed, "rows": "up-1"})
    removed = organizer.post(desk(program, "/new"), data={**typed, "rows": "remove-0"})

    assert [r.status_code for r in (added, moved, removed)] == [200] * 3
    assert 'name="talks-3-title_ko"' in added.text
    assert moved.text.index("기조 강연") < moved.text.index("문 여는 시각")
    assert "문 여는 시각" not in removed.text
    assert db.session.scalar(select(func.count(Meetup.id))) == 0


def test_a_picture_survives_a_refusal_and_is_for_members_until_published(
    organizer: Any, app: Any, program: Program
):
    refused = submit(
        organizer, desk(program, "/new"), TYPED | {"cover": picture(), "title_ko": "", "title_en": ""}
    )
    image = db.session.scalars(select(Image)).one()
    address = f"/images/{image.sha256}.webp"

    assert refused.status_code == 422
    assert f'name="cover_id" type="hidden" value="{image.id}"' in refused.text
    assert organizer.get(address).status_code == 200
    assert app.test_client().get(address).status_code == 404

    make_meetup(program, cover_id=image.id)
    shown = app.test_client().get(address)
    assert shown.mimetype == "image/webp"
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fkeys%2fsession", "a"])
def test_no_other_file_is_handed_out(organizer: Any, name: str):
    assert organizer.get(f"/images/{name}.webp").status_code == 404


def test_another_programmes_picture_is_not_shown_in_the_form(organizer: Any, program: Program):
    other = make_cohort()
    image = images.store(other.program_id, picture()[0], "account:1")

    answer = submit(
        organizer, desk(program, "/new"), TYPED | {"cover_id": str(image.id), "title_ko": "", "title_en": ""}
    )

    assert image.sha256 not in answer.text


def test_two_organizers_at_once_the_second_keeps_what_was_typed_and_decides(organizer: Any, program: Program):
    make_meetup(program, slug="both")
    url = desk(program, "/both/edit")
    _, form = form_of(organizer, url)
    submit(organizer, url, {"title_en": "From the first"})

    conflict = organizer.post(url, data={**form.fields, "title_en": "From the second"})
    kept = only_meetup().title_en
    _, again = form_of(organizer, url)
    decided = organizer.post(
        url, data={**form.fields, "title_en": "From the second", "version": again.fields["version"]}
    )

    assert conflict.status_code == 422
    assert "Somebody else saved this meetup" in conflict.text
    assert "From the second" in conflict.text
    assert 'name="version" type="hidden" value="2"' in conflict.text
    assert kept == "From the first"
    assert (decided.status_code, only_meetup().title_en) == (303, "From the second")


def test_publishing_too_early_lists_what_is_missing_with_the_way_there(organizer: Any, program: Program):
    bare = {"place_ko": "", "capacity": "0", "contact_address": "", "cohort_ids": None}
    submit(organizer, desk(program, "/new"), TYPED | bare)
    here = desk(program, "/alumni-meetup")

    answer = submit(organizer, here, action=f"{here}/publication")

    assert answer.status_code == 422
    for field in ("place_ko", "capacity", "cohort_ids", "contact_address"):
        assert f'href="{here}/edit#{field}"' in answer.text


def test_the_preview_shows_the_page_in_both_languages_and_runs_nothing(organizer: Any, program: Program):
    submit(organizer, desk(program, "/new"), TYPED | {"online_url": "https://call.example/secret"})
    preview = desk(program, "/alumni-meetup/preview")

    korean, english = (organizer.get(f"{preview}?lang={lang}").text for lang in ("ko", "en"))

    assert "<strong>반가워요</strong>" in korean
    assert "<script>alert" not in korean
    assert "call.example" not in korean + english
    assert ("2027년" in korean, "Alumni of" in english) == (True, True)
    assert organizer.get(f"{preview}?lang=xx").status_code == 404


def test_calling_off_needs_the_name_and_a_reason(organizer: Any, program: Program):
    meetup = make_meetup(program, slug="off", title_en="Summer night")
    url = desk(program, "/off/calling-off")

    refused = submit(organizer, url, {"confirm_name": "Winter", "reason": ""})
    before = only_meetup().state
    done = after(organizer, submit(organizer, url, {"confirm_name": " Summer  night ", "reason": "A storm."}))

    assert refused.status_code == 422
    assert "isn't the same" in refused.text.replace("&#39;", "'")
    assert before is MeetupState.PUBLISHED
    assert "A storm." in done
    assert db.session.get_one(Meetup, meetup.id).state is MeetupState.CALLED_OFF


@pytest.mark.parametrize("inside", [True, False], ids=["somebody is in", "it is over"])
def test_what_took_place_is_offered_no_calling_off_and_says_why_where_somebody_asks(
    organizer: Any, program: Program, cohort: Cohort, inside: bool
):
    at = (
        {} if inside else {"starts_at": now() - dt.timedelta(days=2), "ends_at": now() - dt.timedelta(days=1)}
    )
    make_meetup(program, slug="off", title_en="Summer night", **at)
    url = desk(program, "/off/calling-off")
    ahead = organizer.get(url)
    if inside:
        register(only_meetup(), cohort, Status.CONFIRMED, 1, inside=True)

    page, asked = organizer.get(desk(program, "/off")), organizer.get(url)
    typed = {
        "csrf_token": csrf(organizer, desk(program, "/off")),
        "confirm_name": "Summer night",
        "reason": "A storm.",
    }
    pressed = organizer.post(url, data=typed)

    assert ahead.status_code == (200 if inside else 422)
    assert url not in page.text
    for answer in (asked, pressed):
        assert answer.status_code == 422
        assert ("Somebody has come in" if inside else "This meetup is over, so") in answer.text
    assert only_meetup().state is MeetupState.PUBLISHED


def test_the_overview_of_a_past_meetup_leads_to_what_comes_after_it(
    client: Any, program: Program, cohort: Cohort
):
    begun = now() - dt.timedelta(days=30)
    past = make_meetup(
        program, slug="past", cohorts=[cohort], starts_at=begun, ends_at=begun + dt.timedelta(hours=3)
    )
    make_meetup(program, slug="ahead", cohorts=[cohort])
    make_alumnus(cohort)
    register(past, cohort, Status.CONFIRMED, 1, inside=True)
    sign_in(client, make_member(program, Role.VIEWER))
    seen_by_a_viewer = client.get(desk(program, "/past")).text
    sign_in(client, make_member(program))

    here = desk(program, "/past")
    page, ahead = client.get(here).text, client.get(desk(program, "/ahead")).text
    section = page.partition('id="afterwards-title"')[2].partition("</section>")[0]

    ways = ("messages/new?arrived=yes", "survey", "certificates", "paper", "story", "copies")
    assert [way for way in ways if f'"{here}/{way}"' not in section] == []
    assert page.index('id="afterwards-title"') < page.index('class="stats"')
    for gone in ("closure", "seats", "pools", "calling-off"):
        assert f'{here}/{gone}"' not in page, gone
    assert "not registered yet" not in page
    assert "afterwards-title" not in ahead + seen_by_a_viewer
    assert "not registered yet" in ahead
    for way in ("closure", "seats", "pools", "calling-off", "paper", "inside-notes"):
        assert f'{desk(program, "/ahead")}/{way}"' in ahead, way


def test_closing_reopening_and_copying(organizer: Any, program: Program):
    make_meetup(program, slug="one")
    here = desk(program, "/one")

    closed = after(organizer, submit(organizer, here, action=f"{here}/closure"))
    reopened = after(organizer, submit(organizer, here, action=f"{here}/reopening"))
    copied = submit(organizer, here, action=f"{here}/copies")

    assert "Registration is closed" in closed
    assert "open again" in reopened
    assert copied.location == desk(program, "/one-2/edit")


def test_every_part_of_a_meetup_leads_to_the_others(organizer: Any, program: Program, cohort: Cohort):
    here = desk(program, f"/{make_meetup(cohorts=[cohort]).slug}")
    parts = ["", "/preview", "/attendees", "/export", "/door"]

    for part in parts:
        links = organizer.get(here + part).text.partition("desk-nav--sections")[2].partition("</nav>")[0]
        assert [f'href="{here}{other}"' in links for other in parts] == [True] * 5
        assert f'href="{here}{part}" aria-current="page"' in links


def test_a_viewer_sees_numbers_and_may_change_nothing(client: Any, program: Program):
    make_meetup(program, slug="seen")
    sign_in(client, make_member(program, Role.VIEWER))
    here = desk(program, "/seen")
    page = client.get(here)
    token = csrf(client, here)

    assert page.status_code == 200
    assert "/attendees" not in page.text
    assert "/publication" not in page.text
    for path in ("publication", "closure", "reopening", "calling-off", "copies", "edit"):
        assert client.post(f"{here}/{path}", data={"csrf_token": token}).status_code == 403


def test_another_programmes_meetup_looks_like_none(organizer: Any, program: Program):
    make_meetup(slug="foreign")

    foreign, missing = (organizer.get(desk(program, f"/{slug}")) for slug in ("foreign", "missing"))

    assert (foreign.status_code, missing.status_code) == (404, 404)


def register(meetup: Meetup, cohort: Cohort, status: Status, rank: int, *, inside: bool = False) -> None:
    person = make_alumnus(cohort)
    with transaction() as session:
        session.add(
            Registration(
                meetup_id=meetup.id, person_id=person.id, cohort_id=cohort.id, reference=tokens.reference(),
                status=status, rank=rank, address="a@example.com", status_at=now(),
                admitted_at=now() if inside else None,
            )
        )  # fmt: skip


def test_the_overview_counts_by_cohort_and_says_when_it_is_over(
    organizer: Any, program: Program, cohort: Cohort
):
    meetup = make_meetup(program, slug="full", capacity=1)
    make_participant(cohort)
    make_alumnus(cohort)
    register(meetup, cohort, Status.CONFIRMED, 1, inside=True)
    register(meetup, cohort, Status.CONFIRMED, 2)
    register(meetup, cohort, Status.WAITLISTED, 3)
    register(meetup, cohort, Status.CANCELLED, 4)

    page = organizer.get(desk(program, "/full")).text
    row = page[page.index("Cohort 1</th>") :].split("</tr>")[0]

    assert "Over by 1" in page
    assert [re.sub("<.*?>", "", cell) for cell in re.findall(r'<td class="num">(.*?)</td>', row)] == [
        "5",
        "3",
        "2",
        "2",
        "1",
        "1",
        "1",
    ]


def test_the_overview_asks_as_many_questions_for_many_as_for_few(
    organizer: Any, program: Program, cohort: Cohort
):
    meetup = make_meetup(program, slug="big", cohorts=[cohort, make_cohort(program)])
    needed = []
    for ranks in (range(1, 3), range(3, 30)):
        for rank in ranks:
            register(meetup, cohort, Status.CONFIRMED, rank)
        with statements() as seen:
            organizer.get(desk(program, "/big"))
        needed.append(len(seen))

    assert needed[0] == needed[1]
    assert needed[0] <= 20


def test_the_list_of_meetups_asks_the_same_for_one_as_for_ten(organizer: Any, program: Program):
    needed = []
    for more in (1, 9):
        for _ in range(more):
            make_meetup(program)
        with statements() as seen:
            page = organizer.get(desk(program)).text
        needed.append(len(seen))

    assert needed[0] == needed[1]
    assert page.count("0 / 40") == 10


def test_a_draft_of_the_past_is_questioned_before_it_is_published(
    organizer: Any, program: Program, cohort: Cohort
):
    meetup = make_meetup(program, cohorts=[cohort], state=MeetupState.DRAFT)
    with transaction() as session:
        begun = Meetup.locked(session, meetup.id)
        begun.starts_at, begun.ends_at = now() - dt.timedelta(days=365), now() + dt.timedelta(hours=1)

    assert "This meetup starts in the past" in organizer.get(desk(program, f"/{meetup.slug}")).text


def test_a_meetup_called_off_is_not_among_those_that_come(organizer: Any, program: Program, cohort: Cohort):
    meetup = make_meetup(program, cohorts=[cohort], state=MeetupState.CALLED_OFF)

    listed = organizer.get(desk(program)).text
    overview = organizer.get(f"/desk/{program.slug}").text

    assert 'id="coming"' not in listed
    assert meetup.slug in listed.partition('id="called-off"')[2]
    assert meetup.slug in overview.partition("None is planned.")[2] or "None is planned." not in overview


def test_calling_off_without_registrations_promises_no_mails(
    organizer: Any, program: Program, cohort: Cohort
):
    meetup = make_meetup(program, cohorts=[cohort])

    assert "gets a mail" not in organizer.get(desk(program, f"/{meetup.slug}/calling-off")).text
