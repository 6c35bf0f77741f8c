"""Where organizers wrote an erased person's name to many, or about somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.models import (
    ExtraBadge,
    InsideNote,
    InvitationBatch,
    Meetup,
    MeetupMove,
    Message,
    Person,
    PrintedBadge,
    Registration,
    RegistrationNote,
    RegistrationTag,
    RosterEntry,
    SavedView,
    Story,
    StoryPhoto,
    TableSeat,
    Tag,
)

SHORTEST_NAME = 2  # a shorter one stands in any text
GONE = "···"
TO_MANY: tuple[tuple[Any, str], ...] = (
    (InvitationBatch, "words"),
    (MeetupMove, "note"),
    (InsideNote, "words_ko"),
    (InsideNote, "words_en"),
    (Story, "words_ko"),
    (Story, "words_en"),
    (StoryPhoto, "caption_ko"),
    (StoryPhoto, "caption_en"),
    (StoryPhoto, "asked_words"),
    *((Message, column) for column in ("subject_ko", "subject_en", "words_ko", "words_en")),
)


def forget(session: Session, person: Person) -> None:
    """In the caller's transaction, while the person and their roster entries still have their names."""
    meetups = select(Meetup.id).where(Meetup.program_id == person.program_id)
    names = _names(session, person)
    for table, column in TO_MANY:
        if says := [getattr(table, column).contains(name, autoescape=True) for name in names]:
            overwrite(session, table, table.meetup_id.in_(meetups), or_(*says), **{column: ""})
    for name in names:
        _forget_beside_others(session, meetups, name)
        _forget_tags(session, meetups, name)
        _forget_badges(session, meetups, name)
        _drop_views(session, person.program_id, name)


def overwrite(session: Session, model: type, *where: ColumnElement[bool], **values: object) -> None:
    session.execute(update(model).where(*where).values(**values).execution_options(synchronize_session=False))


def _names(session: Session, person: Person) -> Sequence[str]:
    entries = session.execute(
        select(RosterEntry.name, RosterEntry.other_name).where(RosterEntry.person_id == person.id)
    )
    known = {person.name, *(name for entry in entries for name in entry)}
    return sorted(name for name in known if name and len(name) >= SHORTEST_NAME)


def _forget_beside_others(session: Session, meetups: Select[Any], name: str) -> None:
    """Where a note about somebody else says the name, or with whom they sit, the name goes. Whoever sat together still does."""
    here = select(Registration.id).where(Registration.meetup_id.in_(meetups))
    for table, column in ((RegistrationNote, "words"), (TableSeat, "beside")):
        words = getattr(table, column)
        says = table.registration_id.in_(here), words.contains(name, autoescape=True)
        overwrite(session, table, *says, **{column: func.replace(words, name, GONE)})


def _forget_tags(session: Session, meetups: Select[Any], name: str) -> None:
    """Tags that say the name go. A message to those who had one reaches nobody by it, rather than everybody."""
    called = select(Tag.id).where(Tag.meetup_id.in_(meetups), Tag.name.contains(name, autoescape=True))
    numbers = session.scalars(called).all()
    for table, column in ((RegistrationTag, RegistrationTag.tag_id), (Tag, Tag.id)):
        gone = delete(table).where(column.in_(numbers))
        session.execute(gone.execution_options(synchronize_session=False))
    for message in session.scalars(select(Message).where(Message.meetup_id.in_(meetups))):
        tags = message.chosen.get("tags", ())
        if any(name in tag for tag in tags):
            message.chosen = message.chosen | {"tags": [tag.replace(name, GONE) for tag in tags]}


def _forget_badges(session: Session, meetups: Select[Any], name: str) -> None:
    """Badges without a registration: one that is theirs goes, and from the line of another's goes the name."""
    here, words = ExtraBadge.meetup_id.in_(meetups), ExtraBadge.line
    theirs = session.scalars(select(ExtraBadge.id).where(here, ExtraBadge.name == name)).all()
    for table, column in ((PrintedBadge, PrintedBadge.extra_id), (ExtraBadge, ExtraBadge.id)):
        gone = delete(table).where(column.in_(theirs))
        session.execute(gone.execution_options(synchronize_session=False))
    says = here, words.contains(name, autoescape=True)
    overwrite(session, ExtraBadge, *says, line=func.replace(words, name, GONE))


def _drop_views(session: Session, program_id: int, name: str) -> None:
    """Views of lists that are called by the name, or look for a tag that is."""
    says = or_(*(column.contains(name, autoescape=True) for column in (SavedView.name, SavedView.query)))
    views = delete(SavedView).where(SavedView.program_id == program_id, says)
    session.execute(views.execution_options(synchronize_session=False))
