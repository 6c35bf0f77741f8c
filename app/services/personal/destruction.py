"""Destroying a meetup's personal data when its time is over: by the worker, a part at a time, counts kept.

Registrations, check-ins and history stay, for the numbers and the ledger, and hang on nameless rows of their own. Who is known
otherwise (by a list, by another meetup) keeps what hangs on that; whom the programme knew by this meetup alone is gone.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, String, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.domain.destruction import SHOWN_NONE
from app.domain.schedule import Act, Due
from app.models import (
    AddressChange,
    AddressProof,
    AuditEntry,
    Destruction,
    ExportJob,
    HostList,
    InsideNote,
    InvitationBatch,
    Meetup,
    MeetupInvitation,
    MeetupMove,
    MeetupState,
    Message,
    OutboxMail,
    Person,
    Program,
    Registration,
    ReservedSeat,
    RosterEntry,
    RosterUpload,
    StoryPhoto,
    WalkInCheck,
)
from app.services import audit
from app.services.alumni import roster_uploads
from app.services.organizing import export_jobs
from app.services.personal import erasing_rows, erasure, keeping
from app.services.personal.erasing_rows import Traces
from app.services.printing import extra_badges
from app.services.registering import survey_results
from app.services.running.schedule_claims import dues

ACT = "meetup.destroyed"
AT_ONCE = 100  # registrations in a part, so that no part holds others up
NEXT = dt.timedelta(microseconds=1)


def due_destructions(at: dt.datetime, limit: int) -> Sequence[Due]:
    """Meetups with data whose last day is over."""
    is_past_draft = Meetup.state != MeetupState.DRAFT
    return dues(Act.DESTRUCTION, Meetup.id, Meetup.destroys_at, at, limit, is_past_draft)


def destroy(session: Session, due: Due) -> None:
    """One part; the next is due at once, until nothing of which the day is over is left."""
    meetup = Meetup.locked(session, due.subject)
    if meetup.destroys_at != due.at or meetup.state is MeetupState.DRAFT:
        return
    versions = keeping.due_versions(session, meetup)
    if not versions:
        keeping.follow(session, meetup)
        return
    forget_files(session, meetup)
    step = _step(session, meetup)
    rows = _next(session, meetup, versions)
    step.registrations += len(rows)
    step.people += _forget(session, meetup, rows)
    if len(rows) == AT_ONCE:
        meetup.destroys_at = max(now(), due.at + NEXT)
        return
    if SHOWN_NONE in versions:
        step.counts, step.is_whole = _forget_the_rest(session, meetup), True
    step.done_at = now()
    session.flush()
    keeping.follow(session, meetup)
    audit.record(
        session,
        ACT,
        meetup,
        audit.WORKER,
        program_id=meetup.program_id,
        counts={"registrations": step.registrations, "people": step.people, **step.counts},
    )


def forget_files(session: Session, meetup: Meetup) -> None:
    """The files that the worker made of its people, and lists of them that came back edited."""
    export_jobs.forget(session, ExportJob.meetup_id == meetup.id)
    roster_uploads.forget(session, RosterUpload.meetup_id == meetup.id)


def _step(session: Session, meetup: Meetup) -> Destruction:
    """The one under way, or a new one."""
    query = select(Destruction).where(Destruction.meetup_id == meetup.id, Destruction.done_at.is_(None))
    step = session.scalars(query).one_or_none()
    if step is None:
        step = Destruction(meetup_id=meetup.id, registrations=0, people=0)
        session.add(step)
    return step


def _next(session: Session, meetup: Meetup, versions: Sequence[int]) -> Sequence[Registration]:
    named = (
        select(Registration)
        .join(Person, Person.id == Registration.person_id)
        .where(
            Registration.meetup_id == meetup.id,
            func.coalesce(Registration.notice_version, SHOWN_NONE).in_(versions),
            Person.erased_at.is_(None),
        )
        .order_by(Registration.id)
        .limit(AT_ONCE)
    )
    return session.scalars(named.with_for_update(of=Registration)).all()


def _forget(session: Session, meetup: Meetup, rows: Sequence[Registration]) -> int:
    """What these registrations say of their people; of how many of them nothing is left in the programme."""
    session.execute(select(Program.id).where(Program.id == meetup.program_id).with_for_update())
    ids = [row.id for row in rows]
    people = {row.person_id for row in rows}
    known = _known_otherwise(session, meetup, people, ids)
    session.execute(delete(AddressChange).where(AddressChange.registration_id.in_(ids)))
    erasing_rows.wipe_places(session, [row for row in rows if row.person_id in known])
    _part(session, meetup, [row for row in rows if row.person_id in known])
    alone: defaultdict[int, list[Registration]] = defaultdict(list)
    for row in rows:
        if row.person_id not in known and row.person_id in people:
            alone[row.person_id].append(row)
    for number, theirs in alone.items():
        person = session.get_one(Person, number, with_for_update=True)
        if person.erased_at is None:
            keys = erasure.keys_of(session, person, theirs)
            erasing_rows.wipe(session, Traces(person, theirs, keys))
    return len(alone)


def _known_otherwise(session: Session, meetup: Meetup, people: set[int], ids: Sequence[int]) -> set[int]:
    """Those who are on a list, or have, had or may get a place elsewhere, or one here that is kept for longer."""
    found = set(session.scalars(select(RosterEntry.person_id).where(RosterEntry.person_id.in_(people))))
    others = select(Registration.person_id).where(
        Registration.person_id.in_(people), Registration.id.not_in(ids)
    )
    found |= set(session.scalars(others))
    for model in (MeetupInvitation, ReservedSeat):
        elsewhere = select(model.person_id).where(model.person_id.in_(people), model.meetup_id != meetup.id)
        found |= set(session.scalars(elsewhere))
    return found


def _part(session: Session, meetup: Meetup, rows: Sequence[Registration]) -> None:
    """Let each registration hang on a nameless row, and no longer on its person."""
    nobody = [Person(program_id=meetup.program_id, **erasing_rows.nameless()) for _ in rows]
    session.add_all(nobody)
    session.flush()
    for row, person in zip(rows, nobody, strict=True):
        row.person_id = person.id
    session.flush()
    now_theirs = select(Registration.person_id).where(Registration.id == WalkInCheck.registration_id)
    found = WalkInCheck.registration_id.in_([row.id for row in rows]), WalkInCheck.person_id.is_not(None)
    session.execute(
        update(WalkInCheck)
        .where(*found)
        .values(person_id=now_theirs.scalar_subquery())
        .execution_options(synchronize_session=False)
    )


def _forget_the_rest(session: Session, meetup: Meetup) -> dict[str, int]:
    """What belongs to no registration: whom it was about is not told any more, how much it was is."""
    own = OutboxMail.meetup_id == meetup.id, OutboxMail.registration_id.is_(None)
    mails = session.scalar(select(func.count()).select_from(OutboxMail).where(*own, OutboxMail.address != ""))
    counts = {"mails": mails or 0}
    erasing_rows.empty_mails(session, *own)
    gone: tuple[tuple[str, Any], ...] = (
        ("invitations", MeetupInvitation),
        ("reserved_seats", ReservedSeat),
        ("codes", AddressProof),
        ("notes", InsideNote),
        ("host_lists", HostList),
    )
    for name, model in gone:
        result: Any = session.execute(
            delete(model).where(model.meetup_id == meetup.id).execution_options(synchronize_session=False)
        )
        counts[name] = int(result.rowcount)
    counts["badges"] = extra_badges.forget(session, meetup.id)
    for words in (
        update(InvitationBatch).where(InvitationBatch.meetup_id == meetup.id).values(words=""),
        update(MeetupMove).where(MeetupMove.meetup_id == meetup.id).values(note=""),
        update(Message)
        .where(Message.meetup_id == meetup.id)
        .values(subject_ko="", subject_en="", words_ko="", words_en=""),
        update(StoryPhoto).where(StoryPhoto.meetup_id == meetup.id).values(asked_words=""),
        update(AuditEntry).where(AuditEntry.subject.in_(_photos(meetup))).values(reason=""),
    ):
        session.execute(words.execution_options(synchronize_session=False))
    for message in session.scalars(select(Message).where(Message.meetup_id == meetup.id)):
        message.chosen = message.chosen | {"tags": [], "search": "", "only": []}
    meetup.promotion_pause_reason = ""
    survey_results.forget_texts(session, meetup.id)
    return counts


def _photos(meetup: Meetup) -> Select[str]:
    """The story's photos as the audit trail names them: why one was shown again says why somebody wanted it down."""
    number = cast(StoryPhoto.id, String)
    return select(literal(f"{StoryPhoto.__tablename__}:") + number).where(StoryPhoto.meetup_id == meetup.id)
