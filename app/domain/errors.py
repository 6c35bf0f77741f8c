"""Refusals: what the rules say no to, each with a reason code and the values its sentence needs."""

from __future__ import annotations

from typing import Any


class DomainError(Exception):
    """A rule said no. `code` is stable and machine-readable; app/refusals has its sentences."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
