"""A meetup's notice and its consents: each change is a new version, and the old ones stay readable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.registering import notice_texts
from app.domain.registering.notices import Notice, require_whole
from app.domain.writing.words import Words
from app.models import Meetup, NoticeVersion, Program, TemplateKind
from app.services import audit
from app.services.organizing import text_templates
from app.services.personal import keeping

OWN_TEXT = "notice"  # the one notice that a programme keeps
NONE = Notice()


def version(meetup_id: int, number: int) -> Notice:
    """That version; an empty notice where there is none."""
    if not number:
        return NONE
    content = db.session.scalars(
        select(NoticeVersion.content).where(
            NoticeVersion.meetup_id == meetup_id, NoticeVersion.version == number
        )
    ).one()
    return Notice.of(content)


def current(meetup: Meetup) -> Notice:
    """What people are shown now; empty for a meetup that has no notice yet."""
    return version(meetup.id, meetup.notice_version)


def versions(meetup_id: int) -> Sequence[NoticeVersion]:
    """All that there were, the newest first."""
    query = select(NoticeVersion).where(NoticeVersion.meetup_id == meetup_id)
    return db.session.scalars(query.order_by(NoticeVersion.version.desc())).all()


def save(meetup_id: int, notice: Notice, actor: str, *, based_on: int) -> int:
    """Show this notice from now on, as a new version; its number. Raises `Unusable` for one with a gap.

    `based_on`: the version that was edited. Another one since then is refused as `notice_changed`.
    """
    require_whole(notice)
    with transaction() as session:
        meetup = Meetup.locked(session, meetup_id)
        if meetup.notice_version != based_on:
            raise DomainError("notice_changed", version=meetup.notice_version)
        if notice != current(meetup):
            _append(session, meetup, notice, actor)
            audit.record(
                session,
                "notice.saved",
                meetup,
                actor,
                program_id=meetup.program_id,
                version=meetup.notice_version,
                boxes=list(notice.boxes),
            )
        return meetup.notice_version


def begin(session: Session, meetup: Meetup, actor: str) -> None:
    """Give a new meetup the programme's own notice, or the ready-made one; in the caller's transaction."""
    program = session.get_one(Program, meetup.program_id)
    kept = text_templates.of(session, program.id, TemplateKind.NOTICE).get(OWN_TEXT)
    _append(session, meetup, Notice.of(kept) if kept else ready_made(program), actor)


def copy(session: Session, original: Meetup, meetup: Meetup, actor: str) -> None:
    """Give a copied meetup the original's notice as its first version; in the caller's transaction."""
    if original.notice_version:
        _append(session, meetup, current(original), actor)
    else:
        begin(session, meetup, actor)


def keep(program_id: int, notice: Notice, actor: str) -> None:
    """Begin the programme's next meetups with this notice. Raises `Unusable` for one with a gap."""
    require_whole(notice)
    text_templates.keep(program_id, TemplateKind.NOTICE, OWN_TEXT, notice.stored(), actor)


def ready_made(program: Program) -> Notice:
    ready = notice_texts.notice(Words(program.name_ko, program.name_en))
    return replace(ready, kept_days=program.kept_days or ready.kept_days)


def _append(session: Session, meetup: Meetup, notice: Notice, actor: str) -> None:
    session.flush()
    meetup.notice_version += 1
    session.add(
        NoticeVersion(
            meetup_id=meetup.id, version=meetup.notice_version, content=notice.stored(), actor=actor
        )
    )
    session.flush()
    keeping.follow(session, meetup)
