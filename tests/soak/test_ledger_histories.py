"""`make soak`: all evenings of which `make test` lives through a tenth."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.services.test_ledger_histories import live_through


@pytest.mark.parametrize("seed", range(50))
def test_fifty_evenings_at_the_endpoint_have_one_final_state_each(app: Flask, seed: int) -> None:
    live_through(app, seed)
