"""Cards by which attendees introduce themselves: written by themselves, seen by those who have a seat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.introductions import Introduction, is_shown, read
from app.domain.registering.registrations import ACTIVE, Status
from app.models import TAKES_PLACE, Cohort, IntroductionCard, Meetup, Person, Registration
from app.services import audit
from app.services.registering.registration_changes import held_with_meetup


def may_write(registration: Registration) -> bool:
    """Whoever has a place, or waits for one; it is shown once they have a seat."""
    meetup, known = registration.meetup, ACTIVE - {Status.PENDING}
    takes_place = meetup.state in TAKES_PLACE and is_shown(meetup.ends_at, now())
    return meetup.introductions and takes_place and registration.status in known


def may_look(registration: Registration) -> bool:
    """Only who has a seat sees who else comes."""
    return may_write(registration) and registration.status is Status.CONFIRMED


def of_registration(registration_id: int) -> IntroductionCard | None:
    query = select(IntroductionCard).where(IntroductionCard.registration_id == registration_id)
    return db.session.scalars(query).one_or_none()


def write(registration_id: int, typed: Introduction, *, on_badge: bool = False) -> None:
    """Keep their card and show it, with their word on whether it may be printed on their badge; one that an organizer has
    hidden stays hidden, whatever is written. Raises `Unusable` by field."""
    said = read(typed)
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        if not may_write(registration):
            raise DomainError("introductions_closed")
        card = of_registration(registration.id)
        if card is None:
            hidden_at = _hidden_before(session, registration)
            card = IntroductionCard(registration_id=registration.id, hidden_at=hidden_at)
            session.add(card)
        card.nickname, card.affiliation, card.about, card.link = (
            said.nickname,
            said.affiliation,
            said.about,
            said.link,
        )
        card.on_badge = on_badge
        card.changed_at = now()
        audit.record(
            session, "introduction.written", registration, audit.PERSON, program_id=meetup.program_id
        )


def take_back(registration_id: int) -> None:
    """Delete their card, at any time; twice changes nothing."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        card = of_registration(registration.id)
        if card is None or not card.is_written:
            return
        if card.hidden_at:
            card.nickname, card.affiliation, card.about, card.link, card.on_badge = "", "", "", "", False
            card.changed_at = now()
        else:
            session.delete(card)
        audit.record(
            session, "introduction.taken_back", registration, audit.PERSON, program_id=meetup.program_id
        )


def shown(meetup_id: int, *, start: int, size: int) -> Sequence[IntroductionCard]:
    """A page of what attendees see, by cohort and name; one more where there are more."""
    mine = _of_meetup(meetup_id).where(
        IntroductionCard.hidden_at.is_(None), Registration.status == Status.CONFIRMED
    )
    return db.session.scalars(mine.offset(start).limit(size + 1)).all()


def all_cards(meetup_id: int, *, start: int, size: int) -> Sequence[IntroductionCard]:
    """A page of all cards, hidden ones and those of who waits too; one more where there are more."""
    written = _of_meetup(meetup_id).where(IntroductionCard.is_written)
    return db.session.scalars(written.offset(start).limit(size + 1)).all()


def number(meetup_id: int) -> int:
    query = select(func.count(IntroductionCard.id)).join(IntroductionCard.registration)
    here = query.where(Registration.meetup_id == meetup_id, IntroductionCard.is_written)
    return db.session.scalar(here) or 0


def allow(meetup_id: int, allowed: bool, actor: str) -> None:
    """Let attendees introduce themselves, or no more; their cards stay, unseen."""
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.introductions is allowed:
            return
        meetup.introductions = allowed
        act = "introductions.allowed" if allowed else "introductions.ended"
        audit.record(session, act, meetup, actor, program_id=meetup.program_id)


def hide(registration_id: int, hidden: bool, actor: str, reason: str = "") -> None:
    """Take a card out of sight, or show it again; its writer sees that."""
    with transaction() as session:
        meetup, registration = held_with_meetup(session, registration_id)
        card = of_registration(registration.id)
        if card is None or not card.is_written:
            raise DomainError("no_such_introduction")
        if (card.hidden_at is not None) is hidden:
            return
        card.hidden_at = now() if hidden else None
        act = "introduction.hidden" if hidden else "introduction.shown_again"
        audit.record(session, act, registration, actor, program_id=meetup.program_id, reason=reason)


def _hidden_before(session: Session, registration: Registration) -> dt.datetime | None:
    """When a card of an earlier registration of theirs at the meetup was hidden."""
    query = (
        select(func.max(IntroductionCard.hidden_at))
        .join(IntroductionCard.registration)
        .where(
            Registration.meetup_id == registration.meetup_id, Registration.person_id == registration.person_id
        )
    )
    return session.scalar(query)


def _of_meetup(meetup_id: int) -> Select[IntroductionCard]:
    held = joinedload(IntroductionCard.registration, innerjoin=True)
    return (
        select(IntroductionCard)
        .join(IntroductionCard.registration)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(Registration.meetup_id == meetup_id)
        .options(
            held.options(joinedload(Registration.person, innerjoin=True), joinedload(Registration.cohort))
        )
        .order_by(Cohort.ordinal, Person.name, Registration.id)
    )
