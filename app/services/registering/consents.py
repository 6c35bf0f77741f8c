"""What people consented to: a row for every box they were shown, and one for every change since."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Select, Table, func, insert, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.clock import now
from app.db import connection_of, db, transaction
from app.domain.errors import DomainError
from app.domain.registering.notices import AGE, Consent, ConsentKind
from app.models import ConsentRecord, Meetup, Registration
from app.reading import among
from app.services import audit
from app.services.organizing import notices
from app.services.registering import answer_sheets, question_sets

_TYPES = {name: column.type for name, column in ConsentRecord.__table__.c.items() if name != "id"}
_NAMES = list(_TYPES)
NEWS = re.compile(rf"{ConsentKind.MARKETING.value}(-\d+)?")  # as `free_key` makes its keys
_APPEND = insert(cast("Table", ConsentRecord.__table__)).inline()


@dataclass(frozen=True, slots=True)
class Standing:
    """One consent as it stands, with the text that was shown. `at` None: never asked."""

    consent: Consent
    given: bool
    at: dt.datetime | None
    version: int


def record(
    connection: Connection,
    registration_id: int,
    boxes: Mapping[str, bool],
    *,
    notice_version: int,
    at: dt.datetime,
    actor: str = audit.PERSON,
) -> None:
    """Append what was said to these boxes; in the caller's transaction and in one statement. No news from here: none from the
    programme's other meetups, whatever was said there before (docs/decisions/0027-consents.md)."""
    if not boxes:
        return
    about = {"registration_id": registration_id, "notice_version": notice_version, "at": at, "actor": actor}
    said = [about | {"key": key, "given": given} for key, given in boxes.items()]
    asked = [given for key, given in boxes.items() if NEWS.fullmatch(key)]
    if not asked or any(asked):
        connection.execute(_APPEND, said)
        return
    elsewhere = _news_elsewhere(registration_id, about)
    rows = union_all(
        *(select(*(literal(row[name], _TYPES[name]) for name in _NAMES)) for row in said), elsewhere
    )
    written = _APPEND.from_select(_NAMES, rows).returning(ConsentRecord.registration_id, ConsentRecord.key)
    for row in connection.execute(written).all():
        if row.registration_id != registration_id:
            _note_no_news(connection, row.registration_id, row.key, actor)


def _news_elsewhere(registration_id: int, about: Mapping[str, Any]) -> Select[Any]:
    """Withdrawals of the consents to news that stand at the same person's other registrations."""
    mine, other = aliased(Registration), aliased(Registration)
    row, newest = aliased(ConsentRecord), aliased(ConsentRecord)
    same = newest.registration_id == row.registration_id, newest.key == row.key
    values: dict[str, Any] = {**about, "given": False}
    own = {"registration_id": row.registration_id, "key": row.key, "notice_version": row.notice_version}
    return (
        select(*(own.get(name, literal(values.get(name), _TYPES[name])) for name in _NAMES))
        .join(other, other.id == row.registration_id)
        .join(mine, mine.person_id == other.person_id)
        .where(mine.id == registration_id, other.id != registration_id, row.given)
        .where(row.key.startswith(ConsentKind.MARKETING.value))
        .where(row.id == select(func.max(newest.id)).where(*same).correlate(row).scalar_subquery())
    )


def are_one(session: Session, people: tuple[int, int], actor: str) -> None:
    """These two turn out to be one: a no to news that either of them said takes back what the other had agreed to before.
    In the caller's transaction, while it still stands which registrations are whose."""
    connection, at = connection_of(session), now()
    for row in connection.execute(_agreed_before_a_no(people)).all():
        withdrawn = row._asdict() | {"given": False, "at": at, "actor": actor}
        connection.execute(_APPEND, [withdrawn])
        _note_no_news(connection, row.registration_id, row.key, actor)


def _agreed_before_a_no(people: tuple[int, int]) -> Select[int, str, int]:
    """Whoever left one of several boxes for news, and ticked another, has said no to that one alone."""
    agreeing, refusing = aliased(Registration), aliased(Registration)
    row, newest, no, beside = (aliased(ConsentRecord) for _ in range(4))
    same = newest.registration_id == row.registration_id, newest.key == row.key
    news = ConsentKind.MARKETING.value
    wanted_some = select(beside.id).where(
        beside.registration_id == no.registration_id,
        beside.at == no.at,
        beside.key.startswith(news),
        beside.given,
    )
    said_no = (
        select(no.id)
        .join(refusing, refusing.id == no.registration_id)
        .where(refusing.person_id.in_(people), refusing.person_id != agreeing.person_id, no.id > row.id)
        .where(no.key.startswith(news), ~no.given, no.actor == audit.PERSON, ~wanted_some.exists())
    )
    return (
        select(row.registration_id, row.key, row.notice_version)
        .join(agreeing, agreeing.id == row.registration_id)
        .where(agreeing.person_id.in_(people), row.key.startswith(news), row.given)
        .where(row.id == select(func.max(newest.id)).where(*same).correlate(row).scalar_subquery())
        .where(said_no.correlate(agreeing, row).exists())
        .order_by(row.registration_id, row.key)
    )


def _note_no_news(connection: Connection, registration_id: int, key: str, actor: str) -> None:
    program = (select(Meetup.program_id).join(Registration, Registration.meetup_id == Meetup.id)).where(
        Registration.id == registration_id
    )
    audit.record(
        connection,
        "consents.changed",
        f"registration:{registration_id}",
        actor,
        program_id=connection.scalar(program),
        given={key: False},
    )


