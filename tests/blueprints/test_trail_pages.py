"""The records at the desk: found by person, act, account, meetup and day; taken away; reviewed by the month."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask

from app.clock import now
from app.db import transaction
from app.domain.registering.registrations import Status
from app.domain.seating.approvals import Decision, Wish
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind as MessageKind
from app.domain.writing.words import Words
from app.models import Program, Role
from app.services import audit
from app.services.messaging import drafts
from app.services.organizing import looks
from app.services.organizing.filters import Filter
from app.services.registering import registrations
from app.services.seating import approvals
from tests.factories import (
    make_account,
    make_alumnus,
    make_cohort,
    make_helper,
    make_meetup,
    make_member,
    make_program,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit
from tests.support.counting import statements

BASE = "/desk/bootcamp/records"
A_MESSAGE = drafts.Draft(
    MessageKind.ABOUT,
    MailText(Words("뒷문으로 와요", "By the back gate"), Words("문이 열려요.", "Doors open.")),
    "",
    Filter(),
)


@pytest.fixture
def program(app: Flask) -> Program:
    return make_program(slug="bootcamp", name_en="Bootcamp")


def lines(client: Browser, **query: str) -> list[str]:
    """What the rows of the page say, without what is only their markup."""
    page = client.get(BASE, query_string=query)
    assert page.status_code == 200
    rows = re.findall(r"<tr>(.*?)</tr>", page.text.partition("<tbody>")[2], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def test_everything_done_to_a_person_is_found_by_their_name(client: Browser, program: Program) -> None:
    cohort = make_cohort(program)
    meetup = make_meetup(program, cohorts=[cohort], slug="spring")
    boss = make_member(program, Role.ORGANIZER, name="임꺽정")
    sol, bit = make_alumnus(cohort, "남궁솔"), make_alumnus(cohort, "한빛")
    theirs = make_registration(meetup, sol, status=Status.APPLIED)
    others = make_registration(meetup, bit)
    registrations.decline(others.id, f"account:{boss.id}", "wrote to us")
    wish = Wish(decision=Decision.DECLINE, references=frozenset({theirs.reference}))
    approvals.decide(meetup.id, wish, f"account:{boss.id}")
    looks.at_attendee(program.id, theirs.id, f"account:{boss.id}")
    sign_in(client, boss)

    found, by_initials = lines(client, q="남궁솔"), lines(client, q="ㄴㄱㅅ")

    assert found == by_initials
    assert "Looked at a registration" in found[0]
    assert "Declined applications" in found[1]
    assert len(found) == 2
    assert "임꺽정" in found[0]
    assert "남궁솔" in found[0]
    assert any("wrote to us" in line for line in lines(client, q="한빛"))
    assert lines(client, q="없는 사람") == []


def test_a_search_for_a_person_says_where_the_files_with_them_stand(
    client: Browser, program: Program
) -> None:
    cohort = make_cohort(program)
    row = make_registration(
        make_meetup(program, cohorts=[cohort], slug="spring"), make_alumnus(cohort, "남궁솔")
    )
    boss = make_member(program, Role.ORGANIZER)
    looks.at_attendee(program.id, row.id, f"account:{boss.id}")
    sign_in(client, boss)

    theirs = client.get(BASE, query_string={"q": "남궁솔"}).text
    everything = client.get(BASE).text

    assert "Files and prints of whole lists stand under their meetup" in theirs
    assert "?what=downloads&amp;meetup=spring" in theirs
    assert "Files and prints of whole lists" not in everything


def test_filters_combine_and_what_is_unknown_restricts_nothing(client: Browser, program: Program) -> None:
    cohort = make_cohort(program)
    meetup, other = (make_meetup(program, cohorts=[cohort], slug=slug) for slug in ("spring", "autumn"))
    boss, mate = (make_member(program, Role.OWNER) for _ in range(2))
    for each, actor in ((meetup, boss), (other, mate)):
        row = make_registration(each, make_alumnus(cohort))
        registrations.cancel(row.id)
        looks.at_attendee(program.id, row.id, f"account:{actor.id}")
    sign_in(client, boss)
    day = f"{now():%Y-%m-%d}"

    assert len(lines(client, meetup="spring")) == 2
    assert len(lines(client, meetup="spring", what="looks", who=f"account:{boss.id}")) == 1
    assert lines(client, meetup="spring", who=f"account:{mate.id}") == []
    assert len(lines(client, who="person")) == 2
    assert lines(client, until="2020-01-01") == []
    assert lines(client, since="2099-01-01") == []
    assert len(lines(client, what="nonsense", meetup="nowhere", since=day)) >= 4
    assert "Write a date like" in client.get(BASE, query_string={"since": "morgen"}).text


def test_pages_go_back_to_the_first_line_and_ask_the_same_few_questions(
    client: Browser, program: Program
) -> None:
    cohort = make_cohort(program)
    meetup = make_meetup(program, cohorts=[cohort])
    boss = make_member(program, Role.ORGANIZER)
    sign_in(client, boss)
    rows = [make_registration(meetup, make_alumnus(cohort)) for _ in range(60)]
    lines(client)
    looks.at_attendee(program.id, rows[0].id, "worker")
    with statements() as few:
        lines(client)
    for row in rows:
        looks.at_attendee(program.id, row.id, "worker")

    with statements() as many:
        first = lines(client)
    older = re.search(r'href="([^"]*before=\d+[^"]*)"', client.get(BASE).text)

    assert len(many) <= len(few) + 1
    assert len(first) == 50
    assert older
    rest = client.get(older[1].replace("&amp;", "&")).text
    assert rest.count("<tr>") - 1 == 60 + 1 + 1 - 50  # with the earlier look, and the one at these records


def test_what_is_found_is_taken_away_with_a_reason_and_that_is_a_line_too(
    client: Browser, program: Program
) -> None:
    cohort = make_cohort(program)
    row = make_registration(make_meetup(program, cohorts=[cohort]), make_alumnus(cohort, "=하늘"))
    registrations.cancel(row.id)
    looks.at_attendee(program.id, row.id, "worker")
    sign_in(client, make_member(program, Role.ORGANIZER))

    refused = submit(client, f"{BASE}?what=looks", action=f"{BASE}/files")
    taken = submit(client, f"{BASE}?what=looks", {"reason": "yearly audit"}, action=f"{BASE}/files")

    assert refused.status_code == 422
    assert "Write what the file is for." in refused.text
    table = list(csv.reader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert [line[2] for line in table[1:]] == ["Looked at a registration", "Looked at these records"]
    assert table[1][3] == "'=하늘"
    assert any("yearly audit" in line for line in lines(client, what="downloads"))


def test_owners_review_the_month_and_others_may_not(client: Browser, program: Program) -> None:
    cohort = make_cohort(program)
    row = make_registration(make_meetup(program, cohorts=[cohort]), make_alumnus(cohort))
    boss = make_member(program, Role.OWNER, name="주인")
    looks.at_attendee(program.id, row.id, f"account:{boss.id}")
    month = f"{BASE}/months/{now():%Y-%m}"
    sign_in(client, boss)

    before = client.get(month).text
    done = submit(client, month, {"note": "nothing unusual"}, action=f"{month}/reviews")
    after = client.get(month).text

    assert "Not reviewed yet" in before
    assert "주인" in before
    assert done.status_code == 303
    assert "nothing unusual" in after
    assert "Not reviewed yet" not in after
    for wrong in ("2026-13", "2999-01", "x"):
        assert client.get(f"{BASE}/months/{wrong}").status_code == 404
    sign_in(client, make_member(program, Role.ORGANIZER))
    assert client.get(month).status_code == 403


def test_a_review_says_how_many_badges_were_printed_and_names_its_month(
    client: Browser, program: Program
) -> None:
    meetup = make_meetup(program)
    boss = make_member(program, Role.OWNER)
    with transaction() as session:
        audit.record(
            session, "badges.printed", meetup, f"account:{boss.id}", program_id=program.id, badges=1234
        )
    sign_in(client, boss)

    page = client.get(f"{BASE}/months/2026-11", headers={"Accept-Language": "ko"}).text
    this = client.get(f"{BASE}/months/{now():%Y-%m}").text

    assert "2026년 11월 점검" in page
    assert "1,234" in this


def test_a_download_of_everything_is_in_the_records_of_every_programme_and_in_their_reviews(
    client: Browser, program: Program
) -> None:
    founder, owner = make_account(name="임꺽정"), make_member(program, Role.OWNER)
    with transaction() as session:
        audit.record(session, "backup.downloaded", "backup:one", f"account:{founder.id}", program_id=None)
        audit.record(session, "account.named", founder, f"account:{founder.id}", program_id=None)
    sign_in(client, owner)

    found = lines(client)

    assert [line for line in found if "임꺽정" in line] == [
        line for line in found if "Downloaded a backup" in line
    ]
    assert len([line for line in found if "Downloaded a backup" in line]) == 1
    assert "임꺽정" in client.get(f"{BASE}/months/{now():%Y-%m}").text


def test_a_line_of_a_meetup_is_found_by_it_named_in_words_and_leads_somewhere(
    client: Browser, program: Program
) -> None:
    meetup = make_meetup(program, slug="spring", title_en="Spring meetup")
    boss = make_member(program, Role.ORGANIZER)
    by = f"account:{boss.id}"
    written = drafts.write(meetup.id, A_MESSAGE, by)
    with transaction() as session:
        for subject in ("message:999", f"story_photo:{written}", "check_in:999"):
            about = {"program_id": program.id, "meetup": meetup.id}
            audit.record(session, "message.phones_taken", subject, by, **about)  # type: ignore[arg-type]
    sign_in(client, boss)

    found = lines(client, meetup="spring")
    page = client.get(BASE, query_string={"meetup": "spring"}).text

    for words in ("By the back gate", "A message to many 999", f"Photo {written}", "Scan 999"):
        assert len([line for line in found if f"{words} Spring meetup" in line]) == 1, words
    assert not re.search(r"(message|story_photo|check_in):\d", page)
    links = set(re.findall(r'href="(/desk/bootcamp/meetups/[^"]*)"', page.partition("<tbody>")[2]))
    assert f"/desk/bootcamp/meetups/spring/messages/{written}" in links
    assert len(links) == 4
    assert {client.get(link).status_code for link in links} == {200}


def test_a_helper_of_one_meetup_can_be_asked_for(client: Browser, program: Program) -> None:
    helper = make_helper(make_meetup(program), name="Hana")
    make_helper(make_meetup(), name="Elsewhere")
    sign_in(client, make_member(program, Role.ORGANIZER))

    page = client.get(BASE).text

    assert re.search(rf'<option value="account:{helper.id}"[^>]*>Hana</option>', page)
    assert "Elsewhere" not in page
