"""The list of people by name for phones that may have it. The contract: docs/door-api.md, "The list of people"."""

from __future__ import annotations

import base64
import gzip

from flask import Response, request
from flask.typing import ResponseReturnValue

from app.blueprints.checkin import answers
from app.blueprints.checkin.access import asks
from app.blueprints.checkin.routes import bp
from app.domain.errors import DomainError
from app.refusals import explain
from app.services.door import door_manifest, door_people
from app.services.door.devices import DoorPass
from app.services.door.door_people import People

FORMAT = 1
WORTH_PACKING = 1400  # bytes: what fits into one packet travels as fast unpacked
PACKING = 5


@bp.get("/door/<slug>/api/people-list")
@asks
def people_list(door: DoorPass) -> ResponseReturnValue:
    """What this phone lacks of the list; 304 while nothing has changed, 403 where the organizer allows none."""
    try:
        held = door_manifest.holding(request.args.get("have", ""), "")
        people, until = door_people.of(door, answers.cohort_label)
    except DomainError as refusal:
        if refusal.code != "lists_not_allowed":
            return answers.refused(refusal)
        return answers.answer({"error": refusal.code, "reason": explain(refusal)}, 403)
    if held.tags is not None and request.if_none_match.contains(people.etag):
        response = Response(status=304)
    else:
        response = _packed(_told(door, people, held.tags, answers.instant(until)))
        if held.tags is None:
            door_people.note_taken(door, people.count)
    response.set_etag(people.etag)
    return response


def _told(door: DoorPass, people: People, have: bytes | None, until: str) -> Response:
    """Nothing of the question is repeated in the answer, so that its packed size tells nobody anything."""
    return answers.answer(
        {
            "made_at": answers.instant(people.made_at),
            "version": FORMAT,
            "until": until,
            "key": base64.b64encode(door_people.shift_key(door)).decode(),
            "count": people.count,
            "tags": base64.urlsafe_b64encode(people.tags).decode().rstrip("="),
            "people": people.lacking(have),
        }
    )


def _packed(response: Response) -> Response:
    response.vary.add("Accept-Encoding")
    text = response.get_data()
    if len(text) >= WORTH_PACKING and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(text, PACKING))
        response.headers["Content-Encoding"] = "gzip"
    return response
