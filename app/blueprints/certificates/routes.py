"""Certificates of attendance at the desk: how they look, and printing them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import Length

from app import access, hand_written, people_choice
from app import certificate_papers as papers
from app.certificate_papers import Holder, Said
from app.clock import now
from app.domain.errors import DomainError
from app.domain.printing.certificates import PAPER, spelled
from app.domain.writing.words import Words
from app.file_fields import reason_field
from app.files import download_name
from app.i18n import LOCALES, current_locale
from app.models import Meetup, Program, Registration, Role
from app.printing.picture import Picture
from app.refusals import explain
from app.services.mails.to_many import cohort_name
from app.services.organizing import attendee, attendees, certificates, images
from app.services.organizing.certificates import Design
from app.services.organizing.filters import Filter
from app.services.personal import keeping
from app.tick_boxes import TicksField
from app.typed_texts import no_resident_number

bp = Blueprint("certificates", __name__)
DESK = "/desk/<program>/meetups/<slug>/certificates"
LONGEST, LONGEST_WORDS, DOTS = 100, 300, 4
NOBODY = spelled("2" * 10, "2" * 10)  # of the preview: no number of ours
PARTS = ("signer", "position", "words")


class DesignForm(FlaskForm):
    """The words in both languages, and the seal."""

    is_on = BooleanField(_l("Let those who came in take theirs at their personal link"))
    signer_ko = StringField(_l("Who signs, in Korean"), validators=[Length(max=LONGEST), no_resident_number])
    position_ko = StringField(
        _l("Their title, in Korean"), validators=[Length(max=LONGEST), no_resident_number]
    )
    words_ko = TextAreaField(
        _l("What is certified, in Korean"), validators=[Length(max=LONGEST_WORDS), no_resident_number]
    )
    signer_en = StringField(_l("Who signs, in English"), validators=[Length(max=LONGEST), no_resident_number])
    position_en = StringField(
        _l("Their title, in English"), validators=[Length(max=LONGEST), no_resident_number]
    )
    words_en = TextAreaField(
        _l("What is certified, in English"), validators=[Length(max=LONGEST_WORDS), no_resident_number]
    )
    seal = FileField(_l("Seal"))
    no_seal = BooleanField(_l("Take the seal off"))


class PrintForm(FlaskForm):
    """Whose, in which language, and why."""

    locale = RadioField(_l("Language"))
    reference = StringField(
        _l("Registration number"),
        description=_l("Of one person. Empty: everybody who came in."),
        validators=[Length(max=40)],
    )
    cohorts = TicksField(_l("Which cohorts"), coerce=int)
    reason = reason_field(_l("For example: to hand out at the office. Kept in the audit log."))


@bp.route(DESK, methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def design(program: Program, slug: str) -> ResponseReturnValue:
    """How they look: shown, and saved."""
    meetup = access.meetup_of(program, slug)
    form = DesignForm()
    if request.method == "GET":
        _show(form, certificates.of_meetup(meetup.id))
    elif form.validate():
        try:
            return _saved(program, meetup, form)
        except DomainError as refusal:
            form.form_errors.append(explain(refusal))
    return _page(program, meetup, form=form), 200 if request.method == "GET" else 422


@bp.post(f"{DESK}/prints")
@access.member(Role.ORGANIZER)
def prints(program: Program, slug: str) -> ResponseReturnValue:
    """Everybody's certificate, or one person's, as a PDF."""
    meetup = access.meetup_of(program, slug)
    form = _print_form(meetup)
    if form.validate():
        try:
            return _file(meetup, form)
        except DomainError as refusal:
            form.form_errors.append(explain(refusal))
    return _page(program, meetup, printing=form), 422


@bp.post(f"{DESK}/one/<reference>")
@access.member(Role.ORGANIZER)
def print_one(program: Program, slug: str, reference: str) -> ResponseReturnValue:
    """One person's, for themselves: nobody is asked why, and it is noted with whom it names."""
    meetup = access.meetup_of(program, slug)
    registration = attendee.find(meetup.id, reference) or abort(404)
    asked = request.form.get("locale", "")
    locale = asked if asked in LOCALES else current_locale()
    try:
        return _pdf(meetup, registration.reference, locale, "")
    except DomainError as refusal:
        flash(explain(refusal), "warning")
        there = url_for("exports.attendee", program=program.slug, slug=slug, reference=reference)
        return redirect(there, 303)


