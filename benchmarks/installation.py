"""A whole installation for the bench: a durable database, our server with its worker, and the ceiling's."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.db import db
from benchmarks import ceiling
from config import ROOT, Settings
from tests.support.postgres import PostgresServer
from tests.support.server import Server, environment, free_port

DATABASES = ("sqlite", "postgresql")
OURS, CEILING, MAIL = free_port(), free_port(), free_port()
# What a production server has by default; the tests' server runs without.
DURABLE = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "autovacuum": "on",
    "shared_buffers": "128MB",
}
DISK = Path("/var/tmp")  # /tmp may be memory, where a commit costs nothing


@dataclass(frozen=True)
class Databases:
    """The URLs of two empty databases on one engine: ours and the ceiling's."""

    ours: str
    ceiling: str


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A folder on a disk that goes away afterwards."""
    if DISK.is_dir() and os.access(DISK, os.W_OK):
        tempfile.tempdir = str(DISK)
    folder = Path(tempfile.mkdtemp(prefix="dongmun-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def databases(kind: str, folder: Path) -> Iterator[Databases]:
    """Both databases of one kind, with everything on that makes an answered commit survive."""
    if kind == "sqlite":
        yield Databases(f"sqlite:///{folder / 'ours.sqlite3'}", f"sqlite:///{folder / 'ceiling.sqlite3'}")
        return
    server = PostgresServer(DURABLE)
    try:
        yield Databases(server.create("ours"), server.create("ceiling"))
    finally:
        server.stop()


def settings_for(url: str, folder: Path) -> Settings:
    """An installation's settings as they come, apart from where things are."""
    return Settings(
        DATABASE_URL=url,
        DATA_DIR=folder,
        PORT=OURS,
        BASE_URL=f"http://localhost:{OURS}",
        SMTP_URL=f"smtp://127.0.0.1:{MAIL}",
        LOG_LEVEL="warning",
    )


def migrated(settings: Settings) -> Flask:
    """The application in this process, on a fresh schema: for making the world and counting statements."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    with app.app_context():
        upgrade()
    return app


def dispose(app: Flask) -> None:
    """Leave the database alone: what this process holds open would disturb the measured ones."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@contextlib.contextmanager
def serving_ours(settings: Settings) -> Iterator[Server]:
    """`flask serve`: the web server and the worker."""
    server = Server(settings, settings.DATA_DIR / "server.log")
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def serving_ceiling(settings: Settings, url: str, codes: list[str]) -> Iterator[str]:
    """The bare application on its own database; gives its address."""
    own = replace(settings, DATABASE_URL=url, PORT=CEILING)
    ceiling.prepare(url, codes)
    command = [sys.executable, "-m", "benchmarks.ceiling"]
    with (settings.DATA_DIR / "ceiling.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(own), stdout=log, stderr=log)
    try:
        yield _answering(process, own)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _answering(process: subprocess.Popen[bytes], settings: Settings) -> str:
    """Wait until it answers; its address."""
    url = f"http://127.0.0.1:{settings.PORT}"
    for _ in range(300):
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            urllib.request.urlopen(url, timeout=2).close()
            return url
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"the ceiling did not start:\n{(settings.DATA_DIR / 'ceiling.log').read_text()}")
