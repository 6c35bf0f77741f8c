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