@bp.get(f"{DESK}/preview.png")
@access.member(Role.ORGANIZER)
def preview(program: Program, slug: str) -> ResponseReturnValue:
    """As it is saved, or as the address says that somebody is typing it; of a person who is invented."""
    meetup = access.meetup_of(program, slug)
    locale = request.args.get("language", current_locale())
    if locale not in LOCALES:
        abort(404)
    kept = certificates.of_meetup(meetup.id)
    typed = {
        part: request.args.get(f"{part}_{locale}", getattr(getattr(kept, part), locale))[:LONGEST_WORDS]
        for part in PARTS
    }
    cohort = meetup.cohorts[0] if meetup.cohorts else None
    holder = Holder("김동문" if locale == "ko" else "Dongmun Kim", cohort, NOBODY, keeping.last_day(meetup))
    said = Said(**typed, seal=certificates.seal_bytes(meetup.id))
    picture = Picture(PAPER, dots=DOTS)
    picture.draw(papers.drawn(meetup, holder, said, locale, max(now(), meetup.ends_at)))
    return Response(picture.png(), mimetype="image/png")


def _saved(program: Program, meetup: Meetup, form: DesignForm) -> ResponseReturnValue:
    before, actor = certificates.of_meetup(meetup.id), access.current_actor()
    seal_id = None if form.no_seal.data else before.seal_id
    if form.seal.data:
        seal_id = images.store(program.id, form.seal.data.stream, actor).id
    words = {
        part: Words(*(_plain(form[f"{part}_{locale}"].data) for locale in ("ko", "en"))) for part in PARTS
    }
    changed = certificates.save(meetup.id, Design(form.is_on.data, seal_id=seal_id, **words), actor)
    flash(_("Saved.") if changed else _("Nothing changed."), "message" if changed else "info")
    return redirect(url_for(".design", program=program.slug, slug=meetup.slug), 303)


def _file(meetup: Meetup, form: PrintForm) -> ResponseReturnValue:
    reference, chosen = (form.reference.data or "").strip().upper(), frozenset(form.cohorts.data or ())
    wanted = people_choice.of(meetup).printed
    return _pdf(meetup, reference or None, form.locale.data, form.reason.data.strip(), chosen, wanted)


def _pdf(
    meetup: Meetup,
    reference: str | None,
    locale: str,
    reason: str,
    cohorts: frozenset[int] = frozenset(),
    wanted: Filter | None = None,
) -> ResponseReturnValue:
    days = certificates.days(meetup)
    rows = certificates.people(meetup, reference, cohorts, access.current_actor(), reason, wanted)
    holders = [_holder(row, days) for row in rows]
    said = papers.said(certificates.of_meetup(meetup.id), locale, certificates.seal_bytes(meetup.id))
    made = papers.pdf(meetup, holders, said, locale, now())
    name = download_name(f"{meetup.title(locale)} {_('Certificate of attendance')}", "pdf")
    return send_file(io.BytesIO(made), "application/pdf", as_attachment=True, download_name=name, max_age=0)


def _holder(row: Registration, days: Mapping[int, dt.date]) -> Holder:
    number, until = certificates.number_of(row.reference), certificates.until(row, days)
    return Holder(row.person.name, row.cohort, number, until)


def _page(
    program: Program, meetup: Meetup, form: DesignForm | None = None, printing: PrintForm | None = None
) -> str:
    if form is None:
        form = DesignForm(formdata=None)
        _show(form, certificates.of_meetup(meetup.id))
    choice = people_choice.of(meetup)
    return render_template(
        "certificates/design.html",
        program=program,
        meetup=meetup,
        form=form,
        printing=printing or _print_form(meetup),
        has_seal=certificates.seal_of(meetup.id) is not None,
        choice=choice,
        earned=certificates.number_earned(meetup.id, choice.printed),
        until=keeping.last_day(meetup),
        to_write=hand_written.of(certificates.names(meetup.id)),
        is_over=meetup.ends_at <= now(),
        usual=papers.usual_words(),
    )


def _print_form(meetup: Meetup) -> PrintForm:
    form = PrintForm()
    form.cohorts.choices = [
        (c.ordinal, cohort_name(c, current_locale())) for c in attendees.cohorts_of(meetup.id)
    ]
    form.locale.choices = [("ko", "한국어"), ("en", "English")]
    if not form.locale.data or form.locale.data == "None":
        form.locale.data = current_locale()
    return form


def _show(form: DesignForm, kept: Design) -> None:
    form.is_on.data = kept.is_on
    for part in PARTS:
        for locale in ("ko", "en"):
            form[f"{part}_{locale}"].data = getattr(getattr(kept, part), locale)


def _plain(text: str | None) -> str:
    return "\n".join(line.strip() for line in (text or "").splitlines()).strip()
