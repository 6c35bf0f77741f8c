"""Meetups, their programme of talks, and who may come."""

from __future__ import annotations

import datetime as dt
import enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    bindparam,
    false,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.db import EnumText
from app.domain.meetups import day_has_come
from app.domain.registering.companion_names import CompanionNames
from app.domain.registering.moves import Appointment
from app.domain.seating.drawing import Drawing, drawing
from app.domain.seating.line_order import holds
from app.domain.seating.modes import Mode
from app.domain.seating.offers import USUAL_HOURS, FreedSeats, last_call
from app.domain.seating.promises import Promises, promises
from app.models.base import (
    BigId,
    CreatedAt,
    Id,
    Instant,
    Line,
    MaybeInstant,
    MaybeLine,
    Model,
    Short,
    db,
    link,
)
from app.models.images import Image
from app.models.programs import Cohort, Program
from app.models.talks import Talk

if TYPE_CHECKING:
    from app.models.fees import Fee


class MeetupState(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"  # registration ended by the organizer; the meetup takes place
    CALLED_OFF = "called_off"


TAKES_PLACE = (MeetupState.PUBLISHED, MeetupState.CLOSED)


class Audience(enum.StrEnum):
    """Who of the cohorts may come."""

    ALUMNI = "alumni"
    PARTICIPANTS = "participants"  # everyone on the roster, completed or not


meetup_cohort = Table(
    "meetup_cohort",
    db.metadata,
    Column("meetup_id", BigId, ForeignKey("meetup.id", ondelete="CASCADE"), primary_key=True),
    Column("cohort_id", BigId, ForeignKey("cohort.id"), primary_key=True, index=True),
)


class Meetup(Model):
    """One gathering. Titles and descriptions may be in Korean, English or both."""

    __tablename__ = "meetup"
    __table_args__ = (
        CheckConstraint("capacity >= 0", name="capacity"),
        CheckConstraint("ends_at > starts_at", name="order"),
        Index(None, "program_id", "starts_at"),
    )

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[MeetupState] = mapped_column(EnumText(MeetupState), default=MeetupState.DRAFT)
    title_ko: Mapped[Line] = mapped_column(default="")
    title_en: Mapped[Line] = mapped_column(default="")
    description_ko: Mapped[str] = mapped_column(Text, default="")  # Markdown
    description_en: Mapped[str] = mapped_column(Text, default="")
    cover_id: Mapped[int | None] = link("image.id")
    place_ko: Mapped[Line] = mapped_column(default="")
    place_en: Mapped[Line] = mapped_column(default="")
    place_address: Mapped[Line] = mapped_column(default="")
    map_url: Mapped[str] = mapped_column(String(1000), default="")
    online_url: Mapped[str] = mapped_column(String(1000), default="")
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    zone: Mapped[Short]  # IANA name
    # The larger event that this meetup is part of, where there is one.
    host_event_ko: Mapped[Line] = mapped_column(default="")
    host_event_en: Mapped[Line] = mapped_column(default="")
    host_event_url: Mapped[str] = mapped_column(String(1000), default="")
    host_event_closes_at: Mapped[MaybeInstant]  # its own registration
    host_name: Mapped[Line] = mapped_column(default="")
    contact_address: Mapped[MaybeLine]
    capacity: Mapped[int]
    opens_at: Mapped[MaybeInstant]  # registration window; None: at once, until the meetup starts
    closes_at: Mapped[MaybeInstant]
    audience: Mapped[Audience] = mapped_column(EnumText(Audience), default=Audience.ALUMNI)
    mode: Mapped[Mode] = mapped_column(EnumText(Mode), default=Mode.FIRST_COME)
    # How freed seats go on (app/domain/seating/offers.py), and whether the organizer holds them back for now.
    freed_seats: Mapped[FreedSeats] = mapped_column(EnumText(FreedSeats), default=FreedSeats.CONFIRM)
    offer_hours: Mapped[int] = mapped_column(default=USUAL_HOURS)
    last_call_hours: Mapped[int | None]  # before the start; None: app/domain/seating/offers.py has the usual
    # Whether people who have a seat are asked if they still come (app/domain/registering/still_coming.py): hours before the
    # start, and the instant that this makes; None: they are not asked.
    still_coming_hours: Mapped[int | None]
    asks_at: Mapped[MaybeInstant] = mapped_column(index=True)
    # The time and place that answers are about, by number: raised when the start moves, or people are asked anew.
    # And since when they are asked to reconfirm it (app/domain/registering/moves.py); None: they aren't.
    appointment: Mapped[int] = mapped_column(default=1, server_default="1")
    reconfirms_at: Mapped[MaybeInstant]
    # Whether the seats of those who don't answer are released, so many hours before the start; and when the
    # first of those who haven't answered lose theirs.
    release_hours: Mapped[int | None]
    releases_at: Mapped[MaybeInstant] = mapped_column(index=True)
    # Whether people who have a seat are reminded (app/domain/registering/reminders.py), and the instants that this makes.
    reminds_week: Mapped[bool] = mapped_column(default=True)
    reminds_day: Mapped[bool] = mapped_column(default=True)
    week_reminder_at: Mapped[MaybeInstant] = mapped_column(index=True)
    day_reminder_at: Mapped[MaybeInstant] = mapped_column(index=True)
    # Whether those who were there are thanked (app/domain/registering/thanks.py), and the instant that this makes.
    thanks: Mapped[bool] = mapped_column(default=False, server_default=false())
    thanks_at: Mapped[MaybeInstant] = mapped_column(index=True)
    # Whether those who had a seat at the last meetup and did not come stand behind the others in line.
    no_shows_behind: Mapped[bool] = mapped_column(default=False)
    promotion_paused_at: Mapped[MaybeInstant]
    promotion_pause_reason: Mapped[Line] = mapped_column(default="")
    # Of the draw that is still to be held (models/draws.py): until when one enters, whether its entries are
    # published, and how many seats are kept for it.
    draw_until: Mapped[MaybeInstant]
    draw_closed: Mapped[bool] = mapped_column(default=False)
    draw_seats: Mapped[int] = mapped_column(default=0)
    # Seats that are kept (app/domain/seating/pools.py): for those who are named (models/reserved_seats.py) and guests to
    # come, and by the id of a cohort until a date; None: no cohort has any.
    reserved_seats: Mapped[int] = mapped_column(default=0, server_default="0")
    quotas: Mapped[dict[str, int]] = mapped_column(JSON, default=dict, server_default="{}")
    quotas_until: Mapped[MaybeInstant] = mapped_column(index=True)
    asks_phone: Mapped[bool] = mapped_column(default=False)
    # Scans admit at once ("express") or after a tap ("confirm").
    door_confirms: Mapped[bool] = mapped_column(default=False)
    # The door as its organizer wants it: app/domain/door/doors.py says what may stand here.
    door_gates: Mapped[list[str]] = mapped_column(JSON, default=list)
    door_host_patterns: Mapped[list[str]] = mapped_column(JSON, default=list)
    door_ticks: Mapped[list[str]] = mapped_column(JSON, default=list)
    door_tracks_exits: Mapped[bool] = mapped_column(default=False)
    door_lists_people: Mapped[bool] = mapped_column(default=False)  # names on the phones, not only sealed
    door_takes_walk_ins: Mapped[bool] = mapped_column(default=True)
    door_counts_walk_ins: Mapped[bool] = mapped_column(default=True)  # against the capacity
    # Those who say a cohort are looked for on its roster afterwards; guests never are.
    door_verifies_walk_ins: Mapped[bool] = mapped_column(default=True)
    door_releases_after: Mapped[int | None]  # minutes after the start; None: absent people keep their seats
    door_kiosk_code: Mapped[str | None] = mapped_column(String(64))  # ends the locked kiosk
    published_at: Mapped[MaybeInstant]
    called_off_at: Mapped[MaybeInstant]
    called_off_reason: Mapped[str] = mapped_column(String(1000), default="")
    # The rank that the next registration gets; raised under the seat lock.
    next_rank: Mapped[int] = mapped_column(default=1)
    # The version of its notice (models/notices.py) that people are shown; 0: it has none yet.
    notice_version: Mapped[int] = mapped_column(default=0)
    # The version of its questions (models/questions.py); 0: it never asked any.
    questions_version: Mapped[int] = mapped_column(default=0)
    # For changing them, and for bringing more companions; None: until registration closes.
    answers_until: Mapped[MaybeInstant]
    # How many companions people with a seat may bring by themselves while seats are free; organizers may give more.
    companions_most: Mapped[int] = mapped_column(default=0, server_default="0")
    companion_names: Mapped[CompanionNames] = mapped_column(
        EnumText(CompanionNames), default=CompanionNames.NONE, server_default="none"
    )
    # When personal data is next destroyed (app/domain/destruction.py); None: nothing is left, or no notice was told.
    destroys_at: Mapped[MaybeInstant] = mapped_column(index=True)
    # Whether attendees may introduce themselves to each other (models/introductions.py).
    introductions: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Raised at every change of what the public page shows, also its .ics (SEQUENCE).
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[CreatedAt]

    program: Mapped[Program] = relationship()
    cover: Mapped[Image | None] = relationship()
    cohorts: Mapped[list[Cohort]] = relationship(secondary=meetup_cohort, order_by=Cohort.ordinal)
    talks: Mapped[list[Talk]] = relationship(order_by=Talk.position, cascade="all, delete-orphan")
    fee: Mapped[Fee | None] = relationship(back_populates="meetup", viewonly=True)

    @classmethod
    def locked(cls, session: Session, meetup_id: int) -> Meetup:
        """The meetup's row under its seat lock, as it is now; every seat decision starts here."""
        return session.scalars(_LOCKED, {"meetup": meetup_id}).one()

    @property
    def last_call(self) -> dt.datetime:
        """From when on freed seats stay free."""
        return last_call(
            self.freed_seats,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            hours_before=self.last_call_hours,
        )

    @property
    def puts_no_shows_behind(self) -> bool:
        """Whether who did not come to the last meetup stands behind the others in line; the public page says so."""
        return holds(self.no_shows_behind, self.mode)

    def promises(self, at: dt.datetime) -> Promises:
        """The seats that are kept at this instant, and for whom."""
        return promises(self.reserved_seats, self.quotas, self.quotas_until, mode=self.mode, at=at)

    @property
    def asks_who_comes(self) -> bool:
        """Whether people with a seat are asked if they still come: at a time before the start, or after a move."""
        return self.still_coming_hours is not None or self.reconfirms_at is not None

    def appointed(self) -> Appointment:
        """When and where it is, as of now."""
        return Appointment(**{name: getattr(self, name) for name in Appointment.__dataclass_fields__})

    def drawing(self, at: dt.datetime) -> Drawing:
        """Where its draw stands at this instant."""
        return drawing(self.mode, self.draw_until, closed=self.draw_closed, at=at)

    @property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def title(self, locale: str) -> str:
        """The title in `locale`, or in the other language where this one is absent."""
        return (self.title_ko or self.title_en) if locale == "ko" else (self.title_en or self.title_ko)

    def description(self, locale: str) -> str:
        first, second = self.description_ko, self.description_en
        return (first or second) if locale == "ko" else (second or first)

    def place(self, locale: str) -> str:
        return (self.place_ko or self.place_en) if locale == "ko" else (self.place_en or self.place_ko)

    def host_event(self, locale: str) -> str:
        first, second = self.host_event_ko, self.host_event_en
        return (first or second) if locale == "ko" else (second or first)

    @property
    def has_host_event(self) -> bool:
        return bool(self.host_event_ko or self.host_event_en or self.host_event_url)

    def local(self, instant: dt.datetime) -> dt.datetime:
        """`instant` in the meetup's own zone."""
        return instant.astimezone(self.timezone)

    def day_has_come(self, at: dt.datetime) -> bool:
        """Whether a check-in at that instant is one at the door, and not weeks too early."""
        return day_has_come(self.local(self.starts_at), at)

    @property
    def is_public(self) -> bool:
        """Whether strangers may see the page: published once, and not a draft again."""
        return self.state is not MeetupState.DRAFT


_LOCKED = (
    select(Meetup)
    .where(Meetup.id == bindparam("meetup"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