def of_registration(registration: Registration) -> list[Standing]:
    """Every consent that the meetup asks for now, and those given that it no longer asks for.

    A consent that stands shows the text that it was given to; one that doesn't, the text of now.
    """
    meetup, asked = registration.meetup, notices.current(registration.meetup)
    newest = _newest([registration.id]).get(registration.id, {})
    given = {key: _as_given(meetup, row) for key, row in newest.items() if row.given and key != AGE}
    still = [
        given.get(consent.key) or _open(consent, newest.get(consent.key), meetup)
        for consent in asked.consents
    ]
    return [*still, *(standing for key, standing in given.items() if not asked.consent(key))]


def declared_age(registration_id: int) -> ConsentRecord | None:
    """The record of having said to be 14 or older."""
    return _newest([registration_id]).get(registration_id, {}).get(AGE)


def history(registration_id: int) -> Sequence[ConsentRecord]:
    """All rows, the oldest first."""
    query = select(ConsentRecord).where(ConsentRecord.registration_id == registration_id)
    return db.session.scalars(query.order_by(ConsentRecord.id)).all()


def withdraw(registration_id: int, key: str, actor: str, reason: str) -> bool:
    """At the desk, for somebody who asked for it; whether it stood until now. Giving stays with the person."""
    return bool(change(registration_id, {key: False}, actor, reason))


def change(
    registration_id: int, boxes: Mapping[str, bool], actor: str = audit.PERSON, reason: str = ""
) -> list[str]:
    """Give or withdraw consents; the keys that changed. Saying the same again changes nothing.

    Withdrawing is possible at any time; only what the meetup asks for now can be given.
    """
    meetup_id = db.session.get_one(Registration, registration_id).meetup_id
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        registration = session.get_one(Registration, registration_id)
        standing = {each.consent.key: each for each in of_registration(registration)}
        changed = {k: v for k, v in boxes.items() if k in standing and standing[k].given != v}
        asked = notices.current(meetup)
        if any(given and not asked.consent(key) for key, given in changed.items()):
            raise DomainError("texts_changed")
        record(
            connection_of(session),
            registration_id,
            changed,
            notice_version=meetup.notice_version,
            at=now(),
            actor=actor,
        )
        _forget_answers(session, registration, {key for key, given in changed.items() if not given})
        if changed:
            audit.record(
                session,
                "consents.changed",
                registration,
                actor,
                program_id=meetup.program_id,
                reason=reason,
                given=changed,
            )
        return list(changed)


def _forget_answers(session: Session, registration: Registration, withdrawn: set[str]) -> None:
    """Sensitive answers go with the consent that they rested on, out of the history, too."""
    if not withdrawn:
        return
    versions = {sheet.questions_version for sheet in answer_sheets.of_registration(registration.id)}
    keys = {
        question.key
        for questions in question_sets.versions(registration.meetup_id, versions).values()
        for question in questions.questions
        if question.consent in withdrawn
    }
    answer_sheets.erase(session, registration.id, keys)


def given_by(registration_ids: Collection[int]) -> dict[int, dict[str, bool]]:
    """registration id → key → whether it stands, for those who were asked."""
    rows = db.session.execute(
        select(ConsentRecord.registration_id, ConsentRecord.key, ConsentRecord.given)
        .where(among(ConsentRecord.registration_id, registration_ids))
        .order_by(ConsentRecord.id)
    )
    found: dict[int, dict[str, bool]] = {}
    for row in rows:
        found.setdefault(row.registration_id, {})[row.key] = row.given
    return found


def consented(key: str) -> ColumnElement[bool]:
    """In a statement about registrations: whether this consent stands."""
    return _last_said(key, given=True)


def refused(key: str) -> ColumnElement[bool]:
    """In a statement about registrations: whether they said no to this, or took it back. Never asked is no refusal."""
    return _last_said(key, given=False)


def asked(key: str) -> ColumnElement[bool]:
    """In a statement about registrations: whether they were asked for this consent, whatever they said."""
    row = aliased(ConsentRecord)
    said = select(row.id).where(row.registration_id == Registration.id, row.key == key)
    return said.correlate(Registration).exists()


def _last_said(key: str, *, given: bool) -> ColumnElement[bool]:
    newest, row = aliased(ConsentRecord), aliased(ConsentRecord)
    last = (
        select(func.max(newest.id))
        .where(newest.registration_id == Registration.id, newest.key == key)
        .correlate(Registration)
        .scalar_subquery()
    )
    # The key once more: PostgreSQL reads all records of this key at once, and not those of every key.
    said = row.given if given else ~row.given
    return select(row.id).where(row.id == last, row.key == key, said).correlate(Registration).exists()


def _newest(registration_ids: Iterable[int]) -> dict[int, dict[str, ConsentRecord]]:
    query = select(ConsentRecord).where(ConsentRecord.registration_id.in_(registration_ids))
    found: dict[int, dict[str, ConsentRecord]] = {}
    for row in db.session.scalars(query.order_by(ConsentRecord.id)):
        found.setdefault(row.registration_id, {})[row.key] = row
    return found


def _as_given(meetup: Meetup, row: ConsentRecord) -> Standing:
    consent = notices.version(meetup.id, row.notice_version).consent(row.key)
    if consent is None:
        raise LookupError(f"a consent to {row.key} in version {row.notice_version}, which has none")
    return Standing(consent, True, row.at, row.notice_version)


def _open(consent: Consent, row: ConsentRecord | None, meetup: Meetup) -> Standing:
    if row is None:
        return Standing(consent, False, None, meetup.notice_version)
    return Standing(consent, False, row.at, row.notice_version)
