"""One attendee's page: who it is, what happened, and what an organizer can do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app import access, answer_words, mail_words, ready_texts
from app.blueprints.exports import bulk_words, wording
from app.blueprints.exports.routes import bp
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.paths import local_path
from app.domain.registering.registrations import ENDED, Status
from app.domain.writing.kept_texts import one_line
from app.models import Meetup, MeetupState, Program, Registration, Role, RosterUpload
from app.refusals import explain
from app.services.alumni import attendance, roster_uploads
from app.services.door import door_release, door_ticks, known_guests
from app.services.fees import terms as fee_terms
from app.services.organizing import attendee as service
from app.services.organizing import certificates, desk_notes, looks, one_place, tags
from app.services.printing import badge_prints
from app.services.registering import answers, consents, registrations, tickets
from app.services.revising import contacts
from app.services.seating import reserved_seats, seat_counts
from app.typed_texts import no_resident_number

if TYPE_CHECKING:
    from app.blueprints.exports.alerts import AlertForm
    from app.blueprints.exports.companions import CompanionsForm
    from app.blueprints.exports.contacts import ContactForm
    from app.blueprints.exports.for_them import WithdrawalForm
    from app.blueprints.exports.guests import NameForm
    from app.blueprints.exports.notes import NoteForm, TagsForm

ONE = "/attendees/<reference>"
LONGEST_REASON = 200


class ReasonForm(FlaskForm):
    """Why an organizer does this; kept in the history."""

    reason = StringField(
        filters=[one_line],
        validators=[
            DataRequired(_l("Write the reason.")),
            no_resident_number,
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters, please.")),
        ],
    )


class CancellingForm(ReasonForm):
    """`asked`: the person wants it, and it is their own cancelling."""

    asked = BooleanField(_l("They asked for it themselves"))


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return page(program, meetup, registration_of(meetup, reference))


@bp.post(f"{ONE}/cancellation")
@access.member(Role.ORGANIZER)
def cancel_attendee(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """Take the place back, or give it up for whoever asked to; the person is told, and the next in line moves up."""
    meetup, form = access.meetup_of(program, slug), CancellingForm()
    registration = registration_of(meetup, reference)
    if not form.validate():
        return page(program, meetup, registration, cancelling=form), 422
    try:
        end = registrations.cancel_on_request if form.asked.data else registrations.decline
        end(registration.id, access.current_actor(), form.reason.data or "")
    except DomainError as refusal:
        is_in = refusal.code == "already_admitted"
        said = _("They are checked in. Undo the check-in first.") if is_in else explain(refusal)
        form.reason.errors = [said]
        return page(program, meetup, registration, cancelling=form), 422
    told = _("The registration is cancelled. The person is told by mail.")
    flash(
        told if registration.address else _("The registration is cancelled. Tell them: there is no address.")
    )
    return back(program, slug, reference)


@bp.post(f"{ONE}/tickets")
@access.member(Role.ORGANIZER)
def reissue_ticket(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """A new ticket by mail; the old code stops working."""
    meetup, form = access.meetup_of(program, slug), ReasonForm()
    registration = registration_of(meetup, reference)
    if not form.validate():
        return page(program, meetup, registration, reissuing=form), 422
    try:
        tickets.reissue(registration.id, access.current_actor(), form.reason.data)
    except DomainError as refusal:
        form.reason.errors = [explain(refusal)]
        return page(program, meetup, registration, reissuing=form), 422
    told = _("The old ticket no longer works. The new one is on its way by mail.")
    flash(told if registration.address else _("The old ticket no longer works. No mail goes out."))
    return back(program, slug, reference)


@bp.post(f"{ONE}/mails")
@access.member(Role.ORGANIZER)
def mail_attendee_again(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    registration = registration_of(access.meetup_of(program, slug), reference)
    try:
        service.mail_again(registration.id, access.current_actor())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        flash(_("The mail goes out again."))
    return back(program, slug, reference)


def registration_of(meetup: Meetup, reference: str) -> Registration:
    return service.find(meetup.id, reference) or abort(404)


def _attended(registration: Registration) -> list[attendance.Attended]:
    """At which meetups they were; to whoever has this meetup alone, only this one."""
    history = attendance.history(registration.person_id)
    return [line for line in history if access.runs_program() or line.meetup.id == registration.meetup_id]


def _way_back(program: Program) -> RosterUpload | None:
    """Of the correction from which this page was come to, while it is kept."""
    reference = request.args.get("back", "")
    if not reference or not access.runs_program():
        return None
    return roster_uploads.find(program.id, access.me().id, reference)


def table_of(program: Program, slug: str) -> str:
    """The table from which somebody came, as they had it: in the address of this page, or of the one whose form it was."""
    table = url_for(".attendees_list", program=program.slug, slug=slug)
    sender = parse_qs(urlsplit(request.referrer or "").query).get("next", [""])[0]
    given = local_path(request.args.get("next") if request.method == "GET" else sender)
    return given if given and urlsplit(given).path == table else table


def address_of(program: Program, slug: str, reference: str) -> str:
    """Of their page, which knows the way back to the table."""
    table = table_of(program, slug)
    back = table if urlsplit(table).query else None
    return url_for(".attendee", program=program.slug, slug=slug, reference=reference, next=back)


def back(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    return redirect(address_of(program, slug, reference), 303)


def page(
    program: Program,
    meetup: Meetup,
    registration: Registration,
    cancelling: CancellingForm | None = None,
    reissuing: ReasonForm | None = None,
    accompanying: CompanionsForm | None = None,
    alerting: AlertForm | None = None,
    tagging: TagsForm | None = None,
    noting: NoteForm | None = None,
    renaming: NameForm | None = None,
    seating: ReasonForm | None = None,
    contacting: ContactForm | None = None,
    withdrawing: WithdrawalForm | None = None,
) -> str:
    """The page, with the form as it was sent where one was refused."""
    looks.at_attendee(program.id, registration.id, access.current_actor())
    history = service.history(registration.id)
    status = registration.status
    return render_template(
        "exports/attendee.html",
        program=program,
        meetup=meetup,
        registration=registration,
        table=table_of(program, meetup.slug),
        here=address_of(program, meetup.slug, registration.reference),
        person=registration.person,
        is_on_roster=service.is_on_roster(registration),
        place=seat_counts.place_in_line(registration) if status is Status.WAITLISTED else None,
        released_at=registration.released_at(meetup),
        attended=_attended(registration),
        history=history,
        names=service.names_of(moment.actor for moment in history),
        mails=service.mails(registration.id),
        mail_words=mail_words,
        wording=wording,
        chance=door_release.chance_of(meetup.id, registration.reference),
        reserved_as=reserved_seats.role_of(registration),
        walk_in=service.walk_in(meetup, registration),
        fee=fee_terms.facts(registration),
        has_certificate=certificates.stands(registration),
        may_confirm=known_guests.may_confirm(registration),
        may_rename=known_guests.may_rename(db.session(), registration, also_elsewhere=access.runs_program()),
        renaming=renaming,
        badges=badge_prints.of_registration(registration.id),
        handed=door_ticks.given(meetup.id, [registration.reference]).get(registration.reference, {}),
        answers=answer_words.of_party(registration),
        may_answer=bool(meetup.questions_version) and answers.may_record(registration),
        withdrawing=withdrawing,
        consents=consents.of_registration(registration),
        declared_age=consents.declared_age(registration.id),
        over=status in ENDED or meetup.state is MeetupState.CALLED_OFF,
        day_has_come=meetup.day_has_come(now()),
        seat=one_place.look(registration),
        seating=seating,
        contacting=contacting,
        said_otherwise=contacts.said_otherwise(registration) if access.runs_program() else (),
        way_back=_way_back(program),
        undone_until=one_place.undone_until(registration),
        bulk_words=bulk_words,
        cancelling=cancelling,
        reissuing=reissuing,
        accompanying=accompanying,
        alerting=alerting,
        tags=tags.of_registrations([registration.id]).get(registration.id, []),
        known_tags=tags.of_meetup(meetup.id),
        note=desk_notes.of_registration(registration.id),
        tagging=tagging,
        noting=noting,
        longest_reason=LONGEST_REASON,
        ready_text=ready_texts.about(registration, reached=service.is_reached(registration)),
    )
