"""What the phone gets: outcomes, people and counts as JSON, with a sentence for every verdict."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app
from flask_babel import gettext as _

from app.clock import now
from app.domain.door.admission import Verdict
from app.domain.errors import DomainError
from app.i18n import clock, current_locale
from app.refusals import SENTENCES, explain, sentence
from app.services.door.door_counts import Counts
from app.services.door.door_outcomes import First, Outcome
from app.services.door.door_release import Chance
from app.services.door.door_settings import Told
from app.services.door.door_sights import Conflict, Sight
from app.services.door.door_ticks import Given, Marked
from app.services.organizing.attendees_search import Attendee

STATUSES = {
    "device_unknown": 401,
    "device_revoked": 401,
    "device_expired": 401,
    "not_allowed": 403,
    "kiosk_only": 403,
    "wrong_sender": 403,
    "no_such_check_in": 404,
    "conflicting_body": 409,
    "nothing_to_undo": 409,
    "walk_in_over": 409,
    "walk_in_kept": 409,
    "walk_in_undone": 409,
    "walk_ins_not_taken": 409,
    "no_release_yet": 409,
    "not_waiting": 409,
    "no_seat_released": 409,
    "no_seat_to_release": 409,
    "too_large": 413,
    "too_many_scans": 413,
    "wrong_type": 415,
    "unreadable_body": 400,
    "unreadable_list": 400,
}


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """JSON as it is: Hangul stays Hangul, and every answer tells the server's time."""
    text = json.dumps({"server_time": instant(now())} | body, ensure_ascii=False, separators=(",", ":"))
    return current_app.response_class(text, status=status, mimetype="application/json")


def refused(refusal: DomainError) -> Response:
    return answer({"error": refusal.code, "reason": explain(refusal)}, STATUSES.get(refusal.code, 422))


