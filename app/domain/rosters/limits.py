"""How much a roster file may be, before anything of it is believed."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.errors import DomainError

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one file. `cells` bounds the rectangle of a sheet, not only its filled cells.

    Without `file_bytes`, whoever took the file in has looked at its size.
    """

    file_bytes: int | None = None
    unzipped_bytes: int = 150 * MIB
    rows: int = 100_000
    columns: int = 200
    cells: int = 3_000_000

    def require_size(self, size: int) -> None:
        """Raises `file_too_large` for a file of more than `file_bytes`."""
        if self.file_bytes is not None and size > self.file_bytes:
            raise too_large(self.file_bytes)


def too_large(most: int) -> DomainError:
    return DomainError("file_too_large", megabytes=most // MIB)
