"""What badges say of people, as it is now. Nothing that they wrote on a card unless they want it on their badge, and no organizer hid it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select

from app.db import db
from app.domain.door import tickets
from app.domain.registering.notices import ConsentKind
from app.domain.registering.registrations import Status
from app.domain.seating.pools import GuestRole
from app.keys import keys
from app.models import (
    Cohort,
    IntroductionCard,
    Meetup,
    Person,
    Registration,
    RegistrationTag,
    ReservedSeat,
    Tag,
    Ticket,
)
from app.services.meeting.tables import SHOWN_TABLE
from app.services.organizing import notices
from app.services.registering import consents

Piece = tuple[int, int]
"""A registration, and 0 for its registrant or the number of a companion; or an extra badge, and `EXTRA`."""
EXTRA = -1


@dataclass(frozen=True)
class Someone:
    """One registration's people. `code`: of their valid ticket, empty without one. `photos`: whether pictures of them may be
    taken, as far as the meetup asks for that consent: who wasn't asked, as at the door, didn't give it. `table`: theirs, once
    people see it."""

    name: str
    companion_names: Sequence[str]
    cohort_id: int | None
    ordinal: int
    cohort_ko: str
    cohort_en: str
    nickname: str
    affiliation: str
    role: GuestRole | None
    code: str
    photos: bool
    tags: tuple[str, ...] = ()
    table: int | None = None


def of(meetup: Meetup, registrations: Collection[int], tags: Collection[int] = ()) -> dict[int, Someone]:
    """By registration, in one query, and one more for these tags."""
    refuses = _refuses_photos(meetup)
    query = (
        select(
            Registration.id,
            Registration.companion_names,
            Person.name,
            Registration.cohort_id,
            Cohort.ordinal,
            Cohort.name_ko,
            Cohort.name_en,
            IntroductionCard.nickname,
            IntroductionCard.affiliation,
            ReservedSeat.role,
            Ticket.uid,
            Ticket.revision,
            refuses.label("refuses"),
            SHOWN_TABLE,
        )
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .outerjoin(IntroductionCard, _own_card(meetup))
        .outerjoin(ReservedSeat, _reserved(meetup))
        .outerjoin(Ticket, and_(Ticket.registration_id == Registration.id, Ticket.revoked_at.is_(None)))
        .where(Registration.id.in_(registrations), Registration.meetup_id == meetup.id)
    )
    tagged = _tagged(registrations, tags) if tags else {}
    return {row.id: _someone(row, tagged.get(row.id, ())) for row in db.session.execute(query)}


def to_show(meetup_id: int, number: int, longest: int) -> list[Piece]:
    """Badges to judge a design by: first those with the longest names, then others as they are printed."""
    own = (
        select(Registration.id)
        .join(Person, Person.id == Registration.person_id)
        .outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(
            Registration.meetup_id == meetup_id,
            Registration.status == Status.CONFIRMED,
            Person.erased_at.is_(None),
        )
    )
    found = list(
        db.session.scalars(own.order_by(func.length(Person.name).desc(), Registration.id).limit(longest))
    )
    others = own.where(Registration.id.not_in(found)).order_by(Cohort.ordinal, Person.name, Registration.id)
    found += db.session.scalars(others.limit(number - len(found))) if number > len(found) else []
    return [(registration, 0) for registration in found[:number]]


def seated(meetup_id: int) -> Sequence[Any]:
    """Reference, name and companions' names of everybody with a seat."""
    columns: tuple[Any, ...] = (Registration.reference, Person.name, Registration.companion_names)
    return db.session.execute(
        select(*columns)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.meetup_id == meetup_id,
            Registration.status == Status.CONFIRMED,
            Person.erased_at.is_(None),
        )
        .order_by(Person.name, Registration.id)
    ).all()


def tags_of(meetup_id: int) -> Sequence[Tag]:
    """The meetup's tags, from which a design may print some."""
    return db.session.scalars(select(Tag).where(Tag.meetup_id == meetup_id).order_by(Tag.name)).all()


def newest(meetup_id: int, limit: int) -> Sequence[Any]:
    """Who got a seat last, as at the door."""
    columns: tuple[Any, ...] = (
        Registration.id,
        Registration.reference,
        Registration.companions,
        Person.name,
        Cohort.ordinal,
    )
    query = select(*columns).join(Person, Person.id == Registration.person_id)
    return db.session.execute(
        query.outerjoin(Cohort, Cohort.id == Registration.cohort_id)
        .where(
            Registration.meetup_id == meetup_id,
            Registration.status == Status.CONFIRMED,
            Person.erased_at.is_(None),
        )
        .order_by(Registration.rank.desc())
        .limit(limit)
    ).all()


def _tagged(registrations: Collection[int], tags: Collection[int]) -> dict[int, tuple[str, ...]]:
    """The names of those of these tags that each has."""
    rows = db.session.execute(
        select(RegistrationTag.registration_id, Tag.name)
        .join(Tag, Tag.id == RegistrationTag.tag_id)
        .where(RegistrationTag.registration_id.in_(registrations), RegistrationTag.tag_id.in_(tags))
        .order_by(Tag.name)
    )
    found: defaultdict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.registration_id] += (row.name,)
    return found


def _someone(row: Any, tags: tuple[str, ...]) -> Someone:
    return Someone(
        name=row.name,
        companion_names=row.companion_names,
        cohort_id=row.cohort_id,
        ordinal=row.ordinal or 0,
        cohort_ko=row.name_ko or "",
        cohort_en=row.name_en or "",
        nickname=row.nickname or "",
        affiliation=row.affiliation or "",
        role=row.role,
        code=tickets.derive_code(keys().ticket, row.uid, row.revision) if row.uid else "",
        photos=not row.refuses,
        tags=tags,
        table=row.table,
    )


def _own_card(meetup: Meetup) -> ColumnElement[bool]:
    """Their card, if it may be printed: while the meetup has introductions."""
    if not meetup.introductions:
        return false()
    mine = IntroductionCard.registration_id == Registration.id
    return and_(mine, IntroductionCard.on_badge, IntroductionCard.hidden_at.is_(None))


def _reserved(meetup: Meetup) -> ColumnElement[bool]:
    return and_(ReservedSeat.person_id == Registration.person_id, ReservedSeat.meetup_id == meetup.id)


def _refuses_photos(meetup: Meetup) -> ColumnElement[bool]:
    asked = [each.key for each in notices.current(meetup).consents if each.kind is ConsentKind.PHOTOS]
    return or_(false(), *(not_(consents.consented(key)) for key in asked))
