"""The audit trail's seals: what was done cannot be changed, added or taken away unseen, and erasing may still empty words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.models import AuditEntry, AuditSeal
from app.services import audit
from app.services.auditing import seals
from app.services.personal import erasure
from app.services.registering import registrations
from app.services.running import schedule
from tests.factories import make_alumnus, make_cohort, make_meetup, make_program, make_registration

pytestmark = pytest.mark.usefixtures("app")


def done(number: int, reason: str = "") -> None:
    program = make_program()
    with transaction() as session:
        for one in range(number):
            subject = f"program:{program.id}"
            audit.record(
                session, "program.edited", subject, "account:1", program_id=program.id, reason=reason, n=one
            )


def later() -> time_machine.travel:
    return time_machine.travel(now() + seals.SETTLED + dt.timedelta(seconds=1))


def number_of_seals() -> int:
    end_reading()
    return db.session.scalar(select(func.count(AuditSeal.id))) or 0


def test_what_has_settled_is_sealed_once_and_its_seals_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 3)
    done(7, "because")

    assert seals.seal() == 0  # too young
    with later():
        assert [seals.seal() for _ in range(4)] == [3, 3, 1, 0]
        assert seals.compare_all() == []
        standing = seals.standing()

    assert standing.seals == 3
    assert not standing.broken
    assert seals.knows(standing.head)
    assert not seals.knows("0" * 64)


CHANGES: dict[str, Callable[[list[int]], object]] = {
    "an act": lambda ids: update(AuditEntry).where(AuditEntry.id == ids[1]).values(act="program.created"),
    "the actor": lambda ids: update(AuditEntry).where(AuditEntry.id == ids[1]).values(actor="account:2"),
    "the time": lambda ids: (
        update(AuditEntry).where(AuditEntry.id == ids[1]).values(at=now() - dt.timedelta(days=3))
    ),
    "the details": lambda ids: update(AuditEntry).where(AuditEntry.id == ids[1]).values(details={"n": 9}),
    "another reason": lambda ids: update(AuditEntry).where(AuditEntry.id == ids[1]).values(reason="other"),
    "one removed": lambda ids: delete(AuditEntry).where(AuditEntry.id == ids[1]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_behind_the_products_back_breaks_its_seal(what: str) -> None:
    done(4, "because")
    with later():
        seals.seal()
        ids = list(db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))
        with transaction() as session:
            session.execute(CHANGES[what](ids))  # type: ignore[call-overload]

        broken = seals.compare_all()

    assert len(broken) == 1
    assert [seal.id for seal in seals.standing().broken] == broken


def test_a_seal_that_is_removed_or_made_without_the_key_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "AT_ONCE", 2)
    done(6)
    with later():
        seals.go_round()
        first, second, third = db.session.scalars(select(AuditSeal).order_by(AuditSeal.id)).all()
        head, numbers = third.digest, [first.id, second.id, third.id]
        with transaction() as session:
            session.execute(update(AuditSeal).where(AuditSeal.id == numbers[1]).values(digest="a" * 64))
        assert seals.compare_all() == numbers[1:]
        with transaction() as session:
            session.execute(delete(AuditSeal).where(AuditSeal.id.in_(numbers[1:])))

        assert seals.compare_all() == []
        assert not seals.knows(head)  # whoever noted it knows that the end was cut off


def test_erasing_empties_words_about_a_person_without_breaking_a_seal() -> None:
    cohort = make_cohort()
    person = make_alumnus(cohort, "남궁하늘")
    registration = make_registration(make_meetup(cohorts=[cohort]), person)
    registrations.decline(registration.id, "account:1", "남궁하늘 님이 전화로 부탁했어요")
    with later():
        seals.seal()
        erasure.erase(person.id, "account:1", Asked.MAIL)

        assert seals.compare_all() == []
    end_reading()
    assert not any("남궁하늘" in reason for reason in db.session.scalars(select(AuditEntry.reason)))


def test_three_workers_seal_every_entry_once(app: Flask) -> None:
    done(5)

    def work(_: int) -> None:
        with app.app_context():
            schedule.clean_up()
            db.session.close()

    with later(), ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
        assert number_of_seals() == 1
        assert seals.compare_all() == []


def test_the_command_says_whether_the_trail_is_whole(app: Flask) -> None:
    done(2)
    with later():
        seals.seal()
        head = seals.standing().head
        fine = app.test_cli_runner().invoke(args=["audit", "verify", "--head", head])
        unknown = app.test_cli_runner().invoke(args=["audit", "verify", "--head", "f" * 64])
        with transaction() as session:
            session.execute(delete(AuditEntry))
        broken = app.test_cli_runner().invoke(args=["audit", "verify"])

    assert fine.exit_code == 0
    assert head in fine.output
    assert unknown.exit_code == 1
    assert "cut off" in unknown.output
    assert broken.exit_code == 1
    assert "changed after they were sealed" in broken.output
