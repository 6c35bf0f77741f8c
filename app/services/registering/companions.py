"""Companions: further people on one ticket. They take seats like everybody.

An organizer says how many. Where the meetup lets people bring some by themselves, they take free seats that nobody
waits for, and no more: a party never overtakes the line. Fewer may come at any time before they are in.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.companion_names import CompanionNames, read_names
from app.domain.registering.registrations import Status
from app.domain.seating.pools import Party
from app.domain.seating.seats import MOST_COMPANIONS
from app.models import Meetup, MeetupState, Registration, Source
from app.services import audit
from app.services.door import door_counts, door_standing
from app.services.door.devices import SHIFT_LASTS
from app.services.registering import answer_sheets, answers
from app.services.seating import promotion, seat_counts

ACT = "registration.companions_set"
NAMED = "registration.companions_named"


def set_number(registration_id: int, number: int, actor: str, *, over: bool = False) -> int:
    """So many people come with this person. By how many the seats are exceeded then.

    More than there are seats takes `over`: a second yes after "over by n". Fewer frees seats, and those
    waiting move up, and takes along what those who no longer come had answered.
    """
    if not 0 <= number <= MOST_COMPANIONS:
        raise DomainError("companions_too_many", limit=MOST_COMPANIONS)
    meetup_id = db.session.get_one(Registration, registration_id).meetup_id
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        over_by = _set(session, meetup, registration, number, actor, over=over)
    door_counts.forget(meetup_id)
    return over_by


def set_own(registration_id: int, number: int, names: Sequence[str] = ()) -> None:
    """The person with a seat brings so many, of these names. What a companion answered goes with them.

    More is refused past the day for changes (`companions_closed`), above what the meetup allows, and where the seats
    don't suffice or somebody waits (`companions_no_seats`). Raises `Unusable` for names that can't be kept or are owed.
    """
    meetup_id = db.session.get_one(Registration, registration_id).meetup_id
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        registration = session.get_one(Registration, registration_id, with_for_update=True)
        if number > registration.companions:
            _require_more(session, meetup, registration, number)
        elif number < 0:
            raise DomainError("companions_too_many", limit=most_of(registration))
        named = read_names(names, number, meetup.companion_names)
        _set(session, meetup, registration, number, audit.PERSON, over=False)
        _name(session, meetup, registration, named)
    door_counts.forget(meetup_id)


def _name(session: Session, meetup: Meetup, registration: Registration, names: list[str]) -> None:
    """Names stay out of the audit trail; that they were given is in it."""
    if registration.companion_names == names:
        return
    registration.companion_names = names
    audit.record(session, NAMED, registration, audit.PERSON, program_id=meetup.program_id)


def _require_more(session: Session, meetup: Meetup, registration: Registration, number: int) -> None:
    if number > meetup.companions_most:
        raise DomainError("companions_too_many", limit=meetup.companions_most)
    if now() >= answers.open_until(meetup):
        raise DomainError("companions_closed")
    more = Party(number - registration.companions, registration.cohort_id)
    if not seat_counts.seating_of(session, meetup).room_behind_the_line.take(more):
        raise DomainError("companions_no_seats")


def most_of(registration: Registration) -> int:
    """So many this person may choose from by themselves: what the meetup allows, or what an organizer gave."""
    return max(registration.meetup.companions_most, registration.companions)


def may_change(registration: Registration) -> bool:
    """Whether there is something to choose for this person now."""
    meetup = registration.meetup
    ahead = meetup.state is not MeetupState.CALLED_OFF and now() < meetup.ends_at
    has_seat = registration.status is Status.CONFIRMED and registration.admitted_at is None
    more = meetup.companions_most > registration.companions and now() < answers.open_until(meetup)
    return ahead and has_seat and (more or registration.companions > 0)


def allow(meetup_id: int, most: int, actor: str, names: CompanionNames | None = None) -> None:
    """So many companions people may bring by themselves from now on; whoever brings more keeps them. `names`: whether
    these are asked for; None: as before. Names that are there stay."""
    if not 0 <= most <= MOST_COMPANIONS:
        raise DomainError("companions_too_many", limit=MOST_COMPANIONS)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        names = meetup.companion_names if names is None else names
        if (meetup.companions_most, meetup.companion_names) != (most, names):
            before, meetup.companions_most, meetup.companion_names = meetup.companions_most, most, names
            audit.record(
                session,
                "meetup.companions_allowed",
                meetup,
                actor,
                program_id=meetup.program_id,
                before=before,
                after=most,
            )


def _set(
    session: Session, meetup: Meetup, registration: Registration, number: int, actor: str, *, over: bool
) -> int:
    more = number - registration.companions
    seating = seat_counts.seating_of(session, meetup)
    if not more:
        return seating.over_by
    _require_settable(meetup, registration, number)
    if _takes_seats(meetup, registration):
        before, seating = seating, seating.with_more(more)
        if more > 0 and seating.over_by and not over:
            raise DomainError("companions_over", seats=meetup.capacity, over=seating.over_by)
        if more > 0 and not over and not before.room.take(Party(more, registration.cohort_id)):
            raise DomainError("companions_kept", kept=before.kept.unused)
    had, registration.companions = registration.companions, number
    registration.companion_names = registration.companion_names[:number]
    session.flush()
    answer_sheets.discard_companions(session, registration.id, above=number)
    if registration.admitted_at:
        door_standing.derive(session.connection(), registration.id)
    audit.record(
        session,
        ACT,
        registration,
        actor,
        program_id=meetup.program_id,
        meetup=meetup.id,
        before=had,
        after=number,
        over_by=seating.over_by,
    )
    promotion.promote(session, meetup)
    return seating.over_by


def _require_settable(meetup: Meetup, registration: Registration, number: int) -> None:
    if meetup.state is MeetupState.CALLED_OFF:
        raise DomainError("meetup_called_off")
    if now() >= meetup.ends_at + SHIFT_LASTS:
        raise DomainError("meetup_over")
    if registration.status is not Status.CONFIRMED:
        raise DomainError("companions_without_seat")
    if registration.admitted_count > 1 + number:
        raise DomainError("companions_inside", count=registration.admitted_count)


def _takes_seats(meetup: Meetup, registration: Registration) -> bool:
    return meetup.door_counts_walk_ins or registration.source is not Source.WALK_IN
