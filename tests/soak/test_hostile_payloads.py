"""`make soak`: all that people hold up, type and call themselves, of which `make test` takes some of each kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.test_hostile_payloads import are_called, hold_up, type_in
from tests.support import hostile
from tests.support.server import Server

pytestmark = pytest.mark.one_database


def test_no_code_before_the_camera_does_anything_and_the_next_ticket_is_green(
    app: Flask, serve: Callable[..., Server]
) -> None:
    hold_up(hostile.every(hostile.CODES), serve)


def test_nothing_typed_or_from_a_wedge_scanner_does_anything_and_the_next_ticket_is_green(
    app: Flask, serve: Callable[..., Server]
) -> None:
    type_in(hostile.every(hostile.TYPED), serve)


@pytest.mark.parametrize("half", range(2))  # all 85 are not on the screen at once
def test_hostile_names_are_text_in_verdict_list_search_and_live_view(
    app: Flask, serve: Callable[..., Server], half: int
) -> None:
    are_called(hostile.every(hostile.NAMES)[half::2], app, serve)
