"""Cases that the server and the scanner share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return found


VERDICT_CASES: list[dict[str, Any]] = _read("verdicts.json")["cases"]
OVERRIDE_CASES: list[dict[str, Any]] = _read("verdicts.json")["overrides"]
SEALING = _read("sealing.json")


def sealed_state(case: dict[str, Any]) -> str:
    """What the sealed list says of the ticket of a verdict's case."""
    opens = case["verdict"] in ("ok", "already_redeemed", "left", "not_in")
    return str(case.get("sealed") or ("admitted" if opens else case["verdict"]))
