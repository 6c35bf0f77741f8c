"""Attendee lists for programs: the same columns by their keys, with codes where people read words; docs/exports.md."""

from __future__ import annotations

import datetime as dt
import io
import json
import tempfile
from typing import IO, Any

from app.clock import now
from app.models import Meetup
from app.services.organizing.exports import Column, Order, finished, rows_of

FORMAT, VERSION = "dongmun.attendees", 1
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def as_json(order: Order, meetup: Meetup) -> IO[bytes]:
    """One object, a line for each attendee, written in constant memory. Times have the offset of the meetup's zone."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
    head = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now().isoformat(timespec="seconds"),
        "meetup": {"slug": meetup.slug, "starts_at": meetup.local(meetup.starts_at).isoformat()},
        "columns": [{"key": column.key, "heading": column.heading} for column in order.columns],
    }
    text.write(_write(head)[:-1] + ',"attendees":[')
    rows, zone = 0, meetup.timezone
    for rows, row in enumerate(rows_of(order), start=1):
        line = {column.key: _value(column, row, zone) for column in order.columns}
        text.write((",\n" if rows > 1 else "\n") + _write(line))
    text.write("\n]}\n")
    text.flush()
    text.detach()
    return finished(order, file, "json", rows)


def _value(column: Column, row: Any, zone: dt.tzinfo) -> Any:
    value = column.code(row) if column.code else column.value(row)
    return value.replace(tzinfo=zone).isoformat() if isinstance(value, dt.datetime) else value
