"""The worker's rounds: what has served its time is deleted, each kind by the service that owns it."""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.services import proofs, roster_uploads, throttle

log = logging.getLogger(__name__)

ROUNDS: dict[str, Callable[[], int]] = {
    "proofs": proofs.discard_old,
    "throttles": throttle.discard_old,
    "roster uploads": roster_uploads.discard_expired,
}
"""Functions that delete what is over and return how much: add a service's own here."""


def run() -> dict[str, int]:
    """One round of all; one that fails hinders no other. Returns what was deleted."""
    deleted = {}
    for name, discard in ROUNDS.items():
        try:
            deleted[name] = discard()
        except Exception as error:
            log.error("a clean-up failed", exc_info=error, extra={"round": name})
    return deleted
