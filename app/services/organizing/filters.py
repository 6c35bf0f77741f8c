"""What lists of a meetup's registrations are restricted to."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.domain.hosting.matching import HostListed
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import ACTIVE, Status
from app.domain.registering.still_coming import Reply

NO_COHORT = -1  # among ordinals: those without one


class MailStanding(enum.StrEnum):
    DEAD = "dead"  # no mail arrives at the address of the registration
    FAILED = "failed"  # a mail of this meetup was given up
    WAITING = "waiting"  # one is still on its way
    SENT = "sent"  # one went out, at least
    NONE = "none"  # none ever went out


@dataclass(frozen=True)
class Filter:
    """Which registrations: any of these states, any of these cohorts (by ordinal, or `NO_COHORT`), matching
    a search.

    Empty means no restriction, except that `statuses` empty means those that have not ended.
    `given_only`: the search looks at names and at what was given this meetup, at nothing else that the programme knows.
    `consents`: only those by whom every one of these stands, `unconsented`: none of these, refused or never asked of them;
    `refused`: they said no to every one of these, or took it back; `unasked`: none of these was asked of them. `unanswered`: questions to which they themselves said nothing. `reply`: what became of the question if they still
    come; a "no" is looked for among those who cancelled.
    """

    statuses: frozenset[Status] = frozenset()
    cohorts: frozenset[int] = frozenset()
    search: str = ""
    given_only: bool = False
    arrived: bool | None = None
    consents: frozenset[str] = frozenset()
    reply: Reply | None = None
    paid: bool | None = None  # the meetup's fee
    host_entry: HostEntry | None = None
    no_show: bool = False  # of a meetup that is over and recorded
    tags: frozenset[str] = frozenset()  # any of them
    answers: frozenset[tuple[str, str]] = frozenset()  # question and option: any of each question's
    mail: frozenset[MailStanding] = frozenset()  # any of them
    only: frozenset[str] = frozenset()  # these, by their references, whatever their state
    unconsented: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    unasked: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()
    untagged: bool = False  # or any of `tags`
    companions: bool | None = None  # whether somebody comes with them
    walk_in: bool | None = None
    host_listed: HostListed | None = None

    @property
    def states(self) -> frozenset[Status]:
        usual = frozenset({Status.CANCELLED}) if self.reply is Reply.NO else ACTIVE
        usual = frozenset(Status) if self.only else usual
        return self.statuses or usual
