"""One person on a cohort's roster: their addresses, rosters and registrations."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app import access, mail_words
from app.blueprints.programs.blueprint import bp
from app.blueprints.programs.forms import CorrectionForm
from app.db import db
from app.domain.errors import DomainError
from app.models import Cohort, Person, Program, Registration, Role, RosterEntry
from app.refusals import explain
from app.services.alumni import attendance, entry_corrections, people
from app.services.mails import dead_addresses, opt_outs
from app.services.organizing import attendee, joined_people, looks

FIELDS = {
    "name": _l("Name"),
    "other_name": _l("Other name"),
    "phone": _l("Phone"),
    "certificate": _l("Certificate or student number"),
    "completed": _l("Completed the cohort"),
}
ENTRY = "/desk/<program>/cohorts/<int:ordinal>/entries/<int:person_id>"


@bp.get(ENTRY)
@access.member(Role.ORGANIZER)
def entry(program: Program, ordinal: int, person_id: int) -> ResponseReturnValue:
    return page(program, entry_of(program, ordinal, person_id))


@bp.post(f"{ENTRY}/addresses")
@access.member(Role.ORGANIZER)
def add_address(program: Program, ordinal: int, person_id: int) -> ResponseReturnValue:
    found, typed = entry_of(program, ordinal, person_id), request.form.get("address", "")[:320]
    try:
        people.add_address(program.id, person_id, typed, access.current_actor())
    except DomainError as refusal:
        return page(program, found, typed, [explain(refusal)]), 422
    flash(_("The address was added. They can register with it now."))
    return back(program, ordinal, person_id)


@bp.post(f"{ENTRY}/addresses/<int:address_id>/removal")
@access.member(Role.ORGANIZER)
def remove_address(program: Program, ordinal: int, person_id: int, address_id: int) -> ResponseReturnValue:
    entry_of(program, ordinal, person_id)
    try:
        people.remove_address(program.id, person_id, address_id, access.current_actor())
    except DomainError as refusal:
        if refusal.code == "no_such_address":
            abort(404)
        flash(explain(refusal), "warning")
    else:
        flash(_("The address was removed."))
    return back(program, ordinal, person_id)


@bp.post(f"{ENTRY}/addresses/<int:address_id>/no-mail")
@access.member(Role.ORGANIZER)
def address_fails(program: Program, ordinal: int, person_id: int, address_id: int) -> ResponseReturnValue:
    """Mails come back from there."""
    entry_of(program, ordinal, person_id)
    try:
        dead_addresses.mark_by_hand(program.id, person_id, address_id, access.current_actor())
    except DomainError:
        abort(404)
    flash(_("Noted: no mail arrives there. Invitations go to another address of theirs, if there is one."))
    return back(program, ordinal, person_id)


@bp.post(f"{ENTRY}/addresses/<int:address_id>/life")
@access.member(Role.ORGANIZER)
def address_works(program: Program, ordinal: int, person_id: int, address_id: int) -> ResponseReturnValue:
    """Mails arrive there after all."""
    entry_of(program, ordinal, person_id)
    try:
        dead_addresses.clear(program.id, person_id, address_id, access.current_actor())
    except DomainError:
        abort(404)
    flash(_("The address counts as working again."))
    return back(program, ordinal, person_id)


def entry_of(program: Program, ordinal: int, person_id: int) -> RosterEntry:
    person = joinedload(RosterEntry.person, innerjoin=True)
    query = (
        select(RosterEntry)
        .join(RosterEntry.cohort)
        .where(Cohort.program_id == program.id, Cohort.ordinal == ordinal, RosterEntry.person_id == person_id)
        .options(person.options(selectinload(Person.addresses), selectinload(Person.phones)))
    )
    return db.session.scalars(query).one_or_none() or abort(404)


def page(
    program: Program,
    found: RosterEntry,
    typed: str = "",
    errors: list[str] | None = None,
    correcting: CorrectionForm | None = None,
) -> str:
    """The page, with the forms as they were sent where one was refused."""
    person_id = found.person_id
    looks.at_person(program.id, person_id, access.current_actor())
    entries = db.session.scalars(
        select(RosterEntry)
        .join(RosterEntry.cohort)
        .where(RosterEntry.person_id == person_id)
        .options(joinedload(RosterEntry.cohort, innerjoin=True))
        .order_by(Cohort.ordinal)
    ).all()
    registrations = db.session.scalars(
        select(Registration)
        .where(Registration.person_id == person_id)
        .options(joinedload(Registration.meetup, innerjoin=True))
        .order_by(Registration.id.desc())
    ).all()
    corrections, joinings = entry_corrections.of_person(person_id), joined_people.of_person(person_id)
    facts = entry_corrections.facts_of(found)
    return render_template(
        "programs/entry.html",
        corrections=corrections,
        joinings=joinings[::-1],
        names=attendee.names_of([*(each.actor for each in corrections), *(each.actor for each in joinings)]),
        correcting=correcting,
        correction=correcting or CorrectionForm.about(facts),
        fields=FIELDS,
        mail_words=mail_words,
        program=program,
        cohort=next(each.cohort for each in entries if each.id == found.id),
        entry=found,
        person=found.person,
        entries=entries,
        listed={each.address_key for each in entries},
        registrations=registrations,
        attended={line.registration.id: line.attendance for line in attendance.history(person_id)},
        opted_out=opt_outs.has_opted_out(program.id, {each.address_key for each in found.person.addresses}),
        typed=typed,
        errors=errors or [],
    )


def back(program: Program, ordinal: int, person_id: int) -> ResponseReturnValue:
    return redirect(url_for(".entry", program=program.slug, ordinal=ordinal, person_id=person_id), 303)
