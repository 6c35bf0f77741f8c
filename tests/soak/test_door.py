"""`make soak`: the door at full size, as docs and the smaller tests promise it."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import func, select

from app.db import db, end_reading
from app.domain import tokens
from app.domain.door.admission import Verdict
from app.models import Registration
from app.services.door import checkins
from tests.factories import code_of, make_device, make_meetup, make_registration
from tests.services.test_checkins import mutate
from tests.support.door import Phone, scan

TICKETS, PHONES = 500, 8
MUTATIONS = 100_000


def test_500_tickets_each_at_eight_phones_at_once_give_500_admissions(app: Flask) -> None:
    meetup = make_meetup(capacity=TICKETS)
    codes = [code_of(make_registration(meetup)) for _ in range(TICKETS)]
    phones = [Phone(app, meetup) for _ in range(PHONES)]
    posts = [(phone, code) for code in codes for phone in phones]
    random.Random(1).shuffle(posts)

    with ThreadPoolExecutor(16) as pool:
        verdicts = list(pool.map(lambda post: post[0].scan(code=post[1])["verdict"], posts))

    assert verdicts.count("ok") == TICKETS
    assert verdicts.count("already_redeemed") == TICKETS * (PHONES - 1)
    end_reading()
    inside = select(func.count()).where(
        Registration.meetup_id == meetup.id, Registration.admitted_at.is_not(None)
    )
    assert db.session.scalar(inside) == TICKETS


def test_of_100000_mutated_codes_none_enters(app: Flask) -> None:
    meetup, chance = make_meetup(), random.Random(3)
    registration = make_registration(meetup)
    _, token = make_device(meetup)
    code, hashes, verdicts = code_of(registration), [tokens.hashed(token)], set()

    for _ in range(MUTATIONS // 1000):
        scans = [scan(code=wrong) for _ in range(1000) if (wrong := mutate(code, chance)) != code]
        outcomes = checkins.record(hashes, meetup.slug, scans, None).outcomes
        verdicts |= {outcome.verdict for outcome in outcomes}

    assert verdicts == {Verdict.INVALID}
