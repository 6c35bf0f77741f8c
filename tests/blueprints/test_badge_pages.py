"""Badges at the desk: the design, its preview, the files that are printed."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from PIL import Image

from app import qr
from app.blueprints.badges import routes
from app.clock import now
from app.domain.door import tickets
from app.domain.printing.badges import Badge, marks
from app.domain.printing.designs import Design, Paper, Part
from app.domain.printing.marks import Code
from app.domain.seating.tables import Seating
from app.models import Meetup, Program, Registration, Role
from app.printing import faces
from app.services.meeting import tables
from app.services.organizing import tags
from app.services.printing import badge_designs, badge_people, badge_prints
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.registering import registrations
from tests.factories import (
    code_of,
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
from tests.support import paper
from tests.support.client import Browser, submit

pytestmark = pytest.mark.one_database
DESK = "/desk/bootcamp/meetups/spring/badges"
RECORDS = "/desk/bootcamp/records"
WHY = "입구에서 나눠 줄 이름표"
NAMES = [
    "김하늘",
    "황보 선우남궁독고",
    "Aleksandra Konstantinopoulou-Weatherington",
    "金東文",
    "박민준 Park Minjun",
]


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(slug="bootcamp")


@pytest.fixture
def meetup(program: Program) -> Meetup:
    cohorts = [make_cohort(program, 1), make_cohort(program, 2)]
    return make_meetup(program, cohorts=cohorts, slug="spring", title_ko="봄 밋업", title_en="Spring meetup")


@pytest.fixture
def desk(client: Browser, program: Program) -> Browser:
    sign_in(client, make_member(program, Role.ORGANIZER))
    return client


def place(meetup: Meetup, name: str, **fields: Any) -> Registration:
    cohort = meetup.cohorts[0]
    return make_registration(meetup, make_alumnus(cohort, name), cohort=cohort, **fields)


def printed(desk: Browser, which: str = "all", **data: Any) -> Any:
    sent = {"which": which, "reason": WHY} | data
    return submit(desk, DESK, sent, action=f"{DESK}/prints", follow_redirects=True)


def test_all_names_of_any_script_are_in_the_file_that_opens(desk: Browser, meetup: Meetup) -> None:
    for name in NAMES:
        place(meetup, name)

    answer = printed(desk)

    (text,) = paper.pages(answer.data)
    shown = _letters(text)
    assert [name for name in NAMES if _letters(name) not in shown] == []
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/pdf", "no-store")
    disposition = unquote(answer.headers["Content-Disposition"])
    assert disposition.startswith("inline")
    assert "Spring meetup name badges" in disposition


def test_a_badge_has_title_cohort_companions_and_the_mark_about_photos(desk: Browser, meetup: Meetup) -> None:
    make_notice(meetup, consents=(make_consent("photos"),))
    place(meetup, "김하늘", companions=2, companion_names=["이바람"])

    (text,) = paper.pages(printed(desk).data)

    assert text.count("봄 밋업") == 3
    assert text.count("1기") == 1, "companions belong to no cohort"
    assert text.count("촬영 동의 없음") == 3
    assert "이바람" in text
    assert "동반참석자" in _letters(text)
    assert text.count("김하늘 님과 함께") == 2


def test_the_table_stands_on_the_badge_where_the_design_has_it_and_people_see_it(
    desk: Browser, meetup: Meetup
) -> None:
    place(meetup, "김하늘", companions=1)
    tables.lay(meetup.id, tables.Wanted("4", Seating.MIX), "account:1")
    (hidden,) = paper.pages(printed(desk).data)
    tables.publish(meetup.id, True, "account:1")

    (shown,) = paper.pages(printed(desk).data)
    badge_designs.save(meetup.id, Design(parts=frozenset({Part.QR})), "account:1")
    (without,) = paper.pages(printed(desk).data)

    assert [text.count("테이블 1") for text in (hidden, shown, without)] == [0, 2, 0]


def test_a_tag_that_is_chosen_stands_beside_the_role(desk: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    tags.change(meetup.id, [row.id], "account:1", add=["스태프", "늦게 옴"])
    (staff,) = [tag for tag in badge_people.tags_of(meetup.id) if tag.name == "스태프"]

    submit(desk, DESK, {"tags": [str(staff.id)]}, action=f"{DESK}/design")
    (text,) = paper.pages(printed(desk).data)

    assert "스태프" in text
    assert "늦게 옴" not in text


def test_signs_that_no_type_has_are_left_out_and_the_page_says_whose(desk: Browser, meetup: Meetup) -> None:
    place(meetup, "김하늘 🎉")
    place(meetup, "สมชาย")

    page, (text,) = desk.get(DESK).text, paper.pages(printed(desk).data)

    assert "Signs that can't be printed" in page
    assert "🎉" in page
    assert "สมชาย" in page
    assert "김하늘" in text
    assert "\ufffd" not in text


def test_only_new_badges_are_printed_when_these_are_asked_for(desk: Browser, meetup: Meetup) -> None:
    place(meetup, "김하늘")
    printed(desk)
    place(meetup, "이바다")

    assert "Print 1 new badge" in desk.get(DESK).text
    (text,) = paper.pages(printed(desk, "new").data)

    assert "이바다" in text
    assert "김하늘" not in text
    refused = printed(desk, "new")
    assert (refused.status_code, "There is no badge to print" in refused.text) == (422, True)


@pytest.mark.parametrize("which", ["all", "new", "some"])
def test_a_file_with_everybody_s_names_is_given_for_a_reason_that_the_records_keep(
    desk: Browser, program: Program, meetup: Meetup, which: str
) -> None:
    place(meetup, "김하늘")

    refused = printed(desk, which, reason=" ", start="3")
    numbered = printed(desk, which, reason="900101-1234568")
    found = badge_prints.latest(meetup.id, 5)
    answer = printed(desk, which)
    sign_in(desk, make_member(program, Role.OWNER))
    records = [desk.get(f"{RECORDS}{page}").text for page in ("", f"/months/{now():%Y-%m}")]

    assert (refused.status_code, "Write what the file is for." in refused.text) == (422, True)
    assert 'value="3"' in refused.text
    assert (numbered.status_code, list(found)) == (422, [])
    assert answer.mimetype == "application/pdf"
    assert [WHY in page for page in records] == [True, True]


def test_a_sheet_that_was_begun_is_used_up(desk: Browser, meetup: Meetup) -> None:
    for name in NAMES:
        place(meetup, name)

    pages = paper.pages(printed(desk, start="6").data)

    assert len(pages) == 2
    refused = printed(desk, start="eins")
    assert refused.status_code == 422
    assert 'value="eins"' in refused.text


def test_some_are_chosen_by_cohort_and_state(desk: Browser, meetup: Meetup) -> None:
    place(meetup, "김하늘")
    other = meetup.cohorts[1]
    make_registration(meetup, make_alumnus(other, "이바다"), cohort=other)

    (text,) = paper.pages(printed(desk, "some", cohorts=["2"]).data)

    assert "이바다" in text
    assert "김하늘" not in text


def test_a_print_of_many_comes_in_files_that_each_end_with_a_full_sheet(
    desk: Browser, meetup: Meetup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "PART", 10)
    rows = [place(meetup, f"사람{number:02d}") for number in range(17)]

    made = badge_prints.begin(meetup.id, Chosen(SEATED), "account:1", start=1)
    files = [paper.pages(desk.get(f"{DESK}/prints/{made.id}.pdf?part={part}").data) for part in (1, 2, 3)]

    assert [len(pages) for pages in files] == [1, 1, 1]
    assert [sum(f"사람{n:02d}" in pages[0] for n in range(len(rows))) for pages in files] == [7, 8, 2]
    assert desk.get(f"{DESK}/prints/{made.id}.pdf?part=4").status_code == 404
    answer = submit(desk, DESK, {"which": "all", "reason": WHY}, action=f"{DESK}/prints")
    assert answer.location == f"{DESK}#prints"
    assert f"/prints/{made.id}.pdf?part=3" in desk.get(DESK).text


def test_a_file_whose_people_are_gone_says_so(desk: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    made = badge_prints.begin(meetup.id, Chosen(SEATED), "account:1")
    registrations.decline(row.id, "account:1", "못 와요")

    answer = desk.get(f"{DESK}/prints/{made.id}.pdf", follow_redirects=True)

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert "Nobody whose badge was in this file has a place any more." in answer.text


def test_a_print_is_found_however_many_were_made_at_the_door_since(desk: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    chosen = Chosen(registration=row.id)
    first, *others = [badge_prints.begin(meetup.id, chosen, "account:1").id for _ in range(41)]

    newest = desk.get(DESK).text
    older = desk.get(f"{DESK}?before={others[-20]}").text
    oldest = desk.get(f"{DESK}?before={others[-40]}").text

    shown = [page.count("/badges/prints/") for page in (newest, older, oldest)]
    assert shown == [20, 20, 1]
    assert f"before={others[-20]}" in newest
    assert f"before={others[-40]}" in older
    assert f"/prints/{first}.pdf" in oldest
    assert ("Older" in newest, "Older" in oldest, "The newest" in oldest) == (True, False, True)


def test_older_prints_are_looked_up_without_losing_the_filter(desk: Browser, meetup: Meetup) -> None:
    chosen = Chosen(registration=place(meetup, "김하늘").id)
    made = [badge_prints.begin(meetup.id, chosen, "account:1").id for _ in range(21)]

    newest = desk.get(f"{DESK}?status=confirmed").text
    older = desk.get(f"{DESK}?status=confirmed&before={made[1]}").text

    assert f'href="{DESK}?before={made[1]}&amp;status=confirmed#prints"' in newest
    assert f'href="{DESK}?status=confirmed#prints"' in older


def test_one_badge_is_printed_from_the_attendee_s_page_and_from_the_finder(
    desk: Browser, meetup: Meetup
) -> None:
    row = place(meetup, "김하늘")
    place(meetup, "이바다")
    attendee = f"/desk/bootcamp/meetups/spring/attendees/{row.reference}"
    act = f"{DESK}/one/{row.reference}"

    first = submit(desk, attendee, action=act, follow_redirects=True)
    again = submit(desk, f"{DESK}/one?q=ㄱㅎㄴ&start=3", action=act, follow_redirects=True)

    for answer in (first, again):
        (text,) = paper.pages(answer.data)
        assert ("김하늘" in text, "이바다" in text) == (True, False)
    assert "Printed 2 times" in desk.get(attendee).text
    assert "이바다" not in desk.get(f"{DESK}/one?q=ㄱㅎㄴ").text
    assert desk.get("/desk/bootcamp/meetups/spring/door").text.count(f'href="{DESK}/one"') == 1


def test_a_design_is_saved_shown_and_refused_with_what_was_typed(desk: Browser, meetup: Meetup) -> None:
    own = {"paper": "own", "page_width": "100", "page_height": "60", "width": "100", "height": "60,5"}
    own |= {"columns": "1", "rows": "1", "left": "0", "top": "0"}

    refused = submit(desk, DESK, own, action=f"{DESK}/design")
    shown = submit(desk, DESK, own | {"height": "60", "act": "show"}, action=f"{DESK}/design")
    kept = badge_designs.of_meetup(meetup.id)
    saved = submit(desk, DESK, own | {"height": "60"}, action=f"{DESK}/design")

    assert (refused.status_code, "reach beyond the page" in refused.text) == (422, True)
    assert 'value="60,5"' in refused.text
    assert (shown.status_code, "only shown" in shown.text, "page_width=100" in shown.text) == (
        200,
        True,
        True,
    )
    assert kept == Design()
    assert saved.status_code == 303
    assert badge_designs.of_meetup(meetup.id).layout.label == (100, 60)
    nonsense = submit(desk, DESK, own | {"height": "tall"}, action=f"{DESK}/design")
    assert "in millimetres" in nonsense.text


def test_the_preview_is_a_picture_of_the_sheet_that_the_address_asks_for(
    desk: Browser, meetup: Meetup
) -> None:
    def picture(query: str = "") -> Image.Image:
        answer = desk.get(f"{DESK}/preview.png{query}")
        assert (answer.status_code, answer.mimetype) == (200, "image/png")
        return Image.open(io.BytesIO(answer.data))

    nobody = picture()
    place(meetup, "김하늘")
    somebody, label = picture(), picture("?paper=label&locale=ko&parts=qr")

    assert nobody.convert("RGB").getcolors(1) is None, "invented names"
    assert somebody.width / somebody.height == pytest.approx(210 / 297, abs=0.01)
    assert label.width / label.height == pytest.approx(10 / 7, abs=0.01)
    broken = desk.get(f"{DESK}/preview.png?paper=own&locale=ko&width=900")
    assert (broken.status_code, broken.mimetype) == (422, "text/plain")


@pytest.mark.parametrize("chosen", list(Paper))
def test_every_paper_gives_pages_of_its_size(desk: Browser, meetup: Meetup, chosen: Paper) -> None:
    design = Design(paper=chosen)
    badge_designs.save(meetup.id, design, "account:1")
    place(meetup, "김하늘")

    answer = printed(desk)

    assert paper.sizes(answer.data) == [tuple(round(side) for side in design.layout.page)]


def test_the_qr_is_the_one_of_the_ticket(desk: Browser, meetup: Meetup) -> None:
    row = place(meetup, "김하늘")
    base = desk.application.config["SETTINGS"].base_url
    drawn = paper.picture(printed(desk).data, dots=300).convert("1")
    rows = qr.modules(tickets.payload(base, code_of(row)), qr.BADGE)

    assert _holds(drawn, rows)


def _letters(text: str) -> str:
    """Whatever the lines of a name and its hyphens became."""
    return "".join(c for c in text if c.isalpha())


def _holds(drawn: Image.Image, rows: list[list[bool]]) -> bool:
    """Whether the code lies in the picture, where the design puts it on the first label."""
    layout = Design().layout
    (code,) = [
        m
        for m in marks(Badge(name="김", title="t", cohort="c", code="x"), layout.face, faces.measure)
        if isinstance(m, Code)
    ]
    module, dots = code.side / len(rows), 300 / 25.4
    left, top = layout.left + code.x, layout.top + code.y
    found = [
        [
            drawn.getpixel(
                (round((left + (x + 0.5) * module) * dots), round((top + (y + 0.5) * module) * dots))
            )
            == 0
            for x in range(len(rows))
        ]
        for y in range(len(rows))
    ]
    return found == rows