def instant(at: dt.datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cohort_label(ordinal: int | None) -> str:
    """3기 · Cohort 3"""
    return _label(current_locale(), ordinal)


@lru_cache(maxsize=512)
def _label(_locale: str, ordinal: int | None) -> str:
    return str(_("No cohort") if ordinal is None else _("Cohort %(n)s", n=ordinal))


def outcome(given: Outcome, zone: str, *, supervises: bool = True, foreign: bool = False) -> dict[str, Any]:
    """One scan's answer, for whom it is told to. `foreign`: what was scanned is no ticket at all."""
    if given.error:
        return {"id": given.id, "error": given.error, "reason": sentence(given.error)}
    return {
        "id": given.id,
        "verdict": given.verdict,
        "replayed": given.replayed,
        "person": _person(given),
        "first": _first(given.first),
        **({"left": _first(given.left)} if given.left else {}),
        "reason": reason(given, zone, foreign=foreign),
        **party(given),
        "advice": advice(given, supervises=supervises, foreign=foreign),
    }


def bare(given: Outcome) -> dict[str, Any]:
    """The answer to a phone whose shift is over: what became of its scan, and nothing of anybody."""
    if given.error:
        return {"id": given.id, "error": given.error, "reason": sentence(given.error)}
    return {"id": given.id, "verdict": given.verdict, "replayed": given.replayed}


def party(given: Outcome) -> dict[str, Any]:
    """Several people on one ticket: all, those who are in, those who came in by this scan."""
    if given.party is None:
        return {}
    told = given.party
    return {"party": {"size": told.size, "in": told.inside, "by_this": told.by_this}}


def reason(given: Outcome, zone: str, *, foreign: bool = False) -> str:
    """Why, in a sentence for whoever stands at the door."""
    if given.verdict is Verdict.ALREADY_REDEEMED and given.person and given.first:
        at = clock(given.first.at.astimezone(ZoneInfo(zone)))
        where = given.first.gate or _device(given.first)
        rest = ", ".join(part for part in (cohort_label(given.person.cohort), at, where) if part)
        return sentence("door_already_redeemed", name=given.person.name, rest=rest)
    if given.released:
        return sentence("door_released", at=clock(given.released.astimezone(ZoneInfo(zone))))
    if given.left:
        at = clock(given.left.at.astimezone(ZoneInfo(zone)))
        return sentence("door_back" if given.verdict is Verdict.OK else "door_gone", at=at)
    return sentence(_code(given, foreign))


def advice(given: Outcome, *, supervises: bool, foreign: bool = False) -> str | None:
    """What to do about a red verdict, or about whom a tablet may have sent; a supervisor is not told to call one."""
    if given.from_tablet:
        return sentence("door_from_tablet_then")
    code = f"{_code(given, foreign)}_then"
    own = f"{code}_supervise"
    if supervises and own in SENTENCES:
        return sentence(own)
    return sentence(code) if code in SENTENCES else None


def _code(given: Outcome, foreign: bool) -> str:
    told: tuple[tuple[object, str], ...] = (
        (given.verdict is Verdict.UNAPPROVED and given.status, f"door_unapproved_{given.status}"),
        (given.released, "door_released"),
        (given.verdict is Verdict.ALREADY_REDEEMED and given.first is None, "door_taken_back"),
        (given.of_walk_in, "door_walk_in_undone"),
        (given.of_exit, "door_exit_undone"),
        (given.verdict is Verdict.INVALID and foreign, "door_foreign"),
    )
    return next((code for applies, code in told if applies), f"door_{given.verdict}")


def counts(given: Counts) -> dict[str, Any]:
    locale = current_locale()
    return {
        "in": given.inside,
        "came": given.came,
        "expected": given.expected,
        "by_cohort": [
            {
                "key": cohort_key(each.ordinal),
                "label": _label(locale, each.ordinal),
                "in": each.inside,
                "came": each.came,
                "expected": each.expected,
            }
            for each in given.cohorts
        ],
    }


def chance(given: Chance | None) -> dict[str, Any] | None:
    """Somebody on the waitlist at a door that releases seats."""
    return asdict(given) if given else None


def ticks(given: Given) -> list[dict[str, str]]:
    return [{"tick": tick, "at": instant(at)} for tick, at in given.items()]


def marked(given: Marked) -> dict[str, Any]:
    """The answer to one tick."""
    if given.error or given.standing is None:
        return {"id": given.id, "error": given.error, "reason": sentence(given.error or "malformed_tick")}
    return {
        "id": given.id,
        "registration": given.registration,
        "tick": given.tick,
        "given": given.standing.given,
        "at": instant(given.standing.at),
        "replayed": given.replayed,
    }


def conflicts(found: list[Conflict], device_id: int) -> list[dict[str, Any]]:
    """What the ledger contradicts, for one of the phones that did it."""
    return [
        {
            "id": each.scan_id,
            "kind": each.kind,
            "name": each.name,
            "cohort": cohort_label(each.cohort) if each.name else None,
            "first": _sight(each.first, device_id) if each.first else None,
            "again": _sight(each.again, device_id),
            "void_since": instant(each.void_since) if each.void_since else None,
            "void_by": each.void_by,
            "verdict": each.verdict,
            "over": each.over,
            "size": each.size,
            "people": each.people,
        }
        for each in found
    ]


def _sight(seen: Sight, device_id: int) -> dict[str, Any]:
    device = _("Organizer's desk") if seen.device_id is None else seen.device
    return {"at": instant(seen.at), "gate": seen.gate, "device": device, "here": seen.device_id == device_id}


def settings(told: Told) -> dict[str, Any]:
    return asdict(told)


def cohorts(ordinals: list[int]) -> list[dict[str, str]]:
    """Cohorts to choose from, by the keys that the counts use."""
    return [{"key": cohort_key(ordinal), "label": cohort_label(ordinal)} for ordinal in ordinals]


def cohort_key(ordinal: int | None) -> str:
    """How the phone names a cohort when it asks for its list."""
    return "none" if ordinal is None else str(ordinal)


def people(found: list[Attendee], more: bool) -> dict[str, Any]:
    return {"people": [_attendee(each) for each in found], "more": more}


def _attendee(given: Attendee) -> dict[str, Any]:
    return {
        "reference": given.reference,
        "name": given.name,
        "cohort": cohort_label(given.cohort),
        "status": given.status,
        "in": given.is_in,
        "in_at": instant(given.admitted_at) if given.admitted_at else None,
        "left_at": instant(given.left_at) if given.left_at else None,
        "hint": given.hint,
    }


def _person(given: Outcome) -> dict[str, Any] | None:
    if given.person is None:
        return None
    return {
        "name": given.person.name,
        "cohort": cohort_label(given.person.cohort),
        "reference": given.person.reference,
        "note": given.person.note,
        **({"host": given.person.host.value} if given.person.host else {}),
    }


def _first(first: First | None) -> dict[str, Any] | None:
    if first is None:
        return None
    return {"at": instant(first.at), "gate": first.gate, "device": _device(first)}


def _device(first: First) -> str | None:
    return _("Organizer's desk") if first.at_desk else first.device
