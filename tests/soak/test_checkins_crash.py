"""`make soak`: all kills of which `make test` does a tenth."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.services.test_checkins_crash import survive_kills
from tests.support.server import Server


def test_no_acknowledged_scan_is_lost_in_two_hundred_kills_under_upload(
    app: Flask, serve: Callable[..., Server]
) -> None:
    survive_kills(serve, 200)
