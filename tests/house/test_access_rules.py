"""Default deny: a route without a declared rule stops the application from starting."""

import pytest
from flask import Flask

from app import access


def view() -> str:
    return "open to all by mistake"


def test_an_undeclared_route_stops_the_start() -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/oops", "oops", view)
    with pytest.raises(access.Undeclared, match="oops"):
        access.check_declared(bare)


def test_a_declared_route_does_not() -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/fine", "fine", access.public(lambda: "fine"))
    access.check_declared(bare)


def test_every_route_declares_its_rule(app: Flask) -> None:
    rules = {endpoint: access.rule_of(found) for endpoint, found in app.view_functions.items()}
    assert [endpoint for endpoint, rule in rules.items() if not rule] == []
