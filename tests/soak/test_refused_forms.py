"""`make soak`: every page that refuses a form in a browser, of which `make test` looks at a quarter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.e2e.test_refused_forms import look_at_refusals
from tests.support.server import Server

pytestmark = pytest.mark.one_database
PARTS, LEAST = 2, 25


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_that_refuses_a_form_is_clear(app: Flask, serve: Callable[..., Server], part: int) -> None:
    assert look_at_refusals(app, serve, lambda screens: screens[part::PARTS]) >= LEAST
