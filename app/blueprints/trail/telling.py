"""How an entry of the trail is told: who, and about whom or what, with a link where there is a page for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.erasure import ERASED_NAME
from app.i18n import current_locale
from app.models import (
    Account,
    AccountInvitation,
    Cohort,
    ColumnSet,
    Device,
    Meetup,
    MeetupMembership,
    Membership,
    Message,
    Person,
    Program,
    RosterImport,
    SavedView,
    TextTemplate,
)
from app.services import audit
from app.services.auditing.subjects import Found
from app.services.seating.promotion import PROMOTION
from app.trail_kinds import AT_MEETUP, NAMELESS, kind_words


@dataclass(frozen=True)
class About:
    """What an entry is about. `note`: where it hangs; `href`: its page at the desk."""

    text: str
    note: str = ""
    href: str | None = None


def about(program: Program, found: Found, entry: Any) -> About:
    """In the reader's language; what is gone, or has no name, is called by its kind and number."""
    subject, meetup = entry.subject, found.meetups.get(entry.meetup_id or 0)
    title = meetup.title(current_locale()) if meetup else ""
    held, person = found.registration(subject), found.person(subject)
    if held is not None:
        slug, reference = held.meetup.slug, held.reference
        href = url_for("exports.attendee", program=program.slug, slug=slug, reference=reference)
        return About(held.person.name, f"{title} · {reference}".strip(" ·"), href)
    if person is not None:
        return About(person.name, title, _entry(program, found, person))
    row, (kind, __, number) = found.rows.get(subject), subject.partition(":")
    if meetup is None:
        return About(_called(row) or _unnamed(kind, number), href=_at_the_desk(program, row))
    href = url_for(AT_MEETUP.get(kind, "meetups.show"), program=program.slug, slug=meetup.slug)
    if kind == Meetup.__tablename__:
        return About(title, href=href)
    if isinstance(row, Message):
        href = url_for("meetups.message", program=program.slug, slug=meetup.slug, message_id=row.id)
    return About(_called(row) or _unnamed(kind, number), title, href)


def _entry(program: Program, found: Found, person: Person) -> str | None:
    ordinal = found.cohorts.get(person.id)
    if ordinal is None:
        return None
    return url_for("programs.entry", program=program.slug, ordinal=ordinal, person_id=person.id)


def _at_the_desk(program: Program, row: object) -> str | None:
    if isinstance(row, Cohort):
        return url_for("programs.cohort", program=program.slug, ordinal=row.ordinal)
    if isinstance(row, RosterImport):
        return url_for("rosters.record", program=program.slug, import_id=row.id)
    return None


def _called(row: object) -> str:
    """Its own name; empty for what has none."""
    if isinstance(row, Cohort):
        return str(_("Cohort %(n)s", n=row.ordinal))
    if isinstance(row, AccountInvitation):
        return row.address
    if isinstance(row, Message):
        first, second = row.subject_ko, row.subject_en
        return (first or second) if current_locale() == "ko" else (second or first)
    if isinstance(row, ColumnSet | Device | SavedView | TextTemplate):
        return row.name
    account = row.account if isinstance(row, Membership | MeetupMembership) else row
    return (account.name or account.address) if isinstance(account, Account) else ""


def _unnamed(kind: str, number: str) -> str:
    if kind in NAMELESS:
        return kind_words(kind)
    return f"{kind_words(kind)} {number}"


def who(actor: str, names: dict[str, str], owner: str = "") -> str:
    """The actor's name. `owner`: the name of the person who did it themselves, where the entry is about one."""
    if actor == audit.PERSON:
        return str(_("The person")) if owner in {"", ERASED_NAME} else owner
    by_itself, operator = str(_("By itself")), str(_("The operator"))
    fixed = {audit.WORKER: by_itself, PROMOTION: by_itself, audit.COMMAND: operator}
    former = _("A former staff phone") if actor.startswith("device:") else _("A former organizer")
    return fixed.get(actor) or names.get(actor) or str(former)
