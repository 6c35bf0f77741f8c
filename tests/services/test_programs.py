"""Programmes and their cohorts."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.db import db, end_reading
from app.domain.errors import DomainError
from app.models import Cohort, Membership, Program, Role
from app.services.alumni import cohorts
from app.services.organizing import programs
from app.services.organizing.programs import Fields
from app.services.staff import accounts
from tests.factories import make_account, make_alumnus, make_cohort, make_meetup, make_member, make_program


def ordinals(program: Program) -> list[tuple[int, int | None]]:
    end_reading()
    query = select(Cohort.ordinal, Cohort.year).where(Cohort.program_id == program.id)
    return [tuple(row) for row in db.session.execute(query.order_by(Cohort.ordinal))]


def test_who_makes_a_programme_owns_it(app: Flask) -> None:
    founder = make_account(is_founder=True)

    program = programs.create(Fields(slug="bootcamp", name_ko="부트캠프"), by=founder.id)

    found = db.session.scalars(select(Membership)).one()
    assert (found.program_id, found.account_id, found.role) == (program.id, founder.id, Role.OWNER)


def test_only_founders_make_programmes(app: Flask) -> None:
    account = make_account()

    with pytest.raises(DomainError, match="not_a_founder"):
        programs.create(Fields(slug="bootcamp", name_ko="부트캠프"), by=account.id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (Fields(slug="taken", name_ko="이름"), "program_slug_taken"),
        (Fields(slug="new", name_ko="이름"), "program_slug_taken"),
        (Fields(slug="account", name_ko="이름"), "program_slug_taken"),
        (Fields(slug="Has Space", name_ko="이름"), "bad_program_slug"),
        (Fields(slug="../etc", name_ko="이름"), "bad_program_slug"),
        (Fields(slug="a" * 65, name_ko="이름"), "bad_program_slug"),
        (Fields(slug="fine", name_ko="  "), "name_missing"),
        (Fields(slug="fine", name_en="Name", contact_address="nobody"), "bad_contact_address"),
    ],
)
def test_a_programme_that_cannot_be_is_refused_with_its_reason(app: Flask, fields: Fields, code: str) -> None:
    founder = make_account(is_founder=True)
    make_program(slug="taken")

    with pytest.raises(DomainError, match=code):
        programs.create(fields, by=founder.id)


def test_a_programme_without_a_typed_address_gets_one_of_its_name_that_is_free(app: Flask) -> None:
    founder = make_account(is_founder=True)

    slugs = [
        programs.create(fields, by=founder.id).slug
        for fields in (
            Fields(name_ko="한빛 학교"),
            Fields(name_ko="한빛 학교"),
            Fields(name_en="New"),
            Fields(name_ko="漢"),
        )
    ]

    assert slugs == ["hanbit-hakgyo", "hanbit-hakgyo-2", "new-2", "program"]


def test_a_programme_may_keep_its_own_address_when_edited(app: Flask) -> None:
    program = make_program(slug="bootcamp")
    owner = make_member(program, Role.OWNER)

    programs.edit(program.id, Fields(slug="bootcamp", name_en="Bootcamp"), by=owner.id)

    end_reading()
    assert db.session.get_one(Program, program.id).name_en == "Bootcamp"


def test_an_operator_makes_the_first_owner_and_the_programme_in_one_go(app: Flask) -> None:
    fields = Fields(slug="bootcamp", name_ko="부트캠프")

    for _ in range(2):
        account = accounts.create_owner("owner@example.com", name="한결", program=fields)

    assert (account.is_founder, account.name) == (True, "한결")
    assert db.session.scalars(select(Membership)).one().role is Role.OWNER


def test_several_cohorts_are_added_at_once_one_a_year(app: Flask) -> None:
    program = make_program()

    cohorts.add_several(program.id, 1, 3, first_year=2020, actor="account:1")

    assert ordinals(program) == [(1, 2020), (2, 2021), (3, 2022)]


def test_cohorts_that_exist_stay_as_they_are(app: Flask) -> None:
    program = make_program()
    make_cohort(program, 2, year=1999)

    new = cohorts.add_several(program.id, 1, 3, first_year=2020, actor="account:1")

    assert [cohort.ordinal for cohort in new] == [1, 3]
    assert ordinals(program) == [(1, 2020), (2, 1999), (3, 2022)]


@pytest.mark.parametrize(
    ("first", "last", "code"), [(3, 1, "cohorts_backwards"), (1, 51, "too_many_cohorts")]
)
def test_cohorts_that_cannot_be_added_are_refused(app: Flask, first: int, last: int, code: str) -> None:
    program = make_program()

    with pytest.raises(DomainError, match=code):
        cohorts.add_several(program.id, first, last, first_year=None, actor="account:1")


def test_two_cohorts_do_not_share_a_number(app: Flask) -> None:
    program = make_program()
    make_cohort(program, 1)
    second = make_cohort(program, 2)

    with pytest.raises(DomainError, match="ordinal_taken"):
        cohorts.edit(program.id, second.id, ordinal=1, year=None, name_ko="", name_en="", actor="account:1")


def test_an_empty_cohort_can_be_deleted(app: Flask) -> None:
    program = make_program()
    cohort = make_cohort(program, 1)

    cohorts.delete(program.id, cohort.id, actor="account:1")

    assert ordinals(program) == []


@pytest.mark.parametrize("what", ["roster entry", "meetup"])
def test_a_cohort_on_which_something_hangs_stays(app: Flask, what: str) -> None:
    program = make_program()
    cohort = make_cohort(program, 1)
    if what == "meetup":
        make_meetup(program, cohorts=[cohort])
    else:
        make_alumnus(cohort)

    with pytest.raises(DomainError, match="cohort_not_empty"):
        cohorts.delete(program.id, cohort.id, actor="account:1")

    assert len(ordinals(program)) == 1


def test_a_cohort_of_another_programme_is_not_found(app: Flask) -> None:
    mine, cohort = make_program(), make_cohort(make_program(), 1)

    with pytest.raises(DomainError, match="no_such_cohort"):
        cohorts.delete(mine.id, cohort.id, actor="account:1")
