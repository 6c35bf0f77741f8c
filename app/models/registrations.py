"""Registrations with their history, and the proof of an address that comes before them."""

from __future__ import annotations

import datetime as dt
import enum

from sqlalchemy import JSON, ColumnElement, Index, String, Text, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from app.db import EnumText
from app.domain.hosting.matching import HostListed
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import ENDED, Status
from app.domain.registering.still_coming import Answer, answer, released_at
from app.domain.seating.line_order import is_behind
from app.domain.writing.names import search_key
from app.models.base import BigId, CreatedAt, Id, Instant, Line, MaybeInstant, MaybeLine, Model, Short, link
from app.models.meetups import Meetup
from app.models.people import Person
from app.models.programs import Cohort

_ACTIVE = text("status NOT IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(ENDED))))
_WITH_COMPANIONS = text("companions > 0")
_WALKED_IN = text("source = 'walk_in'")
_CAME_IN = text("admitted_at IS NOT NULL")
_NAMES_COMPANIONS = text("companion_key != ''")
_WAS_COMPARED = text("host_listed IS NOT NULL")
_IS_OFFERED = text("offered_until IS NOT NULL")


class Source(enum.StrEnum):
    """How a registration came about."""

    PERSON = "person"  # by proving an address
    WALK_IN = "walk_in"  # at the door
    ELSEWHERE = "elsewhere"  # an organizer brought in what a form had collected
    ADDED = "added"  # by an organizer, one by one


class ProofAnswer(enum.StrEnum):
    """What the worker answered to an address by mail."""

    CODE = "code"
    NOT_ON_ROSTER = "not_on_roster"
    NOT_ELIGIBLE = "not_eligible"
    NOT_INVITED = "not_invited"


class AddressProof(Model):
    """Somebody's request to prove an address for one meetup.

    The row is the same for every address; only the worker, after the response, looks at the roster.
    The code and the link's secret are derived from `uid` (app/domain/tokens.py) and not stored.
    """

    __tablename__ = "address_proof"
    __table_args__ = (Index(None, "meetup_id", "address_key"),)

    id: Mapped[Id]
    uid: Mapped[Short] = mapped_column(unique=True)
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    address: Mapped[Line]
    address_key: Mapped[Line]
    locale: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int] = mapped_column(default=0)
    answer: Mapped[ProofAnswer | None] = mapped_column(EnumText(ProofAnswer))
    person_id: Mapped[int | None] = link("person.id")
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
    sent_at: Mapped[MaybeInstant]
    expires_at: Mapped[MaybeInstant]  # counted from the sending
    replaced_at: Mapped[MaybeInstant]  # a later request of the same address killed this one
    proved_at: Mapped[MaybeInstant]


