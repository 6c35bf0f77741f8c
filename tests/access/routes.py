"""The routes of the application and the rules that they declare, for tests that are made from them."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app import access, create_app
from tests.support.databases import settings_for

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True)
class Route:
    """One method of one endpoint."""

    method: str
    endpoint: str
    arguments: frozenset[str]
    rule: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


@cache
def routes() -> tuple[Route, ...]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(settings_for(f"sqlite:///{folder}/none.sqlite3", Path(folder)))
    found = [
        Route(method, rule.endpoint, frozenset(rule.arguments), _declared(app.view_functions[rule.endpoint]))
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & METHODS
    ]
    return tuple(sorted(found, key=str))


def _declared(view: object) -> str:
    return access.rule_of(view) or "none"  # type: ignore[arg-type]
