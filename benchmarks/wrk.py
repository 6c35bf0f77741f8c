"""Load by wrk: in C and LuaJIT, so that it takes little of the processors from what it measures."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("requests.lua")


class BadRun(RuntimeError):
    """The figures of a run mean nothing: requests were refused or went wrong."""


@dataclass(frozen=True)
class Load:
    """What wrk saw: requests answered a second and their latencies; `cores` is what it used itself."""

    answers: int
    rate: float
    p50_ms: float
    p99_ms: float
    cores: float


def require_wrk() -> None:
    """Install wrk where we may, or say what to install."""
    if shutil.which("wrk"):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True, stdout=subprocess.DEVNULL)
        return
    raise SystemExit("The bench needs wrk: install the package `wrk` (Debian: apt-get install wrk).")


def write_requests(
    path: Path, method: str, target: str, headers: Mapping[str, str], bodies: Iterable[str] = ()
) -> Path:
    """The file that `requests.lua` reads. A body must not hold a line break."""
    lines = [f"{method} {target}", *(f"{name}: {value}" for name, value in headers.items()), "", *bodies]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(base_url: str, requests: Path, clients: int, seconds: int) -> Load:
    """Send for some seconds over `clients` connections; every answer must be a 2xx or 3xx."""
    command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", str(SCRIPT)]
    before = _used()
    done = subprocess.run(
        [*command, base_url, "--", str(requests)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BadRun(f"wrk failed: {done.stdout}{done.stderr}")
    return read(done.stdout, _used() - before)


def read(output: str, processor_seconds: float) -> Load:
    """wrk's figures out of what it printed."""
    told = json.loads(output.strip().splitlines()[-1])
    if told["refused"] or told["broken"] or not told["answers"]:
        raise BadRun(f"not every request was answered well: {told}")
    seconds = told["microseconds"] / 1e6
    return Load(
        answers=told["answers"],
        rate=told["answers"] / seconds,
        p50_ms=told["p50"] / 1000,
        p99_ms=told["p99"] / 1000,
        cores=processor_seconds / seconds,
    )


def _used() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
