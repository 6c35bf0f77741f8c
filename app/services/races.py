"""Use cases that may lose a race on PostgreSQL, and then do it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError

TRIES = 6
RACES = {"40P01", "40001"}  # deadlock, serialization failure
P = ParamSpec("P")
T = TypeVar("T")


class LostRace(Exception):
    """Another transaction changed what this one had looked at: look again."""


def once_more(act: Callable[P, T]) -> Callable[P, T]:
    """Repeat a use case that lost a race; the next time it sees the winner's work.

    For use cases whose repeats change nothing. SQLite's writers take turns and never lose.
    """

    @wraps(act)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return act(*args, **kwargs)
            except (LostRace, IntegrityError):
                continue
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in RACES:
                    raise
        return act(*args, **kwargs)

    return again
