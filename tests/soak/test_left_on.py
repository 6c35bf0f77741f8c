"""`make soak`: the scanner left on for an evening, of which `make test` takes a two-hundredth."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.e2e.test_left_on import leave_on
from tests.support.server import Server


def test_a_scanner_left_on_holds_no_more_memory_after_25000_pictures(
    app: Flask, serve: Callable[..., Server]
) -> None:
    leave_on(serve, rounds=250, pictures=100)
