"""Where organizers wrote an erased person's name to many, or about somebody else: the name goes, the text stays.

In texts only names that the office gave are looked for: a roster's, and of whom an organizer added by hand. What
anybody types at the door, in a list check or in a form could be any word. A search for nothing but their name, address
or phone goes, whoever they are; but not for a word that they gave as a name where a search means others by it, such as
a cohort, the end of a phone number or what others have in their addresses.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, false, or_, select, true, update
from sqlalchemy.orm import Session

from app.domain.door.phones import digits_of
from app.domain.registering.tags import tag_key
from app.domain.writing import naming
from app.domain.writing.cohort_words import cohort_in
from app.domain.writing.names import name_key
from app.models import (
    ExtraBadge,
    InsideNote,
    InvitationBatch,
    MailState,
    Meetup,
    MeetupMove,
    Message,
    OutboxMail,
    Person,
    PersonPhone,
    PrintedBadge,
    Registration,
    RegistrationNote,
    RosterEntry,
    SavedView,
    Source,
    Story,
    StoryPhoto,
    TableSeat,
    Tag,
    ToldChange,
)
from app.services.alumni import people_search

NAMING_VIEWS = ("tag", "q")  # arguments of a kept view that can name somebody
INVITING, MOVING = ("invitation", "invitation_reminder"), ("meetup_moved",)


@dataclass(frozen=True)
class Kind:
    """What is written to many; `stands` says of which of it others see, or soon get, every word."""

    called: str
    table: Any
    columns: tuple[str, ...]
    stands: ColumnElement[bool]


@dataclass(frozen=True, order=True)
class Named:
    """A text that said the name, and whether it says it still."""

    called: str
    meetup_id: int
    stands: bool


def _owed(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(OutboxMail.id).where(OutboxMail.state == MailState.QUEUED, *conditions).exists()


_SCHEDULED = Message.begins_at.is_not(None) & Message.begun_at.is_(None) & Message.stopped_at.is_(None)
_TOLD = (
    select(Story.id).where(Story.meetup_id == StoryPhoto.meetup_id, Story.published_at.is_not(None)).exists()
)
KINDS = (
    Kind("story", Story, ("words_ko", "words_en"), Story.published_at.is_not(None)),
    Kind("photo", StoryPhoto, ("caption_ko", "caption_en"), _TOLD),
    Kind("photo", StoryPhoto, ("asked_words",), false()),
    Kind("inside_note", InsideNote, ("words_ko", "words_en"), true()),
    Kind(
        "message",
        Message,
        ("subject_ko", "subject_en", "words_ko", "words_en"),
        _SCHEDULED | _owed(OutboxMail.of_message == Message.id),
    ),
    Kind(
        "invitation",
        InvitationBatch,
        ("words",),
        _owed(OutboxMail.meetup_id == InvitationBatch.meetup_id, OutboxMail.kind.in_(INVITING)),
    ),
    Kind(
        "move",
        MeetupMove,
        ("note",),
        _owed(OutboxMail.meetup_id == MeetupMove.meetup_id, OutboxMail.kind.in_(MOVING)),
    ),
)


def forget(session: Session, person: Person, keys: Collection[str]) -> list[Named]:
    """In the caller's transaction, while the person's roster entries and registrations are there. The texts to many that
    said a name: published and owed ones are left as they are, for organizers to look at. `keys`: of their addresses."""
    meetups = select(Meetup.id).where(Meetup.program_id == person.program_id)
    names, is_given = _names(session, person)
    sought = {cohort_in(name)[1] for name in names} - {""}
    if not is_given:
        sought = {word for word in sought if people_search.means(word, person)}
    theirs = {*map(name_key, sought), *keys, *_phones(session, person)}
    _forget_searches(session, person.program_id, meetups, theirs)
    if not names or not is_given:
        return []
    words: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (RegistrationNote, ("words",)),
        (TableSeat, ("beside",)),
        (ToldChange, ("before", "after")),
    )
    for table, columns in words:
        here = select(Registration.id).where(Registration.meetup_id.in_(meetups))
        _replace(session, table, columns, names, table.registration_id.in_(here))
    _forget_told_tags(session, meetups, names)
    _forget_badges(session, meetups, names)
    _rename_views(session, person.program_id, names, _rename_tags(session, meetups, names))
    return sorted({each for kind in KINDS for each in _forget_in(session, kind, meetups, names)})


def overwrite(session: Session, model: type, *where: ColumnElement[bool], **values: object) -> None:
    session.execute(update(model).where(*where).values(**values).execution_options(synchronize_session=False))


def _names(session: Session, person: Person) -> tuple[Sequence[str], bool]:
    """And whether the office gave them, so that they can be looked for in texts."""
    query = select(RosterEntry.name, RosterEntry.other_name).where(RosterEntry.person_id == person.id)
    entries = session.execute(query).all()
    added = select(Registration.id).where(
        Registration.person_id == person.id, Registration.source == Source.ADDED
    )
    known = {person.name, *(name for entry in entries for name in entry)}
    is_given = bool(entries) or session.scalar(added.limit(1)) is not None
    return sorted(name for name in known if name and len(name) >= naming.SHORTEST), is_given


def _forget_in(session: Session, kind: Kind, meetups: Select[Any], names: Sequence[str]) -> list[Named]:
    here = kind.table.meetup_id.in_(meetups)
    texts = [getattr(kind.table, column) for column in kind.columns]
    query = select(kind.table.meetup_id, *texts).where(here, kind.stands, _holds(texts, names))
    standing = {row[0] for row in session.execute(query) if any(naming.says(text, names) for text in row[1:])}
    changed = _replace(session, kind.table, kind.columns, names, here, ~kind.stands)
    numbers = select(kind.table.meetup_id).where(kind.table.id.in_(changed))
    return [
        *(Named(kind.called, number, True) for number in standing),
        *(Named(kind.called, number, False) for number in session.scalars(numbers)),
    ]


def _replace(
    session: Session,
    table: Any,
    columns: Sequence[str],
    names: Sequence[str],
    *where: ColumnElement[bool],
) -> set[int]:
    """Which rows said a name. A text that somebody is changing at this moment is left to them."""
    texts, changed = [getattr(table, column) for column in columns], set()
    for number, *said in session.execute(select(table.id, *texts).where(*where, _holds(texts, names))).all():
        for column, text in zip(columns, said, strict=True):
            if (left := naming.without(text, names)) != text:
                same = table.id == number, getattr(table, column) == text
                overwrite(session, table, *same, **{column: left})
                changed.add(number)
    return changed


def _forget_told_tags(session: Session, meetups: Select[Any], names: Sequence[str]) -> None:
    """In histories, also of tags that are no more: one that is their name, however it was spaced."""
    keys, here = {tag_key(name) for name in names}, Registration.meetup_id.in_(meetups)
    of_these = ToldChange.registration_id.in_(select(Registration.id).where(here))
    for column in ("before", "after"):
        word = getattr(ToldChange, column)
        told = session.scalars(select(word).where(of_these, ToldChange.part == "tag").distinct()).all()
        theirs = [each for each in told if each and tag_key(each) in keys]
        overwrite(session, ToldChange, of_these, word.in_(theirs), **{column: naming.GONE})


def _forget_badges(session: Session, meetups: Select[Any], names: Sequence[str]) -> None:
    """Badges without a registration: one that is theirs goes, and from the line of another's goes the name."""
    here = ExtraBadge.meetup_id.in_(meetups)
    theirs = session.scalars(select(ExtraBadge.id).where(here, ExtraBadge.name.in_(names))).all()
    for table, column in ((PrintedBadge, PrintedBadge.extra_id), (ExtraBadge, ExtraBadge.id)):
        gone = delete(table).where(column.in_(theirs))
        session.execute(gone.execution_options(synchronize_session=False))
    _replace(session, ExtraBadge, ("line",), names, here)


