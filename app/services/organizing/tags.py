"""Tags on a meetup's registrations: set and taken by one or by many, listed, gone with the last who had them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering.tags import MOST, tag_key, unique
from app.models import Meetup, Registration, RegistrationTag, Tag
from app.reading import among
from app.services import audit
from app.services.organizing import told_changes

ACT = "registrations.tagged"


def change(
    meetup_id: int,
    registrations: Collection[int],
    actor: str,
    *,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    batch: str = "",
    reason: str = "",
) -> list[int]:
    """Put and take tags; the registrations that got or lost any. Twice is harmless. `batch`: what it is a piece of.

    The words stay out of the audit log: somebody may write a name. They stand in each one's history.
    """
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        before = of_registrations(registrations)
        added = put(session, meetup_id, registrations, add)
        removed = take(session, meetup_id, registrations, remove)
        if changed := sorted(added | removed):
            after = of_registrations(changed)
            told = {n: told_changes.of_tags(before.get(n, ()), after.get(n, ())) for n in changed}
            audit.record(
                session,
                ACT,
                meetup if len(changed) > 1 else f"{Registration.__tablename__}:{changed[0]}",
                actor,
                program_id=meetup.program_id,
                reason=reason,
                registrations=changed,
                added=len(added),
                removed=len(removed),
                batch=batch,
                change=told_changes.keep(session, told),
            )
        return changed


def put(session: Session, meetup_id: int, registrations: Collection[int], names: Sequence[str]) -> set[int]:
    """In the caller's transaction, which holds the meetup: who got one that they hadn't.

    Refused as `too_many_tags` where somebody would have more than anybody reads.
    """
    changed: set[int] = set()
    theirs = _of_meetup(session, meetup_id, registrations)
    for name in unique(names):
        tag = _found_or_made(session, meetup_id, name)
        have = set(session.scalars(_having(tag.id, theirs)))
        lack = [number for number in theirs if number not in have]
        if lack:
            rows = [{"registration_id": number, "tag_id": tag.id} for number in lack]
            session.execute(insert(RegistrationTag), rows)
        changed |= set(lack)
    if changed:
        _require_readable(session, changed)
    drop_unused(session, [meetup_id])
    return changed


def take(session: Session, meetup_id: int, registrations: Collection[int], names: Sequence[str]) -> set[int]:
    """In the caller's transaction, which holds the meetup: who had one of them."""
    keys = [tag_key(name) for name in names]
    wanted = select(Tag.id).where(Tag.meetup_id == meetup_id, Tag.key.in_(keys))
    numbers = session.scalars(wanted).all()
    if not numbers:
        return set()
    theirs = RegistrationTag.tag_id.in_(numbers), RegistrationTag.registration_id.in_(registrations)
    had = set(session.scalars(select(RegistrationTag.registration_id).where(*theirs)))
    session.execute(delete(RegistrationTag).where(*theirs).execution_options(synchronize_session=False))
    drop_unused(session, [meetup_id])
    return had


def drop_unused(session: Session, meetups: Collection[int]) -> None:
    """A tag that nobody has is a word about nobody."""
    used = select(RegistrationTag.id).where(RegistrationTag.tag_id == Tag.id).exists()
    unused = delete(Tag).where(Tag.meetup_id.in_(meetups), ~used)
    session.execute(unused.execution_options(synchronize_session=False))


def of_registrations(registrations: Collection[int]) -> Mapping[int, list[str]]:
    """Their tags by registration, each's by name; one query."""
    query = _named().where(among(RegistrationTag.registration_id, registrations))
    return _by_registration(db.session.execute(query))


def of_meetup(meetup_id: int) -> Sequence[str]:
    """The tags that registrations of the meetup have, by name."""
    return db.session.scalars(select(Tag.name).where(Tag.meetup_id == meetup_id).order_by(Tag.name)).all()


def having(meetup_id: int, names: Collection[str]) -> Any:
    """A query for the ids of this meetup's registrations that have any of these tags, to be part of another."""
    keys = sorted({tag_key(name) for name in names})
    return (
        select(RegistrationTag.registration_id)
        .join(Tag, Tag.id == RegistrationTag.tag_id)
        .where(Tag.meetup_id == meetup_id, Tag.key.in_(keys))
    )


def _found_or_made(session: Session, meetup_id: int, name: str) -> Tag:
    key = tag_key(name)
    tag = session.scalars(select(Tag).where(Tag.meetup_id == meetup_id, Tag.key == key)).one_or_none()
    if tag is None:
        tag = Tag(meetup_id=meetup_id, name=name, key=key)
        session.add(tag)
        session.flush()
    return tag


def _of_meetup(session: Session, meetup_id: int, registrations: Collection[int]) -> Sequence[int]:
    query = select(Registration.id).where(Registration.meetup_id == meetup_id)
    return session.scalars(query.where(Registration.id.in_(registrations)).order_by(Registration.id)).all()


def _having(tag_id: int, registrations: Collection[int]) -> Any:
    return select(RegistrationTag.registration_id).where(
        RegistrationTag.tag_id == tag_id, RegistrationTag.registration_id.in_(registrations)
    )


def _require_readable(session: Session, registrations: Collection[int]) -> None:
    full = (
        select(RegistrationTag.registration_id)
        .where(RegistrationTag.registration_id.in_(registrations))
        .group_by(RegistrationTag.registration_id)
        .having(func.count() > MOST)
    )
    if session.scalars(full.limit(1)).first() is not None:
        raise DomainError("too_many_tags", limit=MOST)


def _named() -> Any:
    query = select(RegistrationTag.registration_id, Tag.name).join(Tag, Tag.id == RegistrationTag.tag_id)
    return query.order_by(Tag.name)


def _by_registration(rows: Any) -> Mapping[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for number, name in rows:
        found[number].append(name)
    return found
