"""What Jinja need not ask at every page, since here it is always the same."""

from __future__ import annotations

from typing import Any

from jinja2 import runtime


class Context(runtime.Context):
    """All templates have the environment's globals and no others.

    Jinja would compare theirs with the importing template's at every import: a tenth of a page's time.
    """

    def __init__(
        self, environment: Any, parent: dict[str, Any], name: str | None, blocks: Any, **_globals: Any
    ) -> None:
        super().__init__(environment, parent, name, blocks)
