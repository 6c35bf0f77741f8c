"""The phone's pages: becoming a staff phone, and the scanner."""

from __future__ import annotations

from flask import current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access
from app.blueprints.checkin import answers, kiosk, rehearsals, shell
from app.blueprints.checkin.access import door_pass, remember, shown_hashes
from app.blueprints.checkin.forms import EnrolForm
from app.blueprints.checkin.ready_words import READY
from app.blueprints.checkin.routes import bp
from app.db import db
from app.domain.door import tickets
from app.domain.errors import DomainError
from app.errors import page
from app.headers import scanner_policy
from app.i18n import current_locale
from app.models import DeviceRole, Enrolment, Meetup
from app.refusals import explain
from app.services.door import devices, door_contacts, door_settings, walk_ins
from app.services.door.devices import DoorPass

IN_APP = {"KAKAOTALK": "kakaotalk", "NAVER(": "naver", "INSTAGRAM": "instagram", " LINE/": "line"}


@bp.get("/door/<slug>")
@access.declared("door_phone")
def scanner(slug: str) -> ResponseReturnValue:
    """The scanner of an enrolled phone; others learn what to do, whether or not there is such a meetup."""
    try:
        door = door_pass(slug, kiosk=True)
    except DomainError as refusal:
        return _ended(slug, refusal)
    door_contacts.seen(door)
    meetup = db.session.get_one(Meetup, door.meetup_id)
    html = kiosk.page(door, meetup) if door.is_kiosk else _scanner(door, meetup)
    return shell.marked(scanner_policy(make_response(html)))


def _scanner(door: DoorPass, meetup: Meetup) -> str:
    slug, locale = meetup.slug, current_locale()
    title = meetup.title(locale)
    facts = {
        "slug": slug,
        "title": title,
        "apiBase": url_for("checkin.scanner", slug=slug) + "/api",
        "role": door.role,
        "meetup": door.meetup_id,
        "device": door.device_id,
        "name": door.name,
        "gate": door.gate,
        "until": answers.instant(door.expires_at),
        "cohorts": answers.cohorts(walk_ins.cohorts(door.program_id)) if door.may_supervise else [],
        "settings": answers.settings(door_settings.told(door.meetup_id)),
        "locale": locale,
        "zone": meetup.zone,
        "mode": "confirm" if meetup.door_confirms else "express",
        "ticketPrefix": tickets.payload(current_app.config["SETTINGS"].base_url, ""),
        "rehearsal": rehearsals.facts(meetup),
        "serviceWorker": url_for("checkin.service_worker"),
        "manifest": url_for("checkin.app_manifest", slug=slug),
    }
    ready = {key: str(text) for key, text in READY.items()}
    return render_template(
        "checkin/scanner.html", meetup={"title": title}, device=door, door=facts, ready_words=ready
    )


def _ended(slug: str, refusal: DomainError) -> ResponseReturnValue:
    """For a phone without a right: why, and what it still holds; alike whether or not there is such a door."""
    ended = {"slug": slug, "apiBase": f"{request.path}/api", "error": refusal.code}
    html = render_template(
        "checkin/ended.html",
        status=401,
        title=_("This phone can't work this door"),
        sentence=explain(refusal),
        request_id=g.get("request_id", ""),
        ended=ended,
    )
    return make_response(html, 401)


@bp.get("/door/enrol/<token>")
@access.public
def enrolment(token: str) -> ResponseReturnValue:
    """What this phone is about to become. Opening the link changes nothing."""
    try:
        enrolment = devices.open_enrolment(token)
        return _form(enrolment, EnrolForm(_gates(enrolment), data={"gate": enrolment.gate or ""}))
    except DomainError as refusal:
        return _own_door(token) or _turned_away(refusal)


@bp.post("/door/enrol/<token>")
@access.public
def enrol(token: str) -> ResponseReturnValue:
    """Make this phone a staff phone, once for each link."""
    try:
        enrolment = devices.open_enrolment(token)
        form = EnrolForm(_gates(enrolment))
        if not form.validate():
            return _form(enrolment, form), 422
        device, secret = devices.enrol(token, form.name.data, form.chosen_gate())
    except DomainError as refusal:
        return _own_door(token) or _turned_away(refusal)
    slug = db.session.get_one(Meetup, device.meetup_id).slug
    first = None if device.role is DeviceRole.KIOSK else "ready"
    response = make_response(redirect(url_for("checkin.scanner", slug=slug, _anchor=first), 303))
    remember(response, device, secret)
    return response


def _gates(enrolment: Enrolment) -> list[str]:
    return door_settings.told(enrolment.meetup_id).gates


def _form(enrolment: Enrolment, form: EnrolForm) -> str:
    meetup = db.session.get_one(Meetup, enrolment.meetup_id)
    return render_template(
        "checkin/enrol.html",
        meetup={"title": meetup.title(current_locale())},
        role=enrolment.role.value,
        form=form,
        in_app=_in_app(request.user_agent.string),
    )


def _in_app(user_agent: str) -> str | None:
    """The app whose built-in browser this is: those rarely hand out the camera."""
    agent = user_agent.upper()
    return next((name for mark, name in IN_APP.items() if mark in agent), None)


def _own_door(token: str) -> ResponseReturnValue | None:
    """The phone that used this link itself, opening it again, goes on to its door."""
    slug = devices.door_opened_by(token, shown_hashes())
    return redirect(url_for("checkin.scanner", slug=slug), 303) if slug else None


def _turned_away(refusal: DomainError) -> ResponseReturnValue:
    status = 404 if refusal.code == "enrolment_unknown" else 410
    return page(status, _("This door QR doesn't work"), explain(refusal))
