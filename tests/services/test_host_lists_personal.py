"""The answer of the host's list is somebody's own: they read it, and it goes with them and with the meetup's data."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.domain.erasure import Asked
from app.domain.hosting.matching import HostListed
from app.domain.rosters import Hints
from app.models import HostList, Meetup, Registration
from app.services.alumni import joining
from app.services.alumni.rosters import Source
from app.services.elsewhere import host_lists
from app.services.personal import erasure, own_data
from app.services.running import schedule
from tests.factories import make_alumnus, make_cohort, make_meetup, make_notice
from tests.support.client import Browser
from tests.support.fresh import path_of, prove_at
from tests.support.registering import register

ME, HINTS, DAYS = "account:1", Hints(completed_for_all=True), 30


@pytest.fixture
def meetup(app: Flask) -> Meetup:
    cohorts = [make_cohort(None, 3)]
    cohorts.append(make_cohort(cohorts[0].program, 4))
    meetup = make_meetup(cohorts=cohorts, host_event_en="A conference")
    make_notice(meetup, kept_days=DAYS)
    return meetup


def held(meetup: Meetup, cohort: int = 0) -> Registration:
    return register(meetup, make_alumnus(meetup.cohorts[cohort]))


def compared(meetup: Meetup, *listed: Registration) -> int:
    """The comparison with a list that has these."""
    rows = "\n".join(each.address for each in listed) or "nobody@example.com"
    host_lists.apply(meetup.id, Source(f"이메일\n{rows}\n".encode(), "theirs.csv"), HINTS, frozenset(), ME)
    end_reading()
    found = host_lists.newest(meetup.id)
    assert found
    end_reading()
    return found.id


def answer(row: Registration) -> HostListed | None:
    end_reading()
    return db.session.get_one(Registration, row.id).host_listed


def test_it_goes_with_whoever_is_erased_and_comes_back_by_no_undo(meetup: Meetup) -> None:
    gone, stays = held(meetup), held(meetup)
    compared(meetup, stays)
    second = compared(meetup, gone)
    erasure.erase(gone.person_id, "person", Asked.LINK)

    host_lists.take_back(meetup.id, second, ME)

    assert (answer(gone), answer(stays)) == (None, HostListed.LISTED)


def test_it_goes_with_the_meetups_data(meetup: Meetup) -> None:
    row = held(meetup)
    compared(meetup, row)
    ends = db.session.get_one(Meetup, meetup.id).ends_at
    end_reading()

    with time_machine.travel(ends + dt.timedelta(days=DAYS + 2)):
        while schedule.run_due():
            end_reading()

    assert answer(row) is None
    assert db.session.scalar(select(func.count(HostList.id))) == 0


def test_it_is_part_of_ones_own_data_in_words(client: Browser, meetup: Meetup) -> None:
    row = held(meetup)
    compared(meetup)
    page = f"{path_of(row)}/download"
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    prove_at(client, page)

    data = own_data.collect(row.person_id, "en")
    end_reading()
    words = client.get(page).text

    assert [each["on_hosts_list"] for each in data["registrations"]] == ["not_listed"]
    assert "Not on the host&#39;s list" in words


def test_a_joined_person_keeps_it(meetup: Meetup) -> None:
    gone, kept = held(meetup), make_alumnus(meetup.cohorts[1])
    number = compared(meetup, gone)

    joining.join(meetup.program_id, kept.id, gone.person_id, ME, "같은 사람")

    assert answer(gone) is HostListed.LISTED
    host_lists.take_back(meetup.id, number, ME)
    assert answer(gone) is None
