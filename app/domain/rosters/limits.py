"""How much a roster file may be, before anything of it is believed."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one file. `cells` bounds the rectangle of a sheet, not only its filled cells."""

    file_bytes: int = 20 * MIB
    unzipped_bytes: int = 150 * MIB
    rows: int = 100_000
    columns: int = 200
    cells: int = 3_000_000
