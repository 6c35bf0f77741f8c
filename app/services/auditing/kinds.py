"""The kinds of subject that an act can be about: which meetup each belongs to, and which person. A test names a kind that
is missing here.

An entry's meetup is written down with the entry: what it was about may be deleted since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from app.models import (
    Account,
    AccountInvitation,
    AccountSession,
    CheckIn,
    CheckInKind,
    Cohort,
    ColumnSet,
    Device,
    Enrolment,
    Image,
    MailServer,
    MailState,
    Meetup,
    MeetupInvitation,
    MeetupMembership,
    Membership,
    Message,
    OutboxMail,
    Person,
    Program,
    Registration,
    RosterEntry,
    RosterImport,
    SavedView,
    SignInLink,
    StoryPhoto,
    TextTemplate,
    Ticket,
)

# What belongs to a meetup, by the column that says which; a ticket has its registration's.
OF_MEETUP: Mapping[str, Any] = {
    model.__tablename__: model
    for model in (
        AccountInvitation,
        CheckIn,
        Device,
        Enrolment,
        MeetupInvitation,
        MeetupMembership,
        Message,
        OutboxMail,
        Registration,
        StoryPhoto,
        Ticket,
    )
}
# What is the programme's, somebody's at the desk, or the installation's; a backup is a file.
OF_PROGRAM = frozenset(
    {
        model.__tablename__
        for model in (
            Account,
            AccountSession,
            Cohort,
            ColumnSet,
            Image,
            MailServer,
            Membership,
            Person,
            Program,
            RosterEntry,
            RosterImport,
            SavedView,
            SignInLink,
            TextTemplate,
        )
    }
    | {"backup"}
)
# Acts on many at once, or on one with others: the detail that has their registrations. A test names an act that is missing.
NAMING: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "applications.approve",
            "applications.waitlist",
            "applications.decline",
            "badges.printed",  # where it was one person's
            "fee.list_booked",
            "fee.list_undone",
            "offers.shortened",
            "registrations.brought_in",
            "registrations.offered",
            "registrations.promoted",
            "registrations.seated",
            "registrations.tagged",
            "registrations.taken_back",
            "seats.released",
        ),
        "registrations",
    ),
    "registration.released_in": "seats_of",
}


def meetup_of(connection: Connection, subject: object, named: str, details: Mapping[str, Any]) -> int | None:
    """The meetup that an entry belongs to, by its subject (a row or "kind:id", `named` in either case), or else its details.
    Raises `KeyError` for a kind that nobody taught us."""
    kind = named.partition(":")[0]
    if kind in OF_MEETUP and hasattr(subject, "meetup_id"):
        meetup_id: int | None = subject.meetup_id
        return meetup_id
    return meetups_of(connection, [named])[named] or details.get("meetup")


def meetups_of(connection: Connection, subjects: Iterable[str]) -> dict[str, int | None]:
    """The meetups of these subjects; one query for each kind that has to be asked for."""
    found: dict[str, int | None] = {}
    asked: dict[str, list[int]] = {}
    for subject in subjects:
        kind, _, number = subject.partition(":")
        found[subject] = int(number) if kind == Meetup.__tablename__ else None
        if kind not in OF_PROGRAM and kind != Meetup.__tablename__:
            asked.setdefault(kind, []).append(int(number))
    for kind, ids in asked.items():
        rows = connection.execute(_meetups(OF_MEETUP[kind]).where(OF_MEETUP[kind].id.in_(ids)))
        found |= {f"{kind}:{number}": meetup for number, meetup in rows}
    return found


def _meetups(model: Any) -> Select[int, int | None]:
    if model is Ticket:
        held = select(Ticket.id, Registration.meetup_id)
        return held.join(Registration, Registration.id == Ticket.registration_id)
    return select(model.id, model.meetup_id)


def of_people(connection: Connection, people: Sequence[int]) -> list[str]:
    """The subjects that are these people or hang on them; of scans and mails those alone of which acts are noted."""
    held = select(Registration.id).where(Registration.person_id.in_(people))
    undone = CheckIn.kind == CheckInKind.UNDO
    asked: list[tuple[str, Any, Any]] = [
        (each.__tablename__, each.id, each.person_id.in_(people))
        for each in (Registration, RosterEntry, MeetupInvitation)
    ]
    asked += [
        (Ticket.__tablename__, Ticket.id, Ticket.registration_id.in_(held)),
        (CheckIn.__tablename__, CheckIn.refers_to_id, and_(CheckIn.registration_id.in_(held), undone)),
        (
            OutboxMail.__tablename__,
            OutboxMail.id,
            and_(OutboxMail.registration_id.in_(held), OutboxMail.state == MailState.FAILED),
        ),
    ]
    found = [f"{Person.__tablename__}:{number}" for number in people]
    for kind, column, which in asked:
        found += [f"{kind}:{number}" for number in connection.scalars(select(column).where(which))]
    return found
