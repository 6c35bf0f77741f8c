"""Cases that the server and the scanner share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

VERDICT_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "verdicts.json").read_text(encoding="utf-8")
)["cases"]
