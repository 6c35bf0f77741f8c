"""What is installed and vendored is exactly what was looked at."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from config import ROOT
from tests.house.sources import texts

LOCKED = ["requirements.txt", "requirements-dev.txt"]
VENDORED = sorted(
    path for place in ("static/vendor", "app/fonts") for path in (ROOT / place).iterdir() if path.is_dir()
)


@pytest.mark.parametrize("name", LOCKED)
def test_every_requirement_is_pinned_with_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text()
    pins = re.findall(
        r"^([\w.\[\]-]+)==[^\\\n]+(\\\n(?:\s+--hash=sha256:[0-9a-f]{64}[ \\]*\n)+)?", text, re.MULTILINE
    )
    assert pins
    assert [pin for pin, hashes in pins if not hashes] == []
    assert re.findall(r"(?:--\S*index\S*|--find-links|https?://).*", text) == []


@pytest.mark.parametrize("folder", VENDORED, ids=lambda path: path.name)
def test_vendored_files_are_the_release_untouched(folder: Path) -> None:
    source = json.loads((folder / "SOURCE.json").read_text())
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SOURCE.json"
    }
    assert found == source["files"]
    assert folder.name == f"{source['package']}-{source['version']}"
    assert source["licence"]
    assert source["repository"].startswith("https://")


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    private = re.compile(r"/(?:root|work|home/\w+|Users/\w+)/[\w.-]+")
    found = {
        (path, match)
        for path, text in texts(
            "*.*", "app/**/*.py", "docs/**/*.md", "deploy/*", "scripts/*", "tests/**/*.py"
        )
        for match in private.findall(text)
    }
    assert found == set()
