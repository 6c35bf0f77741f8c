"""The files that others install from name only what exists."""

from __future__ import annotations

import re
from dataclasses import fields

import yaml
from flask import Flask

from app.supervisor import DRAIN_SECONDS
from config import ROOT, Settings

NAMES = {field.name for field in fields(Settings)}
OTHERS = {"PATH", "FLASK_APP", "PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"}
CONTAINERFILE = (ROOT / "deploy/Containerfile").read_text()
UNIT = (ROOT / "deploy/dongmun.service").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
CADDYFILE = (ROOT / "deploy/Caddyfile").read_text()

COPIED = [
    name
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", CONTAINERFILE, re.MULTILINE)
    for name in line.split()
]


def variables(line: str) -> set[str]:
    return set(re.findall(r"([A-Z_]+)=", line))


def flask_commands(text: str) -> set[str]:
    return set(re.findall(r"\bflask ([a-z]+)", text))


def test_the_container_copies_files_that_exist_and_everything_that_runs() -> None:
    assert [name for name in COPIED if not (ROOT / name).exists()] == []
    assert {"requirements.txt", "config.py", "wsgi.py", "app", "templates", "static"} <= set(COPIED)


def test_data_keys_and_settings_are_not_handed_to_the_build() -> None:
    """Docker and Podman send the whole folder but for what this file names, as .gitignore does for git."""
    left_out = set((ROOT / ".dockerignore").read_text().splitlines())
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines()}
    assert {"data", ".env", ".git", ".venv", "build", "tests"} <= left_out
    assert {name for name in ignored if "*" not in name and name != "__pycache__"} <= left_out
    assert not left_out & {name for line in COPIED for name in (line, line.split("/")[0])}


def test_the_container_does_not_run_as_root_and_keeps_one_volume() -> None:
    lines = CONTAINERFILE.splitlines()
    assert lines.index("USER dongmun") < next(i for i, line in enumerate(lines) if line.startswith("CMD"))
    assert re.findall(r"^VOLUME (\S+)", CONTAINERFILE, re.MULTILINE) == ["/data"]
    assert "DATA_DIR=/data" in CONTAINERFILE


def test_what_is_set_for_the_service_are_settings() -> None:
    container = re.search(r"^ENV (.*)$", CONTAINERFILE, re.MULTILINE)
    unit = re.search(r"^Environment=(.*)$", UNIT, re.MULTILINE)
    assert container
    assert unit
    given = variables(container[1]) | variables(unit[1]) | set(COMPOSE["services"]["web"]["environment"])
    assert given - NAMES - OTHERS == set()


def test_the_commands_that_are_called_exist(app: Flask) -> None:
    documents = "".join((ROOT / name).read_text() for name in ("docs/deployment.md", "docs/configuration.md"))
    called = flask_commands(CONTAINERFILE) | flask_commands(UNIT) | flask_commands(documents)
    assert {"serve", "db"} <= called
    assert called - set(app.cli.commands) == set()


def test_everyone_waits_longer_than_the_drain_takes() -> None:
    stop = re.search(r"^TimeoutStopSec=(\d+)$", UNIT, re.MULTILINE)
    assert stop
    assert int(stop[1]) > DRAIN_SECONDS
    assert int(COMPOSE["services"]["web"]["stop_grace_period"].removesuffix("s")) > DRAIN_SECONDS


def test_the_proxy_takes_what_the_application_takes_and_is_trusted_once(app: Flask) -> None:
    limits = [int(size) for size in re.findall(r"(?:max_size|request_buffers) (\d+)MB", CADDYFILE)]
    assert limits == [Settings.MAX_BACKUP_MB + 1, Settings.MAX_UPLOAD_MB + 1, Settings.MAX_UPLOAD_MB + 1]
    larger = "/installation/backups/uploads"
    assert larger in {rule.rule for rule in app.url_map.iter_rules()}
    assert CADDYFILE.count(f"path {larger}") == 2, "the larger limit holds there alone"
    assert COMPOSE["services"]["web"]["environment"]["TRUSTED_PROXIES"] == "1"


def test_invented_people_are_loaded_by_make_run_alone() -> None:
    for text in (CONTAINERFILE, UNIT, (ROOT / "deploy/compose.yaml").read_text()):
        assert not re.search(r"\bdemo\b|\bdevelop\b", text)
