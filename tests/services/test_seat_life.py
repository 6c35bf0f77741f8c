"""Seats lived through at random in every mode: a few lives here, 2,000 in tests/soak."""

from __future__ import annotations

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.seat_life import SeatLife


def live(examples: int, steps: int = 25) -> None:
    run_state_machine_as_test(
        SeatLife,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            database=None,
        ),
    )


def test_whatever_happens_the_rules_of_the_seats_hold(app: Flask) -> None:
    live(20)
