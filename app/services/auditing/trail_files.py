"""The audit trail as a file: spooled in constant memory, and itself noted in the trail."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from app.db import end_reading, transaction
from app.domain.writing.spreadsheet_cells import guard
from app.services import audit
from app.services.auditing import trail
from app.services.auditing.trail import Wanted
from app.services.organizing.exports import MARK


@dataclass(frozen=True)
class Order:
    """What to write, and why."""

    program_id: int
    wanted: Wanted
    headings: Sequence[str]
    actor: str
    reason: str


def as_csv(order: Order, lines: Callable[[Sequence[Any]], Iterable[Sequence[str]]]) -> IO[bytes]:
    """`lines` tells some entries, one line each. As the attendees' file: with a mark, CRLF, guarded cells."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(order.headings)
    rows = 0
    for entries in trail.stream(order.program_id, order.wanted):
        writer.writerows([guard(cell) for cell in line] for line in lines(entries))
        rows += len(entries)
    text.flush()
    text.detach()
    end_reading()
    with transaction() as session:
        audit.record(
            session,
            "trail.exported",
            f"program:{order.program_id}",
            order.actor,
            program_id=order.program_id,
            reason=order.reason,
            rows=rows,
        )
    file.seek(0)
    return file
