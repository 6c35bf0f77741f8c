"""A meetup as an organizer typed it, and everything that may be wrong with it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from app.domain.errors import DomainError
from app.domain.writing.addresses import is_address
from app.domain.writing.local_times import instant, zone_of
from app.domain.writing.slugs import is_slug
from app.domain.writing.web_addresses import is_web_address


@dataclass(frozen=True, kw_only=True)
class TalkDraft:
    """One typed line of the programme of talks; `clock` is the time on the wall. A hidden one is announced at the
    local time `announces`, or by a press; one with a time to come is hidden until then, ticked or not."""

    kind: str = "talk"
    clock: dt.time | None = None
    title_ko: str = ""
    title_en: str = ""
    speaker: str = ""
    affiliation: str = ""
    hidden: bool = False
    announces: dt.datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A meetup as typed: local times, no decisions taken. A slug of None keeps the present one."""

    title_ko: str = ""
    title_en: str = ""
    slug: str | None = None
    description_ko: str = ""
    description_en: str = ""
    cover_id: int | None = None
    place_ko: str = ""
    place_en: str = ""
    place_address: str = ""
    map_url: str = ""
    online_url: str = ""
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    zone: str = "Asia/Seoul"
    # For a time that the clocks show twice: whether the later showing is meant. None: not said.
    later: bool | None = None
    host_event_ko: str = ""
    host_event_en: str = ""
    host_event_url: str = ""
    host_event_closes: dt.datetime | None = None
    host_name: str = ""
    contact_address: str = ""
    capacity: int = 0
    opens: dt.datetime | None = None
    closes: dt.datetime | None = None
    audience: str = "alumni"
    cohort_ids: frozenset[int] = frozenset()
    asks_phone: bool = False
    door_confirms: bool = False
    reminds_week: bool = True
    reminds_day: bool = True
    thanks: bool = False
    talks: tuple[TalkDraft, ...] = ()


@dataclass(frozen=True)
class Times:
    """The instants that a draft's local times mean."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    opens_at: dt.datetime | None
    closes_at: dt.datetime | None
    host_event_closes_at: dt.datetime | None
    talks: tuple[dt.datetime | None, ...]
    announcements: tuple[dt.datetime | None, ...]


class Unusable(DomainError):
    """A draft cannot be saved as it is. `problems` has a refusal for each field by its name
    ("starts", "talks-2-clock"), so that all of them are shown at once."""

    def __init__(self, problems: dict[str, DomainError]) -> None:
        super().__init__("meetup_unusable")
        self.problems = problems


@dataclass
class _Check:
    draft: Draft
    problems: dict[str, DomainError] = field(default_factory=dict)

    def refuse(self, where: str, code: str, **params: object) -> None:
        self.problems.setdefault(where, DomainError(code, **params))

    def words(self) -> None:
        draft = self.draft
        if not (draft.title_ko or draft.title_en):
            self.refuse("title_ko", "meetup_untitled")
        if draft.slug and not is_slug(draft.slug):
            self.refuse("slug", "bad_slug")
        for name in ("map_url", "online_url", "host_event_url"):
            if (url := getattr(draft, name)) and not is_web_address(url):
                self.refuse(name, "bad_link")
        if draft.contact_address and not is_address(draft.contact_address):
            self.refuse("contact_address", "bad_address")
        for number, talk in enumerate(draft.talks):
            if not (talk.title_ko or talk.title_en):
                self.refuse(f"talks-{number}-title_ko", "talk_untitled")

    def at(self, where: str, local: dt.datetime | None) -> dt.datetime | None:
        if local is None:
            return None
        try:
            return instant(local, zone_of(self.draft.zone), later=self.draft.later)
        except DomainError as refusal:
            self.problems.setdefault("zone" if refusal.code == "unknown_zone" else where, refusal)
            return None

    def times(self) -> Times | None:
        draft = self.draft
        starts, ends = self.at("starts", draft.starts), self.at("ends", draft.ends)
        opens, closes = self.at("opens", draft.opens), self.at("closes", draft.closes)
        host_closes = self.at("host_event_closes", draft.host_event_closes)
        for where, local in (("starts", draft.starts), ("ends", draft.ends)):
            if local is None:
                self.refuse(where, "time_missing")
        if starts and ends and ends <= starts:
            self.refuse("ends", "ends_before_start")
        if opens and closes and closes <= opens:
            self.refuse("closes", "window_ends_before_start")
        if opens and ends and opens >= ends:
            self.refuse("opens", "window_opens_too_late")
        talks = tuple(
            self.at(f"talks-{number}-clock", talk_time(talk.clock, draft.starts, draft.ends))
            for number, talk in enumerate(draft.talks)
        )
        announcements = tuple(
            self.at(f"talks-{number}-announces", talk.announces) for number, talk in enumerate(draft.talks)
        )
        if not (starts and ends):
            return None
        return Times(starts, ends, opens, closes, host_closes, talks, announcements)


def times(draft: Draft) -> Times:
    """The instants of a draft that may be saved; raises `Unusable` with everything that is wrong."""
    check = _Check(draft)
    check.words()
    found = check.times()
    if check.problems or found is None:
        raise Unusable(check.problems)
    return found


def talk_time(
    clock: dt.time | None, starts: dt.datetime | None, ends: dt.datetime | None
) -> dt.datetime | None:
    """The local date and time of a talk: on the first day, or the next for a time after midnight."""
    if clock is None or starts is None or ends is None:
        return None
    on_first_day = dt.datetime.combine(starts.date(), clock)
    past_midnight = ends.date() > starts.date() and clock < starts.time()
    return on_first_day + dt.timedelta(days=1) if past_midnight else on_first_day
