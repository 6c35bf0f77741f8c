"""Everything that was done in a programme: searched, and taken away as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select

from app import access
from app.blueprints.trail import telling
from app.blueprints.trail.asking import Asked, asked_of, zone
from app.clock import now
from app.db import db
from app.file_fields import reason_field
from app.files import download_name
from app.i18n import current_locale
from app.models import Account, Meetup, MeetupMembership, Membership, Program, Role
from app.numbers import query_number
from app.services import audit
from app.services.auditing import seals, subjects, trail, trail_files
from app.services.organizing import attendee, looks
from app.trail_areas import AREAS
from app.trail_words import told

bp = Blueprint("trail", __name__, url_prefix="/desk/<program>/records")
PAGE = 50
MOST_HELPERS = 100  # the newest; whoever is beyond is found by a link of theirs


class FileForm(FlaskForm):
    reason = reason_field(_l("For example: the yearly audit. Kept in these records."))


@bp.get("")
@access.member(Role.ORGANIZER)
def records(program: Program) -> ResponseReturnValue:
    return _page(program, FileForm())


@bp.post("/files")
@access.member(Role.ORGANIZER)
def records_file(program: Program) -> ResponseReturnValue:
    form, asked = FileForm(), asked_of(program)
    if not form.validate():
        return _page(program, form), 422
    order = trail_files.Order(
        program_id=program.id,
        wanted=asked.wanted,
        headings=[
            _("When"),
            _("Who"),
            _("What was done"),
            _("To whom or what"),
            _("At which meetup"),
            _("Reason"),
            _("Details"),
            _("Code"),
        ],
        actor=access.current_actor(),
        reason=form.reason.data.strip(),
    )
    file = trail_files.as_csv(order, lambda entries: _lines(program, entries))
    what = _("records")
    name = f"{program.name(current_locale())} {what} {now().astimezone(zone()):%Y-%m-%d}"
    return send_file(
        file, "text/csv", as_attachment=True, download_name=download_name(name, "csv"), max_age=0
    )


def _lines(program: Program, entries: Sequence[Any]) -> Iterator[list[str]]:
    found = subjects.of(entries)
    names = attendee.names_of(entry.actor for entry in entries)
    for entry in entries:
        about = telling.about(program, found, entry)
        yield [
            entry.at.astimezone(zone()).replace(tzinfo=None).isoformat(sep=" ", timespec="seconds"),
            telling.who(entry.actor, names, about.text),
            told(entry.act),
            about.text,
            about.note,
            entry.reason,
            "; ".join(f"{key}: {value}" for key, value in entry.details.items()),
            f"{entry.act} {entry.subject} {entry.actor} #{entry.id}",
        ]


def _page(program: Program, form: FileForm) -> str:
    asked, before = asked_of(program), query_number("before")
    looks.at_trail(program.id, access.current_actor())
    rows = trail.page(program.id, asked.wanted, before=before, size=PAGE)
    entries = rows[:PAGE]
    found = subjects.of(entries)
    names = attendee.names_of(entry.actor for entry in entries)
    abouts = [telling.about(program, found, entry) for entry in entries]
    whos = [telling.who(entry.actor, names) for entry in entries]
    return render_template(
        "trail/records.html",
        program=program,
        lines=list(zip(entries, whos, abouts, strict=True)),
        older=entries[-1].id if len(rows) > PAGE else None,
        before=before,
        asked=asked,
        form=form,
        told=told,
        areas=AREAS,
        people=_people(program, asked, names),
        meetups=_meetups(program),
        named=[(each.slug, each.title(current_locale())) for each in found.meetups.values()],
        standing=seals.standing(),
        today=now().astimezone(zone()),
        path=request.path,
    )


def _people(program: Program, asked: Asked, names: dict[str, str]) -> list[tuple[str, str]]:
    """Who may be asked for: members, helpers of single meetups, what is nobody's account, and whom a link on the page asked
    for."""
    members = db.session.scalars(
        select(Account).join(Membership).where(Membership.program_id == program.id).order_by(Membership.id)
    ).all()
    at_meetups = select(MeetupMembership.account_id).join(MeetupMembership.meetup)
    helpers = db.session.scalars(
        select(Account)
        .where(Account.id.in_(at_meetups.where(Meetup.program_id == program.id)))
        .order_by(Account.id.desc())
        .limit(MOST_HELPERS)
    ).all()
    known = {f"account:{row.id}": row.name or row.address for row in (*members, *helpers)}
    known |= {
        audit.PERSON: _("The person themselves"),
        trail.DEVICES: _("Staff phones"),
        audit.WORKER: _("By itself"),
        audit.COMMAND: _("The operator"),
    }
    if asked.wanted.actor and asked.wanted.actor not in known:
        known[asked.wanted.actor] = telling.who(
            asked.wanted.actor, names | attendee.names_of([asked.wanted.actor])
        )
    return list(known.items())


def _meetups(program: Program) -> list[tuple[str, str]]:
    rows = db.session.scalars(
        select(Meetup).where(Meetup.program_id == program.id).order_by(Meetup.starts_at.desc())
    )
    return [(row.slug, row.title(current_locale())) for row in rows]
