"""The phone's questions and scans: JSON only, answered from few statements. The contract: docs/door-api.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.blueprints.checkin import answers, kiosk
from app.blueprints.checkin.access import (
    asks,
    asks_kiosks_too,
    last_answered,
    scans_waiting,
    shown_hashes,
    tells,
)
from app.blueprints.checkin.routes import bp
from app.domain.door.admission import Verdict
from app.domain.errors import DomainError
from app.models import DeviceRole
from app.services.door import (
    checkin_undo,
    checkins,
    door_counts,
    door_memory,
    door_phone_conflicts,
    door_release,
    door_settings,
    door_ticks,
)
from app.services.door.devices import DoorPass
from app.services.door.door_outcomes import Outcome
from app.services.meeting import tables
from app.services.organizing import attendees_search

BATCH_LIMIT = 200
IN = {Verdict.OK, Verdict.ALREADY_REDEEMED}
QUERY_LIMIT = 100


@bp.post("/door/<slug>/api/scans")
@tells
def scans(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Store a batch. Each scan gets its own answer; sent again, the same one."""
    items = body.get("scans")
    if not isinstance(items, list):
        raise DomainError("unreadable_body")
    if len(items) > BATCH_LIMIT:
        raise DomainError("too_many_scans", limit=BATCH_LIMIT)
    door, outcomes, has_lost = checkins.record(
        shown_hashes(), slug, items, body.get("sent_at"), scans_waiting(), last_answered()
    )
    lost = _lost(has_lost)
    if door.is_kiosk:
        bare = bool(door.shift_over)
        seen = [kiosk.outcome(each, bare=bare) for each in outcomes]
        if door.shows_tables:
            _add_tables(door, outcomes, seen)
        return answers.answer({"outcomes": seen} | lost)
    if door.shift_over:
        return answers.answer({"outcomes": [answers.bare(each) for each in outcomes]} | lost)
    counts = answers.counts(door_counts.of(door.meetup_id))
    told = [_told(door, item, outcome) for item, outcome in zip(items, outcomes, strict=True)]
    if door.may_supervise:
        _add_chances(door, told)
    if door.has_ticks:
        _add_ticks(door, told)
    if door.shows_tables:
        _add_tables(door, outcomes, told)
    return answers.answer({"outcomes": told, "counts": counts} | lost)


def _lost(has_lost: bool) -> dict[str, bool]:
    """Said only to a phone whose last answer the ledger no longer holds."""
    return {"lost": True} if has_lost else {}


def _add_chances(door: DoorPass, told: list[dict[str, Any]]) -> None:
    """Whether those who wait may have the seat of somebody absent: one question each, and few they are."""
    for each in told:
        if each.get("verdict") == Verdict.WAITLISTED and each["person"]:
            each["chance"] = answers.chance(
                door_release.chance_of(door.meetup_id, each["person"]["reference"])
            )


def _add_ticks(door: DoorPass, told: list[dict[str, Any]]) -> None:
    """What those who are in have got already."""
    inside = [each["person"] for each in told if each.get("verdict") in IN and each["person"]]
    given = door_ticks.given(door.meetup_id, {person["reference"] for person in inside})
    for person in inside:
        person["ticks"] = answers.ticks(given.get(person["reference"], {}))


def _add_tables(door: DoorPass, outcomes: Sequence[Outcome], told: list[dict[str, Any]]) -> None:
    """Where those who are in sit; one question for all of them."""
    inside = [
        (outcome.person.reference, each["person"])
        for outcome, each in zip(outcomes, told, strict=True)
        if each.get("verdict") in IN and each.get("person") and outcome.person
    ]
    if not inside:
        return
    found = tables.numbers_by_reference(door.meetup_id, [reference for reference, _person in inside])
    for reference, person in inside:
        if table := found.get(reference):
            person["table"] = table


def _told(door: DoorPass, item: Any, outcome: Outcome) -> dict[str, Any]:
    foreign = isinstance(item, dict) and not item.get("code") and not item.get("registration")
    supervises = door.role is DeviceRole.SUPERVISE
    return answers.outcome(outcome, door.zone, supervises=supervises, foreign=foreign)


@bp.post("/door/<slug>/api/undo")
@tells
def undo(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Take a check-in back; supervisors only."""
    door, outcome = checkin_undo.undo(
        shown_hashes(), slug, body.get("id"), body.get("undoes"), body.get("reason")
    )
    counts = answers.counts(door_counts.of(door.meetup_id))
    return answers.answer(answers.outcome(outcome, door.zone) | {"counts": counts})


@bp.post("/door/<slug>/api/gate")
@tells
def gate(slug: str, body: dict[str, Any]) -> ResponseReturnValue:
    """This phone stands at another gate from now on."""
    chosen = body.get("gate") or None
    door_settings.move_phone(shown_hashes(), slug, chosen)
    return answers.answer({"gate": chosen})


@bp.get("/door/<slug>/api/search")
@asks
def search(door: DoorPass) -> ResponseReturnValue:
    """People of this meetup by name, initials, address or the end of a phone number."""
    text = request.args.get("q", "")[:QUERY_LIMIT]
    return answers.answer(answers.people(*attendees_search.search(door.meetup_id, text)))


@bp.get("/door/<slug>/api/people")
@asks
def people(door: DoorPass) -> ResponseReturnValue:
    """A cohort's list; cohorts are named as in the counts, by key or label."""
    asked = request.args.get("cohort", "")
    for each in door_counts.of(door.meetup_id).cohorts:
        if asked in (answers.cohort_key(each.ordinal), answers.cohort_label(each.ordinal)):
            return answers.answer(answers.people(*attendees_search.of_cohort(door.meetup_id, each.ordinal)))
    return answers.answer(answers.people([], more=False))


@bp.get("/door/<slug>/api/state")
@asks_kiosks_too
def state(door: DoorPass) -> ResponseReturnValue:
    """The counts, and the conflicts in which this phone has a part; 304 while nothing has changed.

    A self check-in tablet learns how to be unlocked instead. Every phone learns whether its last scan was lost.
    """
    body = kiosk.state(door) if door.is_kiosk else _state(door)
    body |= _lost(door_memory.has_lost(door.meetup_id, last_answered()))
    tag = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16]
    response = Response(status=304) if request.if_none_match.contains(tag) else answers.answer(body)
    response.set_etag(tag)
    return response


def _state(door: DoorPass) -> dict[str, Any]:
    return {
        "counts": answers.counts(door_counts.of(door.meetup_id)),
        "device": {"name": door.name, "role": door.role, "gate": door.gate},
        "until": answers.instant(door.expires_at),
        "called_off": door.called_off,
        "settings": answers.settings(door_settings.told(door.meetup_id)),
        "conflicts": answers.conflicts(
            door_phone_conflicts.of(door.meetup_id, door.device_id), door.device_id
        ),
    }
