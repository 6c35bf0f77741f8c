"""How an entry of the trail is told: who, and about whom or what, with a link where there is a page for it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.domain.erasure import ERASED_NAME
from app.i18n import current_locale
from app.models import (
    Account,
    AccountInvitation,
    Cohort,
    Device,
    Meetup,
    MeetupMembership,
    Membership,
    Program,
)
from app.services import audit
from app.services.auditing.subjects import Found
from app.services.seating.promotion import PROMOTION


@dataclass(frozen=True)
class About:
    """What an entry is about. `note`: where it hangs; `href`: its page at the desk."""

    text: str
    note: str = ""
    href: str | None = None


def about(program: Program, found: Found, subject: str) -> About:
    """In the reader's language; what is gone is named by its kind and number."""
    person, meetup, held = found.person(subject), found.meetup(subject), found.registration(subject)
    title = _title(meetup)
    if held is not None and meetup is not None:
        href = url_for("exports.attendee", program=program.slug, slug=meetup.slug, reference=held.reference)
        return About(held.person.name, f"{title} · {held.reference}", href)
    if person is not None:
        return About(person.name, title)
    if isinstance(row := found.rows.get(subject), Device):
        return About(row.name, title)
    if meetup is not None:
        return About(title, href=url_for("meetups.show", program=program.slug, slug=meetup.slug))
    return _at_the_desk(program, row, subject)


def _at_the_desk(program: Program, row: object, subject: str) -> About:
    """A cohort, or somebody of the office; the programme itself needs no word."""
    if isinstance(row, Cohort):
        href = url_for("programs.cohort", program=program.slug, ordinal=row.ordinal)
        return About(_("Cohort %(n)s", n=row.ordinal), href=href)
    if isinstance(row, AccountInvitation):
        return About(row.address, _title(row.meetup))
    if isinstance(row, MeetupMembership):
        return About(row.account.name or row.account.address, _title(row.meetup))
    account = row.account if isinstance(row, Membership) else row
    if isinstance(account, Account):
        return About(account.name or account.address)
    return About("" if subject.startswith("program:") else subject)


def _title(meetup: Meetup | None) -> str:
    return meetup.title(current_locale()) if meetup else ""


def who(actor: str, names: dict[str, str], owner: str = "") -> str:
    """The actor's name. `owner`: the name of the person who did it themselves, where the entry is about one."""
    if actor == audit.PERSON:
        return str(_("The person")) if owner in {"", ERASED_NAME} else owner
    by_itself, operator = str(_("By itself")), str(_("The operator"))
    fixed = {audit.WORKER: by_itself, PROMOTION: by_itself, audit.COMMAND: operator}
    former = _("A former staff phone") if actor.startswith("device:") else _("A former organizer")
    return fixed.get(actor) or names.get(actor) or str(former)
