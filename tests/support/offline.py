"""A staff phone's sealed list for tests: kept up to date as the scanner does it, judged without the server."""

from __future__ import annotations

import base64
from typing import Any

from werkzeug.test import TestResponse

from app.domain.door import sealing
from app.domain.door.sealing import ADMITTED, Record
from tests.support.door import Phone


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SealedList:
    """What one phone holds of its meetup's list."""

    def __init__(self, phone: Phone) -> None:
        self.phone, self.meetup = phone, phone.device.meetup_id
        self.buckets: dict[str, bytes] = {}
        self.arrivals: dict[bytes, Any] = {}
        self.tags = self.cursor = self.etag = ""
        self.unanswered: list[str] = []

    def ask(self) -> TestResponse:
        """The next question as the scanner puts it; nothing is kept of the answer."""
        query = {"have": self.tags, "after": self.cursor} if self.tags else {}
        query |= {"asks": ",".join(self.unanswered)} if self.unanswered else {}
        path = f"/door/{self.phone.slug}/api/manifest"
        tag = {"If-None-Match": self.etag} if self.etag else {}
        return self.phone.client.get(path, query_string=query, headers=tag)

    def refresh(self) -> dict[str, Any] | None:
        """Take what is new; the answer, None for 304."""
        response = self.ask()
        if response.status_code == 304:
            return None
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json or {}
        for name, text in body["buckets"].items():
            self.buckets[name] = base64.b64decode(text)
        for at, *entry in body["arrivals"]:
            self.arrivals[unpacked(at)] = entry if entry[0] else None
        self.tags, self.cursor, self.etag = body["tags"], body["cursor"], response.headers["ETag"]
        return body

    def record(self, code: str) -> Record | None:
        name = f"{sealing.bucket_of(sealing.lookup(code, self.meetup)):02x}"
        return sealing.find(self.buckets[name], code, self.meetup)

    def arrival(self, code: str) -> Any:
        """[instant, gate] of whoever came in with this ticket; how many are in, where it isn't one; and when somebody left."""
        return self.arrivals.get(sealing.lookup(code, self.meetup))

    def verdict(self, code: str, kind: str = "entry") -> str:
        """What the scanner shows offline: static/js/door/offline-verdict.js."""
        record = self.record(code)
        if record is None:
            return "unknown"
        _, _, *several = self.arrival(code) or (None, None, 0)
        inside = (several or [1])[0]
        if kind == "exit" and record.state != "revoked":
            return "left" if inside else "not_in"
        if record.state != ADMITTED:
            return record.state
        return "already_redeemed" if inside >= record.people else "ok"
