"""The words of a change that the audit trail leaves out: which tag, from what to what. They stand in the history of whom they
are about, and go with that registration's data; the trail has an id by which they are found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.db import db
from app.domain import tokens
from app.domain.writing.naming import GONE
from app.models import Registration, RegistrationTag, Tag, ToldChange

TAG = "tag"
Told = tuple[str, str, str]
"""What changed, and how it was called before and after; empty for nothing."""


def keep(session: Session, changes: Mapping[int, Sequence[Told]]) -> str:
    """By registration, in the caller's transaction; the id for the trail."""
    change = tokens.uid()
    rows = [
        {"registration_id": number, "change": change, "part": part, "before": before, "after": after}
        for number, told in sorted(changes.items())
        for part, before, after in told
    ]
    if rows:
        session.execute(insert(ToldChange), rows)
    return change


def of_tags(before: Iterable[str], after: Iterable[str]) -> list[Told]:
    """Those that came, then those that went."""
    had, has = set(before), set(after)
    return [(TAG, "", name) for name in sorted(has - had)] + [(TAG, name, "") for name in sorted(had - has)]


def of_registration(registration_id: int) -> Mapping[str, Sequence[Told]]:
    """By the id that the trail has."""
    query = select(ToldChange).where(ToldChange.registration_id == registration_id)
    found: defaultdict[str, list[Told]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(ToldChange.id)):
        found[row.change].append((row.part, row.before, row.after))
    return found


def tags_changed(
    session: Session, changes: Collection[str], registrations: Collection[int]
) -> Mapping[int, list[Told]]:
    """By registration, of these, which tags came and went with these ids of the trail."""
    theirs = ToldChange.registration_id.in_(registrations), ToldChange.part == TAG
    query = select(ToldChange).where(*theirs, ToldChange.change.in_(changes))
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in session.scalars(query.order_by(ToldChange.id)):
        found[row.registration_id].append((row.part, row.before, row.after))
    return found


def tags_of(session: Session, registrations: Sequence[int]) -> set[tuple[int, str]]:
    """Each tag that they have or had, with its meetup."""
    of_these = ToldChange.registration_id.in_(registrations), ToldChange.part == TAG
    told = select(Registration.meetup_id, ToldChange.before, ToldChange.after).join(
        Registration, Registration.id == ToldChange.registration_id
    )
    found = {(row[0], word) for row in session.execute(told.where(*of_these)) for word in row[1:] if word}
    held = select(Tag.meetup_id, Tag.name).join(RegistrationTag, RegistrationTag.tag_id == Tag.id)
    rows = session.execute(held.where(RegistrationTag.registration_id.in_(registrations)))
    return found | {(row.meetup_id, row.name) for row in rows}


def forget_unused(session: Session, words: Iterable[tuple[int, str]]) -> None:
    """Of these tags, those that nobody has any more, also in the history of others."""
    by_meetup: defaultdict[int, set[str]] = defaultdict(set)
    for meetup_id, word in words:
        by_meetup[meetup_id].add(word)
    for meetup_id, said in by_meetup.items():
        used = select(Tag.name).where(Tag.meetup_id == meetup_id, Tag.name.in_(said))
        gone = said.difference(session.scalars(used))
        here = ToldChange.registration_id.in_(
            select(Registration.id).where(Registration.meetup_id == meetup_id)
        )
        for column in ("before", "after"):
            theirs = update(ToldChange).where(here, getattr(ToldChange, column).in_(gone))
            session.execute(theirs.values({column: GONE}).execution_options(synchronize_session=False))
