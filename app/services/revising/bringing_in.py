"""A kept upload, brought in once: its way back is kept before anything changes, for two hours and for its uploader alone."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import db
from app.domain.revising.way_back import WayBack, load
from app.models import Meetup, RosterUpload
from app.services.alumni import roster_uploads
from app.services.alumni.rosters import Source
from app.services.revising.applying import Applied, apply
from app.services.revising.looking import Words


@dataclass(frozen=True)
class Decided:
    """What somebody decided on a preview. `seen`: its digest; `back_name`: what the way back is called."""

    actor: str
    reason: str
    over: bool
    seen: str
    back_name: str


def source_of(upload: RosterUpload) -> Source | WayBack:
    """Raises `upload_gone` when a clean-up was quicker."""
    source = roster_uploads.source_of(upload)
    return source if upload.takes_back is None else load(source.data)


def bring_in(upload: RosterUpload, meetup_id: int, words: Words, decided: Decided) -> tuple[Applied, str]:
    """And the way back's reference; "" where there is none. A second press while it goes on is refused."""
    kept: list[tuple[RosterUpload, WayBack]] = []

    def keep(before: WayBack) -> None:
        if before.rows:
            name, number = decided.back_name, len(before.rows)
            meetup = db.session.get_one(Meetup, meetup_id)
            way = roster_uploads.keep_way_back(meetup, upload.account_id, before.data, name, number)
            kept.append((way, before))

    with roster_uploads.busy(upload.id):
        done = apply(
            meetup_id,
            source_of(upload),
            words,
            decided.actor,
            decided.reason,
            over=decided.over,
            seen=decided.seen,
            keep=keep,
        )
    return done, _settled(kept, done.before)


def _settled(kept: list[tuple[RosterUpload, WayBack]], before: WayBack) -> str:
    """Of what was refused there is nothing to take back."""
    if not kept:
        return ""
    ((way, planned),) = kept
    if not before.rows:
        roster_uploads.discard(way.id, way.reference)
        return ""
    if before != planned:
        roster_uploads.rewrite_way_back(way.reference, before.data, len(before.rows))
    return way.reference
