"""`make soak`: the basement at full size, of which `make test` does a tenth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from tests.e2e.test_offline_door import scan_through_kills
from tests.support.outages import NetworkOff, ServerGone
from tests.support.server import Server


@pytest.mark.parametrize("outage", [NetworkOff, ServerGone])
def test_300_tickets_scanned_without_a_server_survive_20_deaths_of_the_browser(
    app: Flask, serve: Callable[..., Server], tmp_path: Path, outage: type[NetworkOff]
) -> None:
    scan_through_kills(outage(serve), tmp_path, guests=300, kills=20)
