"""The server's clock: the one place that asks for the time, so that tests can travel."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """This instant, aware, in UTC."""
    return dt.datetime.now(dt.UTC)
