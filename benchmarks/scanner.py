"""`make bench-scanner`: what the shipped decoder reads of sample frames, and how fast; fails under its floors."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from app import create_app
from benchmarks.arithmetic import percentile
from config import ROOT
from tests.support.browser import launched
from tests.support.databases import settings_for
from tests.support.reading import Reader, reading

FILE = ROOT / "build/bench-scanner.json"
LEAST_READ = 0.9
LOOKS = 4  # camera frames of one ticket, a third of a second: each gets another treatment
SLOW = 4
SLICE = 0.002  # seconds


@dataclass(frozen=True)
class Sample:
    name: str
    kind: str
    text: str | None
    picture: bytes


@dataclass(frozen=True)
class Result:
    name: str
    kind: str
    carries_code: bool
    looks: int  # until it was read; 0: never
    wrong: tuple[str, ...]
    ms: tuple[float, ...]


def samples(folder: Path) -> list[Sample]:
    """The frames that `truth.json` of the folder names."""
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    return [
        Sample(each["file"], each["category"], each["text"], (folder / "img" / each["file"]).read_bytes())
        for each in truth["images"]
    ]


def judge(sample: Sample, look: Reader) -> Result:
    """Hold one picture before the camera until it is read, at most LOOKS frames."""
    times: list[float] = []
    wrong: list[str] = []
    for number in range(1, LOOKS + 1):
        seen = look(sample.picture)
        times.append(seen.ms)
        wrong += [text for text in seen.texts if text != sample.text]
        if sample.text in seen.texts:
            return Result(sample.name, sample.kind, True, number, tuple(wrong), tuple(times))
    return Result(sample.name, sample.kind, sample.text is not None, 0, tuple(wrong), tuple(times))


def run(pictures: Sequence[Sample], slower: int = 1) -> list[Result]:
    """Every frame through the decoder in Chromium, at a fraction of the speed."""
    with tempfile.TemporaryDirectory(prefix="dongmun-scanner-") as folder, launched() as browser:
        app = create_app(settings_for(f"sqlite:///{folder}/empty.sqlite3", Path(folder)))
        with reading(app, browser) as (_, look):
            for sample in pictures[:5]:
                look(sample.picture)
            with slowed(renderers(browser), slower):
                return [judge(sample, look) for sample in pictures]


def renderers(browser: Browser) -> list[int]:
    """The processes in which its pages and their workers run."""
    session = browser.new_browser_cdp_session()
    try:
        found = session.send("SystemInfo.getProcessInfo")["processInfo"]
    finally:
        session.detach()
    return [each["id"] for each in found if each["type"] == "renderer"]


@contextmanager
def slowed(pids: Sequence[int], rate: int) -> Iterator[None]:
    """Let processes run for one slice of `rate`. DevTools' own throttling leaves workers at full speed."""
    over = threading.Event()

    def hold() -> None:
        while not over.is_set():
            send(signal.SIGSTOP)
            time.sleep(SLICE * (rate - 1))
            send(signal.SIGCONT)
            time.sleep(SLICE)

    def send(number: int) -> None:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    thread = threading.Thread(target=hold)
    if rate > 1:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if rate > 1:
            thread.join()


def figures(results: Sequence[Result]) -> dict[str, float | int]:
    coded = [each for each in results if each.carries_code]
    times = [ms for each in results for ms in each.ms]
    return {
        "frames": len(results),
        "with_code": len(coded),
        "read": sum(each.looks > 0 for each in coded),
        "read_at_first_look": sum(each.looks == 1 for each in coded),
        "false_reads": sum(bool(each.wrong) for each in results),
        "p50_ms": percentile(times, 0.5),
        "p95_ms": percentile(times, 0.95),
    }


def held(total: dict[str, float | int]) -> bool:
    """Whether enough was read and nothing falsely; frames without a single code hold nothing."""
    enough = 0 < LEAST_READ * total["with_code"] <= total["read"]
    return enough and total["false_reads"] == 0


def kinds(results: Sequence[Result]) -> dict[str, dict[str, float | int]]:
    names = dict.fromkeys(each.kind for each in results)
    return {name: figures([each for each in results if each.kind == name]) for name in names}


def show(results: Sequence[Result]) -> str:
    rows = [*kinds(results).items(), ("all", figures(results))]
    lines = [f"{'kind':<16}{'frames':>8}{'read':>7}{'at once':>9}{'false':>7}{'p95 ms':>9}"]
    lines += [
        f"{name:<16}{row['frames']:>8}{row['read']:>7}{row['read_at_first_look']:>9}"
        f"{row['false_reads']:>7}{row['p95_ms']:>9.0f}"
        for name, row in rows
    ]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    folder = _folder(arguments)
    if folder is None:
        return 2
    pictures = samples(folder)
    full = run(pictures)
    quarter = run(pictures, SLOW)
    totals = {"full_speed": figures(full), "quarter_speed": figures(quarter)}
    print(show(full))
    for name, total in totals.items():
        print(
            f"{name.replace('_', ' ')}: {total['read']} of {total['with_code']} read, {total['false_reads']} false, "
            f"p50 {total['p50_ms']:.0f} ms, p95 {total['p95_ms']:.0f} ms a frame, its second try included"
        )
    FILE.parent.mkdir(exist_ok=True)
    report = totals | {
        "looks": LOOKS,
        "kinds": kinds(full),
        "unread": [each.name for each in full if each.carries_code and not each.looks],
    }
    FILE.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    passed = held(totals["full_speed"]) and held(totals["quarter_speed"])
    print(f"floor: {LEAST_READ:.0%} read, no false read: {'held' if passed else 'MISSED'}; all: {FILE.name}")
    return 0 if passed else 1


def _folder(arguments: Sequence[str] | None) -> Path | None:
    """Where the frames are; None, and said why, where they are not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frames", nargs="?", default=os.environ.get("FRAMES", ""))
    given = parser.parse_args(arguments).frames
    if given and (Path(given) / "truth.json").is_file():
        return Path(given)
    where = f"{given} has no truth.json." if given else "No folder of sample frames was named."
    print(
        f"{where} They are not part of this repository: make bench-scanner FRAMES=folder, where folder holds img/ "
        'and truth.json, {"images": [{"file", "category", "text"}]} with text null for a frame without a code.',
        file=sys.stderr,
    )
    return None


if __name__ == "__main__":
    sys.exit(main())