def _holds(texts: Sequence[Any], names: Sequence[str]) -> ColumnElement[bool]:
    """What may say one of the names; `naming` decides."""
    return or_(*(text.icontains(name, autoescape=True) for text in texts for name in names))


Renamed = dict[tuple[int, str], str]


def _rename_tags(session: Session, meetups: Select[Any], names: Sequence[str]) -> Renamed:
    """Whoever has a tag keeps it, and messages reach those whom they would have reached. What a tag is called now, by
    meetup and key."""
    keys, found = {tag_key(name) for name in names}, Renamed()
    may_say = or_(Tag.key.in_(keys), _holds([Tag.name], names))
    for number, meetup_id, name, key in session.execute(
        select(Tag.id, Tag.meetup_id, Tag.name, Tag.key).where(Tag.meetup_id.in_(meetups), may_say)
    ).all():
        left = naming.GONE if key in keys else naming.without(name, names)
        if left != name:
            left = _free(left, partial(_has_tag, session, meetup_id))
            overwrite(session, Tag, Tag.id == number, name=left, key=tag_key(left))
            found[meetup_id, key] = left
    messages = select(Message.id, Message.meetup_id, Message.chosen).where(Message.meetup_id.in_(meetups))
    for number, meetup_id, chosen in session.execute(messages).all():
        tags = chosen.get("tags", ())
        called = [found.get((meetup_id, tag_key(tag))) or naming.without(tag, names) for tag in tags]
        if called != list(tags):
            overwrite(session, Message, Message.id == number, chosen=chosen | {"tags": called})
    return found


