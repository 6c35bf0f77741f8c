"""The phone's sealed list, for judging without a network. The contract: docs/door-api.md."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.blueprints.checkin import answers
from app.blueprints.checkin.access import asks_kiosks_too
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.services.door import door_manifest
from app.services.door.devices import DoorPass
from app.services.door.door_arrivals import Arrival
from app.services.door.door_manifest import FORMAT, Manifest


@bp.get("/door/<slug>/api/manifest")
@asks_kiosks_too
def manifest(door: DoorPass) -> ResponseReturnValue:
    """What this phone lacks of the sealed list; 304 while nothing has changed."""
    try:
        given = (request.args.get(name, "") for name in ("have", "after", "asks"))
        held = door_manifest.holding(*given)
    except DomainError as refusal:
        return answers.refused(refusal)
    seen = door_manifest.glance(door, answers.cohort_label, held)
    if request.if_none_match.contains(seen.etag):
        response = Response(status=304)
    else:
        response = answers.answer(_told(door_manifest.told(seen, held), gates=not door.is_kiosk))
    response.set_etag(seen.etag)
    return response


def _told(given: Manifest, *, gates: bool) -> dict[str, Any]:
    return {
        "made_at": answers.instant(given.face.made_at),
        "version": FORMAT,
        "count": given.face.count,
        "tags": _base64url(given.face.tags),
        "buckets": given.buckets,
        "arrivals": [_arrival(each, gates) for each in given.arrivals],
        "cursor": str(given.cursor),
        "stored": list(given.stored),
    }


def _arrival(given: Arrival, gates: bool) -> list[str | int | None]:
    gate = given.gate if gates else None
    told = [_base64url(given.lookup), answers.instant(given.at) if given.at else None, gate]
    if given.at and given.left:
        return [*told, given.people, answers.instant(given.left)]
    return [*told, given.people] if given.at and given.people > 1 else [*told]


def _base64url(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).decode().rstrip("=")
