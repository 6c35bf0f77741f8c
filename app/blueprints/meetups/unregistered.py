"""Who has not registered: the list at the desk, as a file, and on to inviting them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flask import render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app import access, mail_words, message_words
from app.db import db
from app.domain.errors import DomainError
from app.file_fields import MEDIA, kind_field, reason_field
from app.files import download_name
from app.models import Meetup, Program, Role
from app.numbers import query_number, query_numbers
from app.refusals import explain
from app.searches import searched
from app.services.inviting import unregistered as service
from app.services.inviting.meetup_invitations import Choice
from app.services.inviting.unregistered import Invited, Reach, Unregistered, Wanted
from app.services.organizing import looks, plain_files
from app.services.organizing.plain_files import Note, Table

from . import inviting
from .routes import bp

HERE = "/desk/<program>/meetups/<slug>/not-registered"
PAGE, MOST_INVITED = 50, 5_000
INVITED = {
    Invited.NO: _l("Not invited"),
    Invited.YES: _l("Invited"),
    Invited.UNREACHED: _l("Invited, not reached"),
    Invited.SILENT: _l("Invited, no answer yet"),
}
REACH = {
    Reach.MAIL: _l("By mail"),
    Reach.PHONE: _l("By phone only"),
    Reach.NOTHING: _l("By nothing that we know"),
    Reach.NO_PHONE: _l("No phone known"),
}


class FileForm(FlaskForm):
    kind = kind_field()
    reason = reason_field(_l("For example: the class presidents call their cohort. Kept in the audit log."))


@bp.get(HERE)
@access.program_member(Role.ORGANIZER)
def unregistered(program: Program, slug: str) -> ResponseReturnValue:
    return _page(program, access.meetup_of(program, slug))


@bp.route(f"{HERE}/file", methods=["GET", "POST"])
@access.program_member(Role.ORGANIZER)
def unregistered_file(program: Program, slug: str) -> ResponseReturnValue:
    meetup, wanted, form = access.meetup_of(program, slug), wanted_of_request(), FileForm()
    if request.method == "GET" or not form.validate():
        page = render_template(
            "meetups/unregistered_file.html",
            form=form,
            **about(program, meetup),
        )
        return page, 422 if request.method == "POST" else 200
    title = _("Who has not registered")
    headings = [
        _("Cohort"),
        _("Name"),
        _("E-mail address"),
        _("Does mail arrive?"),
        _("Phone"),
        _("Invitation"),
        _("Reminders"),
        _("Registered before"),
    ]
    actor, reason = access.current_actor(), form.reason.data.strip()
    details = {"cohorts": sorted(wanted.cohorts), "restricted_by": _kinds(wanted)}
    note = Note("unregistered.exported", f"meetup:{meetup.id}", program.id, actor, reason, details)
    file = plain_files.as_file(form.kind.data, Table(title, headings, _lines(meetup, wanted)), note)
    name = download_name(f"{meetup.title_ko or meetup.title_en} {title}", form.kind.data)
    return send_file(file, MEDIA[form.kind.data], as_attachment=True, download_name=name, max_age=0)


@bp.post(f"{HERE}/invitation")
@access.program_member(Role.ORGANIZER)
def invite_unregistered(program: Program, slug: str) -> ResponseReturnValue:
    """All whom the list's filter finds, on to a look at their invitation. Nothing is sent yet."""
    meetup, wanted, form = access.meetup_of(program, slug), wanted_of_request(), inviting.WordsForm()
    people = db.session.scalars(service.ids(meetup, wanted).limit(MOST_INVITED + 1)).all()
    if len(people) > MOST_INVITED:
        return _page(program, meetup, [explain(DomainError("too_many_to_invite", most=MOST_INVITED))]), 422
    return inviting.preview_of(program, meetup, form, Choice(frozenset(), frozenset(people)))


def wanted_of_request() -> Wanted:
    """Unknown values restrict nothing."""
    invited, reach = request.args.get("invited", ""), request.args.get("reach", "")
    return Wanted(
        cohorts=query_numbers("cohort"),
        invited=Invited(invited) if invited in set(Invited) else None,
        reach=Reach(reach) if reach in set(Reach) else None,
        search=searched(),
    )


def about(program: Program, meetup: Meetup) -> dict[str, Any]:
    """What the pages about this list have in common: whom it is restricted to, in an address and in words."""
    wanted = wanted_of_request()
    query = {
        "cohort": sorted(wanted.cohorts),
        "invited": wanted.invited,
        "reach": wanted.reach,
        "q": wanted.search,
    }
    words = [
        *(_("Cohort %(n)s", n=each) for each in sorted(wanted.cohorts)),
        *([str(INVITED[wanted.invited])] if wanted.invited else []),
        *([_("Reached: %(how)s", how=REACH[wanted.reach])] if wanted.reach else []),
        *([_("Search: %(text)s", text=wanted.search)] if wanted.search else []),
    ]
    here = {"program": program.slug, "slug": meetup.slug}
    return {
        "program": program,
        "meetup": meetup,
        "wanted": wanted,
        "query": here | {name: value for name, value in query.items() if value},
        "restrictions": words,
        "invited_words": INVITED,
        "reach_words": REACH,
        "fates": mail_words.INVITED,
        "statuses": message_words.STATUSES,
    }


def _page(program: Program, meetup: Meetup, errors: Sequence[str] = ()) -> str:
    looks.at_unregistered(program.id, meetup.id, access.current_actor())
    shared = about(program, meetup)
    after, before = query_number("after"), query_number("before")
    found = service.page(meetup, shared["wanted"], size=PAGE, after=after, before=before)
    return render_template(
        "meetups/unregistered.html",
        errors=errors,
        found=found,
        counted=service.COUNTED,
        may_invite=inviting.closed_because(meetup) is None,
        here=url_for(".unregistered", program=program.slug, slug=meetup.slug),
        **shared,
    )


def _lines(meetup: Meetup, wanted: Wanted) -> Iterator[Sequence[str | int | None]]:
    for people in service.chunks(meetup, wanted):
        for each in people:
            yield (
                ", ".join(_("Cohort %(n)s", n=ordinal) for ordinal in each.cohorts),
                each.name,
                ", ".join(each.addresses or each.dead),
                _arrives(each),
                ", ".join(each.phones),
                str(mail_words.INVITED[each.invitation.fate][0]) if each.invitation else _("Not invited"),
                each.invitation.reminders if each.invitation else None,
                str(message_words.STATUSES[each.ended]) if each.ended else "",
            )


def _arrives(person: Unregistered) -> str:
    if person.opted_out:
        said = _("Opted out")
    elif person.addresses:
        said = _("Yes")
    else:
        said = _("No mail arrives") if person.dead else _("No address")
    return str(said)


def _kinds(wanted: Wanted) -> list[str]:
    return [name for name in ("invited", "reach", "search") if getattr(wanted, name)]
