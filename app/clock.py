"""The server's clock: the one place that asks for the time, so that it can be told another.

The demo loader lives through a meetup of last month with it; nothing that serves requests does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_shift: ContextVar[dt.timedelta] = ContextVar("shift", default=dt.timedelta(0))


def now() -> dt.datetime:
    """This instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC) + _shift.get()


def shift() -> dt.timedelta:
    """How far `now()` runs ahead in this context, to be added to."""
    return _shift.get()


@contextmanager
def shifted(by: dt.timedelta) -> Iterator[None]:
    """Let `now()` run ahead (or behind, if negative) by `by`, for this context alone."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)
