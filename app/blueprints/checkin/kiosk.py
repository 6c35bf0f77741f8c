"""What a self check-in tablet is told: its page in both languages, and the bare minimum of everything else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import current_app, render_template, url_for
from flask_babel import force_locale

from app.blueprints.checkin import answers
from app.blueprints.checkin.kiosk_words import WORDS
from app.db import db
from app.domain.door import kiosks, tickets
from app.domain.door.admission import Verdict
from app.domain.writing.masking import masked
from app.i18n import LOCALES, current_locale
from app.models import Meetup
from app.refusals import sentence
from app.services.door import kiosks as codes
from app.services.door.devices import DoorPass
from app.services.door.door_outcomes import Outcome

NAMES = {"ko": "한국어", "en": "English"}  # each as its speakers write it


def outcome(given: Outcome, *, bare: bool = False) -> dict[str, Any]:
    """Welcome, with a name that only its bearer recognises; or off to the staff, who see why. `bare`: no name."""
    if given.error:
        return {"id": given.id, "error": given.error, "reason": sentence(given.error)}
    ok = given.verdict is Verdict.OK
    told = {"id": given.id, "verdict": given.verdict if ok else kiosks.TO_STAFF, "replayed": given.replayed}
    if not ok or bare or given.person is None:
        return told
    return told | {"person": {"name": masked(given.person.name)}} | answers.party(given)


def state(door: DoorPass) -> dict[str, Any]:
    return {
        "device": {"role": door.role},
        "until": answers.instant(door.expires_at),
        "called_off": door.called_off,
        "lock": _lock(door.meetup_id),
    }


def page(door: DoorPass, meetup: Meetup) -> str:
    """The tablet's page. It brings both languages along: it is not loaded anew when a guest changes between them."""
    facts = {
        "slug": meetup.slug,
        "apiBase": url_for("checkin.scanner", slug=meetup.slug) + "/api",
        "meetup": door.meetup_id,
        "device": door.device_id,
        "gate": door.gate,
        "until": answers.instant(door.expires_at),
        "locale": current_locale(),
        "zone": meetup.zone,
        "ticketPrefix": tickets.payload(current_app.config["SETTINGS"].base_url, ""),
        "lock": _lock(door.meetup_id),
        "titles": {locale: meetup.title(locale) for locale in LOCALES},
        "serviceWorker": url_for("checkin.service_worker"),
        "manifest": url_for("checkin.app_manifest", slug=meetup.slug),
    }
    words = {locale: _words(locale) for locale in LOCALES}
    return render_template("checkin/kiosk.html", kiosk=facts, words=words, say=words[current_locale()])


def _words(locale: str) -> dict[str, str]:
    with force_locale(locale):
        return {key: str(text) for key, text in WORDS.items()} | {"language": NAMES[locale]}


def _lock(meetup_id: int) -> dict[str, Any] | None:
    lock = codes.lock_of(meetup_id, db.session.get_one(Meetup, meetup_id).door_kiosk_code)
    return asdict(lock) if lock else None
