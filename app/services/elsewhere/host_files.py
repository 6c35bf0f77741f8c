"""One side of the comparison with the host's list as a workbook. Every download has a reason, and both go to the audit log."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import IO

import xlsxwriter

from app.db import end_reading, transaction
from app.domain.writing.spreadsheet_cells import WORKBOOK_MARK
from app.models import Meetup
from app.services import audit
from app.services.organizing.exports import BOOK, WIDTH

ACT = "host_list.exported"


def as_xlsx(
    meetup: Meetup, rows: Sequence[Sequence[str]], *, sheet: str, group: str, actor: str, reason: str
) -> IO[bytes]:
    """`rows`: the headings first. `group`: which side, for the audit log."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    book = xlsxwriter.Workbook(file, BOOK)
    book.set_custom_property(WORKBOOK_MARK, 1)
    page = book.add_worksheet(sheet)
    page.freeze_panes(1, 0)
    page.set_column(0, max(len(rows[0]) - 1, 0), WIDTH)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell:
                page.write_string(number, column, cell)
    book.close()
    end_reading()
    with transaction() as session:
        audit.record(
            session,
            ACT,
            f"meetup:{meetup.id}",
            actor,
            program_id=meetup.program_id,
            reason=reason,
            group=group,
            rows=len(rows) - 1,
        )
    file.seek(0)
    return file
