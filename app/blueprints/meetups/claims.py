"""List checks at the desk: who says what, whom on the list they may be, and deciding it."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.db import db
from app.domain.registering.registrations import Status
from app.models import Claim, Meetup, Program, Registration, Role
from app.numbers import query_number
from app.searches import searched
from app.services.organizing import looks
from app.services.registering import claim_decisions as decisions
from app.services.registering import claim_matches
from app.services.registering import claims as open_claims
from app.services.seating import seat_counts

from .deciding import decided
from .routes import bp
from .seat_forms import LONGEST_REASON, AddToListForm, LinkForm, ReasonForm

CLAIMS = "/desk/<program>/meetups/<slug>/list-checks"
ONE = f"{CLAIMS}/<reference>"
PAGE, DECIDED = 50, 20


@bp.get(CLAIMS)
@access.program_member(Role.ORGANIZER)
def claims(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    start = query_number("start", 0)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    rows = decisions.waiting(meetup.id, start=start, size=PAGE)
    return render_template(
        "meetups/claims.html",
        program=program,
        meetup=meetup,
        rows=rows[:PAGE],
        proved=open_claims.proved(db.session(), [row.registration for row in rows]),
        more=len(rows) > PAGE,
        start=start,
        step=PAGE,
        total=decisions.number_waiting(meetup.id),
        decided=decisions.decided(meetup.id, DECIDED),
    )


@bp.get(ONE)
@access.program_member(Role.ORGANIZER)
def claim(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return _one(program, meetup, _named(meetup, reference))


@bp.post(f"{ONE}/link")
@access.program_member(Role.ORGANIZER)
def link_claim(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = LinkForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: decisions.link(row.id, form.person_id, access.current_actor(), form.reason.data or ""),
    )


@bp.post(f"{ONE}/entry")
@access.program_member(Role.ORGANIZER)
def add_claimant(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = AddToListForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: decisions.add(
            row.id, form.cohort_id, form.name.data or "", access.current_actor(), form.reason.data or ""
        ),
    )


@bp.post(f"{ONE}/refusal")
@access.program_member(Role.ORGANIZER)
def refuse_claim(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    form = ReasonForm()
    return _decide(
        program,
        slug,
        reference,
        form,
        lambda row: decisions.refuse(row.id, form.reason.data or "", access.current_actor()),
    )


def _decide(
    program: Program,
    slug: str,
    reference: str,
    form: LinkForm | AddToListForm | ReasonForm,
    act: Callable[[Registration], Registration],
) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    found = _named(meetup, reference)
    return decided(
        form,
        lambda: _said(act(found.registration).status),
        page=lambda form: _one(program, meetup, _named(meetup, reference), form),
        back=url_for(".claims", program=program.slug, slug=slug),
    )


def _said(after: Status) -> str:
    sentences = {
        Status.CONFIRMED: _("Found: they have a seat, and the ticket is on its way by mail."),
        Status.WAITLISTED: _("Found: they wait in line by the time at which they asked, and a mail says so."),
        Status.OFFERED: _("Found: a seat is held for them, and the mail says until when."),
        Status.APPLIED: _("Found: they are among the applicants now, and a mail says so."),
        Status.DECLINED: _("Refused. The mail gives your reason."),
    }
    return str(sentences[after])


def _named(meetup: Meetup, reference: str) -> Claim:
    return decisions.find(meetup.id, reference) or abort(404)


def _one(
    program: Program, meetup: Meetup, found: Claim, form: LinkForm | AddToListForm | ReasonForm | None = None
) -> str:
    asked = searched()
    is_open = found.registration.status is Status.PENDING
    shown = claim_matches.find(found, asked) if is_open else {}
    looks.at_claim(program.id, found.registration_id, shown, access.current_actor())
    return render_template(
        "meetups/claim.html",
        program=program,
        meetup=meetup,
        claim=found,
        registration=found.registration,
        is_open=is_open,
        is_proved=bool(open_claims.proved(db.session(), [found.registration])),
        matches=claim_matches.told(found, shown),
        asked=asked,
        seating=seat_counts.seating_of(db.session(), meetup),
        form=form,
        longest_reason=LONGEST_REASON,
    )
