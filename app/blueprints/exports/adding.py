"""Registering one person from the desk: found among the programme's people, or a new guest."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from app import access, guest_words
from app.blueprints.exports.routes import bp
from app.db import db
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.registering.adding import ROLES, Guest, Kind, Wish, read_guest
from app.domain.registering.registrations import Status
from app.domain.registering.tags import tag_key
from app.domain.seating.seats import MOST_COMPANIONS
from app.domain.writing.addresses import masked_address
from app.domain.writing.kept_texts import one_line
from app.i18n import LOCALES, current_locale
from app.models import Meetup, Person, Program, Role
from app.numbers import number, query_number
from app.refusals import explain
from app.searches import searched
from app.services.inviting import reaching
from app.services.organizing import looks, tags
from app.services.personal import erasure
from app.services.registering import adding
from app.tick_boxes import TicksField
from app.typed_texts import no_resident_number

bp.app_template_filter("masked_address")(masked_address)

ADDING = "/attendees/new"
LONGEST_REASON = 200
KINDS = {
    **{kind: guest_words.ROLES[role] for kind, role in ROLES.items()},
    Kind.STAFF: _l("Staff"),
}
OF_FIELDS = {
    "unnamed": "name",
    "name_too_long": "name",
    "resident_number_typed": "name",
    "bad_address": "address",
    "guest_is_known": "address",
    "bad_phone": "phone",
    "companions_too_many": "companions",
}
ASKING = frozenset({"full", "full_but_kept"})


class AddingForm(FlaskForm):
    """`person`: somebody of the programme; without it a new guest."""

    token = HiddenField()
    person = HiddenField()
    name = StringField(_l("Name"), filters=[one_line], validators=[Length(max=400)])
    address = StringField(_l("E-mail address"), filters=[one_line], validators=[Length(max=320)])
    phone = StringField(_l("Phone"), filters=[one_line], validators=[Length(max=40)])
    kinds = TicksField(
        _l("Comes as"),
        description=_l(
            "Becomes a tag. A speaker or special guest takes one of the seats that are reserved without a name, where there is one."
        ),
    )
    companions = IntegerField(
        _l("Number of companions"),
        default=0,
        validators=[
            InputRequired(_l("Write a number.")),
            NumberRange(0, MOST_COMPANIONS, _l("A number from %(min)s to %(max)s, please.")),
        ],
    )
    tells = BooleanField(_l("Mail them the ticket and their personal link"), default=True)
    language = RadioField(
        _l("Language of their mails"),
        choices=[SelectChoice("ko", "한국어"), SelectChoice("en", "English")],
        default="ko",
    )
    reason = StringField(
        _l("Reason"),
        description=_l("Only organizers see it."),
        filters=[one_line],
        validators=[Length(max=LONGEST_REASON), no_resident_number],
    )
    asks = False  # whether there is no seat, and it takes a decision

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.kinds.choices = [(kind.value, word) for kind, word in KINDS.items()]
        self.known: int | None = None  # whose the guest's address is


@bp.get(ADDING)
@access.program_member(Role.ORGANIZER)
def add_person(program: Program, slug: str) -> ResponseReturnValue:
    """Look for somebody; with `person` or `guest`, the form about them."""
    meetup = access.meetup_of(program, slug)
    if refusal := adding.why_not(meetup):
        return render_template(
            "exports/adding.html", program=program, meetup=meetup, refusal=explain(refusal)
        )
    if chosen := query_number("person", 0):
        if held := adding.place_of(meetup.id, _person(program, chosen).id):
            return _to(program, meetup, held.reference)
        return _form_page(program, meetup, _fresh(person=str(chosen)))
    asked = searched()
    if request.args.get("guest"):
        return _form_page(program, meetup, _fresh(**{"address" if "@" in asked else "name": asked}))
    found = adding.found(meetup, asked)
    shown = found[: adding.MOST_FOUND]
    people = [each.person.id for each in shown]
    page = render_template(
        "exports/adding.html",
        program=program,
        meetup=meetup,
        asked=asked,
        found=shown,
        more=len(found) > adding.MOST_FOUND,
    )
    looks.at_people(program.id, people, access.current_actor())
    return page


@bp.post(ADDING)
@access.program_member(Role.ORGANIZER)
def save_person(program: Program, slug: str) -> ResponseReturnValue:
    meetup, form = access.meetup_of(program, slug), AddingForm()
    if not form.validate():
        return _form_page(program, meetup, form), 422
    try:
        added = adding.add(meetup.id, _wish(meetup, form), access.current_actor())
    except DomainError as refusal:
        if refusal.code == "no_such_person":
            abort(404)
        _note(form, refusal)
        return _form_page(program, access.meetup_of(program, slug), form), 422
    _tell(added)
    return _to(program, meetup, added.registration.reference)


def _wish(meetup: Meetup, form: AddingForm) -> Wish:
    person_id = number(form.person.data or "")
    kinds = [Kind(each) for each in form.kinds.data or ()]
    return Wish(
        token=(form.token.data or "")[:64],
        person_id=person_id,
        guest=_guest(form) if person_id is None else None,
        kinds=kinds,
        tags=[_word(meetup, kind) for kind in kinds],
        companions=form.companions.data or 0,
        tells=form.tells.data,
        locale=form.language.data,
        reason=form.reason.data or "",
        waits_if_full=request.form.get("full") == "wait",
    )


def _guest(form: AddingForm) -> Guest:
    return read_guest(form.name.data or "", form.address.data or "", form.phone.data or "")


def _word(meetup: Meetup, kind: Kind) -> str:
    """The tag that the meetup has for it in any language, or else the word of the page's."""
    has = {tag_key(name): name for name in tags.of_meetup(meetup.id)}
    for locale in (current_locale(), *LOCALES):
        with force_locale(locale):
            if known := has.get(tag_key(str(KINDS[kind]))):
                return known
    return str(KINDS[kind])


def _note(form: AddingForm, refusal: DomainError) -> None:
    """At the field that it is about; all that was typed stays."""
    if refusal.code == "guest_is_known":
        form.known = int(str(refusal.params["person"]))
    form.asks = refusal.code in ASKING
    name = OF_FIELDS.get(refusal.code)
    if name:
        form[name].errors = [*form[name].errors, explain(refusal)]
    else:
        form.form_errors.append(explain(refusal))


def _tell(added: adding.Added) -> None:
    if not added.is_new:
        flash(_("They have a place already. This is their page."), "info")
    elif added.registration.status is Status.CONFIRMED:
        flash(_("They are added and have a seat."))
    else:
        flash(_("They are added and wait for a seat like everybody."), "warning")


def _fresh(**about: str) -> AddingForm:
    return AddingForm(
        formdata=None, data={"token": tokens.uid(), "language": "ko", "companions": 0, "tells": True, **about}
    )


def _to(program: Program, meetup: Meetup, reference: str) -> ResponseReturnValue:
    return redirect(url_for(".attendee", program=program.slug, slug=meetup.slug, reference=reference), 303)


def _person(program: Program, person_id: int) -> Person:
    return erasure.find(program.id, person_id) or abort(404)


def _form_page(program: Program, meetup: Meetup, form: AddingForm) -> str:
    person_id = number(form.person.data or "")
    person = None if person_id is None else _person(program, person_id)
    for each in filter(None, (person_id, form.known)):
        looks.at_person(program.id, each, access.current_actor())
    return render_template(
        "exports/adding_one.html",
        program=program,
        meetup=meetup,
        form=form,
        person=person,
        reached=reaching.newest_of(db.session(), person.id) if person else None,
        known=_person(program, form.known) if form.known else None,
    )
