"""What an installation keeps on disk is for its own user only."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

from app import create_app
from config import ROOT, Settings


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_folder_of_data_is_made_for_its_user_alone(tmp_path: Path):
    create_app(Settings(DATA_DIR=tmp_path / "data"))

    assert mode(tmp_path / "data") == 0o700


def test_what_a_server_makes_is_for_its_user_alone(tmp_path: Path):
    made = tmp_path / "file"
    program = "import sys; from app.files import keep_private; keep_private(); open(sys.argv[1], 'w').close()"

    subprocess.run([sys.executable, "-c", program, made], check=True, cwd=ROOT, env=os.environ)

    assert mode(made) == 0o600
