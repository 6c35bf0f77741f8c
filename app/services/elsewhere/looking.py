"""What a form's answers would do: whose each row is, who would get a seat; changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from app.clock import now
from app.db import db
from app.domain import rosters as reader
from app.domain.elsewhere.columns import Choices, Columns, find_columns
from app.domain.elsewhere.fates import Fate, FateKind, Known, Preview, judge
from app.domain.elsewhere.ranking import Standing, merged
from app.domain.elsewhere.rows import FormRow, read_form
from app.domain.registering.questions import QuestionSet
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.rosters import Hints, Layout, Problem, Workbook
from app.domain.seating.drawing import Drawing
from app.domain.seating.modes import Mode
from app.domain.seating.pools import Party, seated
from app.models import (
    Cohort,
    Meetup,
    MeetupInvitation,
    Person,
    PersonAddress,
    Registration,
    RegistrationEvent,
    RosterEntry,
)
from app.services.alumni.rosters import Source, known_cohorts, read
from app.services.inviting import answers
from app.services.personal import erased_addresses
from app.services.registering import eligibility, question_sets
from app.services.seating import promotion, seat_counts

BATCH = 500
IN_LINE = (Status.WAITLISTED, Status.APPLIED, Status.PENDING)
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class Taken:
    """A file taken in: read and judged row by row. `outcomes` is None while questions are open."""

    workbook: Workbook
    layout: Layout
    columns: Columns | None
    questions: QuestionSet
    questions_version: int
    outcomes: Sequence[FormRow | Problem] | None

    @property
    def locale(self) -> str:
        """The language of the form is that of whoever answered it."""
        return "ko" if any(map(_HANGUL.search, self.layout.header)) else "en"


@dataclass(frozen=True)
class Draft:
    """`seated`: the rows whose people would get a seat now; `applying`: those whose people would apply. `preview` is None
    while questions are open."""

    taken: Taken
    preview: Preview | None
    seated: frozenset[int] = frozenset()
    applying: frozenset[int] = frozenset()


def draft(meetup: Meetup, source: Source, hints: Hints, chosen: Choices) -> Draft:
    """Read and judge. Raises `DomainError` for a file that cannot be read."""
    session = db.session()
    taken = take_in(session, meetup, source, hints, chosen)
    if taken.outcomes is None:
        return Draft(taken, None)
    preview = judged(session, meetup, taken.outcomes)
    applying = _applying(session, meetup, preview)
    return Draft(taken, preview, _seated(session, meetup, preview, applying), applying)


def take_in(session: Session, meetup: Meetup, source: Source, hints: Hints, chosen: Choices) -> Taken:
    """The slow part, for a long file; of the database it needs the cohorts and the questions."""
    known, questions = known_cohorts(session, meetup.program_id), question_sets.current(meetup)
    version = meetup.questions_version
    workbook = read(source, hints)
    layout = reader.detect_layout(workbook, hints, cohort_given=True)
    if not layout.ready:
        return Taken(workbook, layout, None, questions, version, None)
    rows = workbook.sheets[layout.sheet].rows[layout.header_row :]
    columns = find_columns(layout, rows, questions, meetup.timezone, chosen)
    if columns.lacks_time:
        return Taken(workbook, layout, columns, questions, version, None)
    outcomes = read_form(rows, layout.header_row + 1, columns, known, meetup.timezone, now())
    return Taken(workbook, layout, columns, questions, version, outcomes)


def judged(session: Session, meetup: Meetup, outcomes: Sequence[FormRow | Problem]) -> Preview:
    """Every row's fate as things are now."""
    keys = {each.address_key for each in outcomes if isinstance(each, FormRow)}
    known = {key: person for some in _batches(sorted(keys)) for key, person in _known(session, meetup, some)}
    unknown = keys - known.keys()
    return judge(outcomes, known, erased_addresses.among(session, meetup.program_id, unknown))


def standing_in_line(
    session: Session, meetup_id: int, *, besides: Iterable[int] = ()
) -> list[tuple[Standing, int]]:
    """Everybody without a seat, with their ranks, in their order. Whom an organizer moved has no time."""
    moved = select(RegistrationEvent.id).where(
        RegistrationEvent.registration_id == Registration.id,
        RegistrationEvent.before == Status.WAITLISTED,
        RegistrationEvent.after == Status.WAITLISTED,
    )
    rows = session.execute(
        select(Registration.id, Registration.rank, Registration.created_at, moved.exists().label("moved"))
        .where(Registration.meetup_id == meetup_id, Registration.status.in_(IN_LINE))
        .order_by(Registration.rank)
    )
    new = set(besides)
    return [
        (Standing(row.id, None if row.moved else row.created_at), row.rank)
        for row in rows
        if row.id not in new
    ]