class Registration(Model):
    """One person's place at one meetup. A row's end is an end: registering again is a new row."""

    __tablename__ = "registration"
    __table_args__ = (
        Index(
            "uq_registration_active",
            "meetup_id",
            "person_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        UniqueConstraint("meetup_id", "rank"),
        Index(None, "meetup_id", "status", "rank"),
        # All that a meetup's numbers are counted from, so that no row is read for them.
        Index(
            "ix_registration_numbers",
            "meetup_id",
            "status",
            "cohort_id",
            "companions",
            "host_entry",
            "person_id",
        ),
        Index(None, "meetup_id", "created_at", "id"),
        Index(
            "ix_registration_companions",
            "meetup_id",
            "status",
            "companions",
            sqlite_where=_WITH_COMPANIONS,
            postgresql_where=_WITH_COMPANIONS,
        ),
        Index(
            "ix_registration_offered_until",
            "offered_until",
            sqlite_where=_IS_OFFERED,
            postgresql_where=_IS_OFFERED,
        ),
        Index(
            "ix_registration_admitted",
            "meetup_id",
            "status",
            "cohort_id",
            "admitted_count",
            "admitted_at",
            sqlite_where=_CAME_IN,
            postgresql_where=_CAME_IN,
        ),
        Index(
            "ix_registration_companion_key",
            "meetup_id",
            sqlite_where=_NAMES_COMPANIONS,
            postgresql_where=_NAMES_COMPANIONS,
        ),
        Index(
            "ix_registration_host_listed",
            "meetup_id",
            "status",
            "host_listed",
            sqlite_where=_WAS_COMPARED,
            postgresql_where=_WAS_COMPARED,
        ),
        Index("ix_registration_walk_in", "meetup_id", sqlite_where=_WALKED_IN, postgresql_where=_WALKED_IN),
    )

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    person_id: Mapped[int] = link("person.id")
    cohort_id: Mapped[int | None] = link("cohort.id")
    reference: Mapped[Short] = mapped_column(unique=True)
    status: Mapped[Status] = mapped_column(EnumText(Status))
    rank: Mapped[int]
    # Raising it gives a new personal link and kills the old one.
    link_revision: Mapped[int] = mapped_column(default=1)
    source: Mapped[Source] = mapped_column(EnumText(Source), default=Source.PERSON)
    # Whether an address, a list check or an organizer stands behind the name; a walk-in only said it.
    is_verified: Mapped[bool] = mapped_column(default=True)
    address: Mapped[Line]  # the proved address, where mails go; a walk-in has none
    phone: Mapped[MaybeLine]
    locale: Mapped[str] = mapped_column(String(8), default="ko")
    notice_version: Mapped[int | None]  # the notice that this person was shown, if any
    created_at: Mapped[CreatedAt]
    status_at: Mapped[Instant]
    offered_until: Mapped[MaybeInstant]  # the deadline, while a seat is offered
    # The appointment (of the meetup) about which they were asked whether they still come, the one to which they
    # said yes, and when.
    asked_for: Mapped[int | None]
    coming_for: Mapped[int | None]
    coming_at: Mapped[MaybeInstant]
    # Until when they can answer before their seat is released, as the question told them; None: it isn't.
    answer_by: Mapped[MaybeInstant]
    kept_for: Mapped[int | None]  # the appointment for which an organizer keeps their seat, answered or not
    # What they say of their place at the larger event around the meetup; None: nothing yet.
    host_entry: Mapped[HostEntry | None] = mapped_column(EnumText(HostEntry))
    # Whether the host of the larger event has them on its list, as last compared; None: not compared.
    host_listed: Mapped[HostListed | None] = mapped_column(EnumText(HostListed))
    # Derived from the ledger, kept for speed: when, and by which check-in, this person came in.
    admitted_at: Mapped[MaybeInstant]
    admitted_by_id: Mapped[int | None] = mapped_column(BigId)
    admitted_count: Mapped[int] = mapped_column(default=0)  # of the party: the person and the companions
    # How many of these are out again, and when the last of them went; None while nobody is.
    left_count: Mapped[int] = mapped_column(default=0)
    left_at: Mapped[MaybeInstant]
    companions: Mapped[int] = mapped_column(default=0)  # further people on the same ticket
    companion_names: Mapped[list[str]] = mapped_column(
        JSON, default=list, server_default="[]"
    )  # those that are known
    # Everything that a search by their names may hit; follows them.
    companion_key: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    # Whom the organizers want to be told of when they come in, and as what: "special guest", "연사".
    arrival_alert: Mapped[MaybeLine]

    meetup: Mapped[Meetup] = relationship()
    person: Mapped[Person] = relationship()
    cohort: Mapped[Cohort | None] = relationship()

    @validates("companion_names")
    def _key_of_companions(self, _attribute: str, names: list[str]) -> list[str]:
        self.companion_key = search_key("", names)
        return names

    def still_coming(self, meetup: Meetup) -> Answer:
        """What this person said about the time and place of their `meetup` as they are now."""
        return answer(
            meetup.appointment,
            asks=meetup.asks_who_comes,
            asked_for=self.asked_for,
            coming_for=self.coming_for,
        )

    @property
    def stands_behind(self) -> bool:
        """Whether the meetup's rule puts them behind the others in line, whenever they registered."""
        return is_behind(self.rank)

    def released_at(self, meetup: Meetup) -> dt.datetime | None:
        """When their seat at their `meetup` is released unless they answer; None: they keep it."""
        if self.status is not Status.CONFIRMED or self.admitted_at:
            return None
        return released_at(
            self.still_coming(meetup),
            releases=meetup.release_hours is not None,
            answer_by=self.answer_by,
            kept=self.kept_for == meetup.appointment,
        )


AS_WALK_IN: ColumnElement[str] = literal_column(f"'{Source.WALK_IN.value}'")  # as the index says it
# Active registrations, written as their index has it: only so can a prepared statement use the index.
IS_ACTIVE = Registration.status.not_in([literal_column(f"'{state.value}'") for state in sorted(ENDED)])


class RegistrationEvent(Model):
    """One change of a registration's state: who, when, why. Never changed; deleted only with a registration that nobody was
    told of, where an import is taken back."""

    __tablename__ = "registration_event"

    id: Mapped[Id]
    registration_id: Mapped[int] = link("registration.id")
    at: Mapped[CreatedAt]
    before: Mapped[Status | None] = mapped_column(EnumText(Status))
    after: Mapped[Status] = mapped_column(EnumText(Status))
    # "person", "account:7", "worker", "promotion"
    actor: Mapped[Short]
    reason: Mapped[str] = mapped_column(Text, default="")


__all__ = [
    "AS_WALK_IN",
    "AddressProof",
    "ProofAnswer",
    "Registration",
    "RegistrationEvent",
    "Source",
    "Status",
]
