"""Finished public pages, kept in this process: the page of a rush is written once, not for everyone.

A page is kept under everything that it depends on; only the CSRF token differs from visitor to
visitor, and is put in anew each time.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

MOST = 200
SECONDS = 60.0  # for what carries no version: the names of programmes and cohorts


class PageCache:
    """The pages used last. `render` gets called for a page that is not kept or too old."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, tuple[float, list[str]]] = OrderedDict()
        self._lock = Lock()

    def page(self, key: Hashable, token: str, render: Callable[[], str]) -> str:
        """The page with `token` where `render` put it."""
        parts = self._kept(key)
        if parts is None:
            parts = render().split(token)
            self._keep(key, parts)
        return token.join(parts)

    def _kept(self, key: Hashable) -> list[str] | None:
        with self._lock:
            made, parts = self._pages.get(key, (0.0, []))
            if not parts or time.monotonic() - made > SECONDS:
                return None
            self._pages.move_to_end(key)
            return parts

    def _keep(self, key: Hashable, parts: list[str]) -> None:
        with self._lock:
            self._pages[key] = time.monotonic(), parts
            self._pages.move_to_end(key)
            while len(self._pages) > MOST:
                self._pages.popitem(last=False)
