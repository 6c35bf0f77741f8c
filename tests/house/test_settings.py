"""Every setting is documented, and read as documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from config import ROOT, BadSetting, Settings

NAMES = {field.name for field in fields(Settings)}


def documented(path: str) -> set[str]:
    return set(re.findall(r"^(?:\| `|# ?)([A-Z][A-Z_]+)(?:`|=)", (ROOT / path).read_text(), re.MULTILINE))


@pytest.mark.parametrize("path", ["docs/configuration.md", ".env.example"])
def test_every_setting_is_documented_and_no_other(path: str) -> None:
    assert documented(path) == NAMES


def test_the_documented_defaults_are_the_real_ones() -> None:
    text = (ROOT / "docs/configuration.md").read_text()
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", text, re.MULTILINE))
    wrong = {
        name: rows[name]
        for name in NAMES
        if name != "DATA_DIR" and f"`{_shown(name)}`" != (rows[name] or "``")
    }
    assert wrong == {}


def test_a_value_of_the_wrong_kind_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eight")
    with pytest.raises(BadSetting, match="PORT='eight'"):
        Settings.from_environment()


def test_the_environment_wins_over_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("SECRET_KEY_FALLBACKS", "one, two")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = Settings.from_environment()
    assert found.database_url == f"sqlite:///{tmp_path}/dongmun.sqlite3"
    assert found.SECRET_KEY_FALLBACKS == ("one", "two")


def _shown(name: str) -> str:
    value = getattr(Settings, name)
    if value in ("", ()):
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)