def takes_applications(meetup: Meetup) -> bool:
    """Whether whoever comes now applies: organizers choose, or a draw that can still be entered."""
    return meetup.mode is Mode.APPROVAL or meetup.drawing(now()) is Drawing.ENTERING


def keeps_its_order(meetup: Meetup) -> bool:
    """Whether whoever comes now stands behind everybody: the line is in drawn order, or will be."""
    return meetup.mode is Mode.DRAW and meetup.drawing(now()) is not Drawing.ENTERING


def _known(session: Session, meetup: Meetup, keys: Sequence[str]) -> Iterable[tuple[str, Known]]:
    listed = select(RosterEntry.id).where(RosterEntry.person_id == Person.id).exists()
    here = select(Registration.id).where(
        Registration.person_id == Person.id, Registration.meetup_id == meetup.id
    )
    place = aliased(Registration)
    can_give_up = and_(
        place.person_id == Person.id,
        place.meetup_id == meetup.id,
        place.status.in_(ACTIVE),
        place.admitted_at.is_(None),
    )
    invited = and_(MeetupInvitation.person_id == Person.id, MeetupInvitation.meetup_id == meetup.id)
    rosters = eligibility.on_rosters(meetup.id)
    of_roster = select(rosters.c.cohort_id).where(rosters.c.person_id == Person.id).exists()
    rows = session.execute(
        select(
            PersonAddress.address_key,
            PersonAddress.address,
            Person.id,
            Person.name,
            listed.label("listed"),
            here.exists().label("registered"),
            place.id.label("place_id"),
            place.created_at,
            place.coming_at,
            of_roster.label("of_roster"),
            MeetupInvitation.id.label("invitation_id"),
            MeetupInvitation.declined_at,
        )
        .join(Person, Person.id == PersonAddress.person_id)
        .outerjoin(place, can_give_up)
        .outerjoin(MeetupInvitation, invited)
        .where(PersonAddress.program_id == meetup.program_id, PersonAddress.address_key.in_(keys))
    ).all()
    cohorts = eligibility.latest_cohort_of_each(session, meetup.id, [row.id for row in rows])
    undone = answers.undone_at(session, [row.invitation_id for row in rows if row.invitation_id])
    for row in rows:
        cohort = cohorts.get(row.id)
        said = [at for at in (row.created_at, row.coming_at, undone.get(row.invitation_id)) if at]
        lacks_invitation, declined = row.of_roster and cohort is None, row.declined_at is not None
        own = (row.registered, row.place_id, max(said, default=None), lacks_invitation, declined)
        yield row.address_key, Known(row.id, row.name, row.address, row.listed, cohort, *own)


def _applying(session: Session, meetup: Meetup, preview: Preview) -> frozenset[int]:
    """Whose seat is reserved competes with nobody."""
    if not takes_applications(meetup):
        return frozenset()
    named = seat_counts.named_people(session, meetup)
    coming = [fate for fate in preview.written if fate.kind is FateKind.REGISTERED]
    return frozenset(fate.number for fate in coming if fate.known and fate.known.person_id not in named)


def _seated(session: Session, meetup: Meetup, preview: Preview, applying: frozenset[int]) -> frozenset[int]:
    """The rows that would get a seat: the next of the whole line, by the rule of app/domain/seating/pools.py."""
    if promotion.stopped(meetup, None):
        return frozenset()
    coming = [
        fate for fate in preview.written if fate.kind is FateKind.REGISTERED and fate.number not in applying
    ]
    parties = _parties(session, meetup, coming)
    line = [each for each, _rank in standing_in_line(session, meetup.id) if each.id in parties]
    new = [Standing(-fate.number, fate.row.at if fate.row else None) for fate in coming]
    order = [each.id for each in (*line, *new)] if keeps_its_order(meetup) else merged(line, new)
    seating = seat_counts.seating_of(session, meetup)
    first = seated(seating.free, seating.kept, [parties.get(each, Party()) for each in order])
    return frozenset(-order[index] for index in first if order[index] < 0)


def _parties(session: Session, meetup: Meetup, coming: Sequence[Fate]) -> Mapping[int, Party]:
    """Those who wait, by their ids, and those who come, by their row numbers as negative ones."""
    named = seat_counts.named_people(session, meetup)
    rows = session.scalars(seat_counts.line(meetup.id)).all()
    waiting = zip(rows, seat_counts.parties_of(session, meetup, rows), strict=True)
    return {row.id: party for row, party in waiting} | {
        -fate.number: Party(1, fate.known.cohort_id, fate.known.person_id in named)
        for fate in coming
        if fate.known
    }


def cohort_ids(session: Session, program_id: int) -> dict[int, int]:
    """Ordinal → id."""
    rows = session.execute(select(Cohort.ordinal, Cohort.id).where(Cohort.program_id == program_id))
    return {row.ordinal: row.id for row in rows}


def _batches(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
