"""Bringing answers in: registrations and list checks that stand in line by the times of the form.

Whoever has a seat keeps it. Free seats go to the first in the whole line. The same file once more changes nothing, and
nobody gets a mail unless the organizer wants it: the one that everybody gets who registers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.clock import now
from app.db import connection_of, db, end_reading, transaction
from app.domain import tokens
from app.domain.elsewhere.answering import answers_of
from app.domain.elsewhere.columns import Choices
from app.domain.elsewhere.fates import Fate, FateKind, Preview
from app.domain.elsewhere.ranking import Standing, lined_up
from app.domain.errors import DomainError
from app.domain.registering.answers import Answering
from app.domain.registering.registrations import Status
from app.domain.rosters import Hints
from app.domain.seating.drawing import Drawing
from app.domain.seating.line_order import rank_of
from app.domain.writing.names import search_key
from app.models import Claim, Meetup, MeetupState, Person, PersonAddress, Registration, Source
from app.services import audit
from app.services.alumni import attendance
from app.services.alumni.rosters import Source as File
from app.services.elsewhere import taking_back
from app.services.elsewhere.looking import (
    Taken,
    cohort_ids,
    judged,
    keeps_its_order,
    standing_in_line,
    take_in,
    takes_applications,
)
from app.services.elsewhere.reasons import BROUGHT_IN, GAVE_UP
from app.services.inviting.answers import decline_elsewhere
from app.services.races import once_more
from app.services.registering import answer_sheets, registrations, tickets
from app.services.registering.claims import MAIL as CLAIM_MAIL
from app.services.registering.registration_changes import change, note, owe
from app.services.seating import draw_entries, promotion, ranks, seat_counts
from app.services.seating.windows import require_ahead


@dataclass(frozen=True)
class BroughtIn:
    """How many got what. `applied`: they wait for a decision or are in the draw, not in line. `import_id`: by which it can be
    taken back; 0 where there is nothing to take back."""

    seated: int = 0
    applied: int = 0
    waiting: int = 0
    claims: int = 0
    given_up: int = 0
    declined: int = 0
    import_id: int = field(default=0, compare=False)


@once_more
def bring_in(
    meetup_id: int,
    source: File,
    hints: Hints,
    chosen: Choices,
    actor: str,
    *,
    tells: bool,
    cancels: bool = False,
) -> BroughtIn:
    """Write every row that can be written; judged again under the seat lock, whatever a preview showed.

    `cancels`: places of those who have said since that they don't come go on; these people are mailed in any case. Who has
    none and says no is kept as saying so, and is asked no more.
    """
    meetup = db.session.get_one(Meetup, meetup_id)
    taken = take_in(db.session(), meetup, source, hints, chosen)
    end_reading()
    if taken.outcomes is None:
        raise DomainError("form_columns_open")
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        _require_open(meetup, taken)
        draw_entries.close_if_due(session, meetup)
        preview = judged(session, meetup, taken.outcomes)
        given_up = registrations.give_up(session, meetup, preview.given_up, actor, GAVE_UP) if cancels else 0
        rows = _written(session, meetup, taken, preview, actor)
        done = _settled(session, meetup, rows, actor, tells=tells)
        said_at = now()
        declined = decline_elsewhere(session, meetup, preview.declining, actor, said_at)
        mailed = decline_elsewhere(session, meetup, preview.giving_up if cancels else (), actor, said_at)
        counts = {kind.value: count for kind, count in preview.counts.items()}
        audit.record(
            session,
            "registrations.brought_in",
            meetup,
            actor,
            program_id=meetup.program_id,
            counts=counts,
            file=source.sha256,
            told=tells,
            given_up=given_up,
            invitations=declined,
            said_at=said_at.isoformat(),
            registrations=[row.id for row in rows],
        )
        done = replace(done, given_up=given_up, declined=len(declined) + len(mailed))
        return replace(done, import_id=taking_back.newest(session, meetup_id)) if rows or declined else done


def _require_open(meetup: Meetup, taken: Taken) -> None:
    require_ahead(meetup)
    if meetup.state is MeetupState.DRAFT:
        raise DomainError("form_before_publishing")
    if meetup.questions_version != taken.questions_version:
        raise DomainError("questions_changed", version=meetup.questions_version)


def _written(
    session: Session, meetup: Meetup, taken: Taken, preview: Preview, actor: str
) -> list[Registration]:
    """The registrations in the order of their times, with their histories, checks and answers."""
    fates, cohorts = preview.written, cohort_ids(session, meetup.program_id)
    people = _claimants(session, meetup, fates)
    named = seat_counts.named_people(session, meetup)
    rows = [
        _registration(meetup, fate, people[fate.number], cohorts, taken.locale, named)
        for fate in fates
        if fate.row is not None
    ]
    session.add_all(rows)
    session.flush()
    note(session, rows, None, actor, BROUGHT_IN, at=now())
    _add_claims(session, fates, rows)
    _add_answers(session, taken, fates, rows, actor)
    return rows


def _claimants(session: Session, meetup: Meetup, fates: Sequence[Fate]) -> dict[int, int]:
    """Who each row is: a person of the list, or one apart from everybody on it until the check is decided."""
    new = [fate for fate in fates if fate.known is None and fate.row]
    people = [
        Person(program_id=meetup.program_id, name=fate.row.name, search_key=search_key(fate.row.name))
        for fate in new
        if fate.row
    ]
    session.add_all(people)
    session.flush()
    session.add_all(
        PersonAddress(
            program_id=meetup.program_id,
            person_id=person.id,
            address=fate.row.address,
            address_key=fate.row.address_key,
        )
        for fate, person in zip(new, people, strict=True)
        if fate.row
    )
    session.flush()
    known = {fate.number: fate.known.person_id for fate in fates if fate.known}
    return known | {fate.number: person.id for fate, person in zip(new, people, strict=True)}


def _registration(
    meetup: Meetup, fate: Fate, person_id: int, cohorts: Mapping[int, int], locale: str, named: set[int]
) -> Registration:
    row, is_claim = fate.row, fate.kind is FateKind.CLAIM
    if row is None:
        raise LookupError("a fate without a row is not written")
    said = cohorts.get(row.cohort) if row.cohort is not None else None
    rank, meetup.next_rank = meetup.next_rank, meetup.next_rank + 1
    applies = takes_applications(meetup) and person_id not in named
    return Registration(
        meetup_id=meetup.id,
        person_id=person_id,
        cohort_id=said if is_claim else fate.known and fate.known.cohort_id,
        reference=tokens.reference(),
        status=Status.PENDING if is_claim else Status.APPLIED if applies else Status.WAITLISTED,
        rank=rank,
        source=Source.ELSEWHERE,
        is_verified=not is_claim,
        address=row.address if is_claim or fate.known is None else fate.known.address,
        locale=locale,
        created_at=row.at,
        status_at=now(),
    )


def _add_claims(session: Session, fates: Sequence[Fate], rows: Sequence[Registration]) -> None:
    session.add_all(
        Claim(
            registration_id=row.id,
            name=fate.row.name,
            cohort_id=row.cohort_id,
            created_at=row.created_at,
        )
        for fate, row in zip(fates, rows, strict=True)
        if fate.kind is FateKind.CLAIM and fate.row
    )
    session.flush()


def _add_answers(
    session: Session, taken: Taken, fates: Sequence[Fate], rows: Sequence[Registration], actor: str
) -> None:
    sheets = {}
    for fate, row in zip(fates, rows, strict=True):
        cells = fate.row.cells if fate.row else {}
        answers, _left_out = answers_of(taken.questions, cells, Answering(cohort=row.cohort_id))
        if answers:
            sheets[row.id] = answers
    answer_sheets.record_many(
        connection_of(session), sheets, questions_version=taken.questions_version, at=now(), actor=actor
    )


def _settled(
    session: Session, meetup: Meetup, rows: Sequence[Registration], actor: str, *, tells: bool
) -> BroughtIn:
    if not rows:
        promotion.promote(session, meetup)
        return BroughtIn()
    _line_up(session, meetup, rows)
    if meetup.drawing(now()) is Drawing.ENTERING:
        draw_entries.enter(session, [row.id for row in rows if row.status is Status.APPLIED])
    _seat(session, meetup, rows, actor)
    if tells:
        for status in {row.status for row in rows}:
            mail = CLAIM_MAIL if status is Status.PENDING else registrations.MAIL[status]
            owe(session, mail, meetup, [row for row in rows if row.status is status])
    became = Counter(row.status for row in rows)
    return BroughtIn(
        seated=became[Status.CONFIRMED],
        applied=became[Status.APPLIED],
        waiting=became[Status.WAITLISTED],
        claims=became[Status.PENDING],
    )


def _line_up(session: Session, meetup: Meetup, rows: Sequence[Registration]) -> None:
    """Give all who have no seat their places: by the times at which they registered, here or elsewhere."""
    _put_behind(session, meetup, rows)
    if keeps_its_order(meetup):
        return
    old = standing_in_line(session, meetup.id, besides=[row.id for row in rows])
    before = {each.id: rank for each, rank in old} | {row.id: row.rank for row in rows}
    coming = {row.id: Standing(row.id, row.created_at) for row in rows}
    after = lined_up(before, [each for each, _ in old], coming)
    ranks.give(session, before, after)
    for row in rows:
        set_committed_value(row, "rank", after[row.id])


def _put_behind(session: Session, meetup: Meetup, rows: Sequence[Registration]) -> None:
    if not meetup.puts_no_shows_behind:
        return
    missed = attendance.missed_last(meetup.program_id, Registration.person_id, Registration.created_at)
    of_meetup = Registration.meetup_id == meetup.id, Registration.source == Source.ELSEWHERE
    absent = set(session.scalars(select(Registration.id).where(*of_meetup, missed)))
    for row in rows:
        if row.id in absent and row.status is not Status.PENDING:
            row.rank = rank_of(row.rank, behind=True)
    session.flush()


def _seat(session: Session, meetup: Meetup, rows: Sequence[Registration], actor: str) -> None:
    """Free seats go to the first in line. Who was brought in gets theirs at once, as whoever registers does; others
    are told or asked as ever."""
    new = {row.id for row in rows}
    moving = [row for row in promotion.first_in_line(session, meetup) if row.id in new]
    if moving:
        change(session, moving, Status.CONFIRMED, actor, BROUGHT_IN)
        tickets.ensure(session, moving)
    promotion.promote(session, meetup)