def _phones(session: Session, person: Person) -> set[str]:
    """Their digits: of the lists, and given with a registration."""
    listed = select(PersonPhone.digits).where(PersonPhone.person_id == person.id)
    given = select(Registration.phone).where(Registration.person_id == person.id)
    known = {*session.scalars(listed), *(digits_of(each or "") for each in session.scalars(given))}
    return {each for each in known if len(each) > people_search.LAST}  # the end of a number is many people's


def _forget_searches(session: Session, program_id: int, meetups: Select[Any], theirs: set[str]) -> None:
    """A message to whom a search finds reaches nobody by one that is their name, address or phone; and no kept view
    looks for it."""

    def means(text: str) -> bool:
        addresses = [each.casefold() for each in text.split() if "@" in each]
        named = name_key(cohort_in(text)[1])
        numbers = [] if any(map(str.isalpha, named)) else [digits_of(named)]
        return not theirs.isdisjoint({named, *addresses, *numbers})

    messages = select(Message.id, Message.chosen).where(Message.meetup_id.in_(meetups))
    for number, chosen in session.execute(messages).all():
        if means(chosen.get("search", "")):
            overwrite(session, Message, Message.id == number, chosen=chosen | {"search": naming.GONE})
    for view in session.scalars(select(SavedView).where(SavedView.program_id == program_id)):
        lines = [(line, line.partition("=")) for line in view.query.split("\n")]
        view.query = "\n".join(
            f"q={naming.GONE}" if key == "q" and means(value) else line for line, (key, _, value) in lines
        )


def _rename_views(session: Session, program_id: int, names: Sequence[str], tags: Renamed) -> None:
    """Views of lists that are called by the name, or look for a tag that was."""
    called = {key: name for (_meetup, key), name in tags.items()}
    for view in session.scalars(select(SavedView).where(SavedView.program_id == program_id)):
        lines = [_line(line, names, called) for line in view.query.split("\n")]
        view.query = "\n".join(lines)
        if (left := naming.without(view.name, names)) != view.name:
            of_owner = (
                SavedView.program_id == program_id,
                SavedView.account_id == view.account_id,
            )
            taken = set(session.scalars(select(SavedView.name).where(*of_owner)))
            view.name = _free(left, taken.__contains__)


def _line(line: str, names: Sequence[str], tags: dict[str, str]) -> str:
    key, _, value = line.partition("=")
    if key not in NAMING_VIEWS:
        return line
    return f"{key}={tags.get(tag_key(value)) or naming.without(value, names)}"


def _has_tag(session: Session, meetup_id: int, name: str) -> bool:
    query = select(Tag.id).where(Tag.meetup_id == meetup_id, Tag.key == tag_key(name))
    return session.scalar(query) is not None


def _free(wanted: str, is_taken: Callable[[str], bool]) -> str:
    """Two names that are gone don't make one of two tags."""
    numbered = (f"{wanted} {number}" for number in itertools.count(2))
    return next(each for each in itertools.chain([wanted], numbered) if not is_taken(each))
