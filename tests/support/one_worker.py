"""A process of its own that runs some lines with the application around them, and may be killed in the middle."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from config import ROOT, Settings
from tests.support.server import environment


def python(settings: Settings, folder: Path, code: str) -> list[str]:
    """A command that runs `code` with the application around it."""
    script = folder / "one_worker.py"
    script.write_text(
        "import os, signal\n"
        "from app import create_app\n"
        "from app.services.running import schedule\n"
        "from app.services.seating import draw_entries, draw_holding, offers\n"
        "from config import Settings\n"
        "app = create_app(Settings.from_environment())\n"
        f"with app.app_context():\n    {code}\n"
    )
    return [sys.executable, str(script)]


def known(settings: Settings) -> dict[str, str]:
    return environment(replace(settings, SMTP_URL=None)) | {"PYTHONPATH": str(ROOT)}
