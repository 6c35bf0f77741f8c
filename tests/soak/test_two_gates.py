"""`make soak`: the evening at two gates with 400 people, of which `make test` does a tenth."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tests.e2e.test_two_gates import go_through_an_evening
from tests.support.server import Server


def test_400_people_come_through_two_gates_and_the_live_view_never_differs_from_the_ledger(
    app: Flask, serve: Callable[..., Server], tmp_path: Path
) -> None:
    go_through_an_evening(serve, tmp_path, people=400)
