"""What the bench prints and writes."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.arithmetic import Figure, Floor
from benchmarks.installation import DATABASES
from config import ROOT

Verdicts = Sequence[tuple[Floor, Figure, bool]]
FILE = ROOT / "build/bench.json"
QUIET = 0.2  # processors that others may use before we call it noise
HEAD = (
    "what",
    "database",
    "clients",
    "figure",
    "ceiling",
    "ratio",
    "p50 ms",
    "p99 ms",
    "client CPU",
    "others' CPU",
)


def show(figures: Sequence[Figure]) -> str:
    """The table: a line for each figure, by what was measured."""
    order = list(dict.fromkeys(figure.what for figure in figures))
    ranked = sorted(figures, key=lambda f: (order.index(f.what), DATABASES.index(f.database), f.clients))
    rows = [HEAD, *(_row(figure) for figure in ranked)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = (cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True))
    right = (cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True))
    return "  ".join([*left, *right]).rstrip()


def _row(figure: Figure) -> tuple[str, ...]:
    ceiling = "" if figure.ceiling is None else f"{figure.ceiling:,.0f} ±{figure.ceiling_spread or 0:.0%}"
    value = f"{figure.value:,.0f}" if figure.value >= 20 else f"{figure.value:.2f}"
    return (
        figure.what,
        figure.database,
        str(figure.clients),
        f"{value} {figure.unit}",
        ceiling,
        "" if figure.ratio is None else f"{figure.ratio:.2f}",
        _number(figure.p50_ms),
        _number(figure.p99_ms),
        _share(figure.generator_cores),
        _share(figure.others_cores),
    )


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0%}"


def show_floors(verdicts: Verdicts, missing: Sequence[Floor]) -> str:
    """One line for each floor: held everywhere, or where not."""
    lines = []
    for floor in dict.fromkeys(floor for floor, _, _ in verdicts):
        missed = [figure for each, figure, held in verdicts if each is floor and not held]
        worst = ", ".join(f"{f.database} at {f.clients}: {getattr(f, floor.measure):.3g}" for f in missed)
        lines.append(
            f"{'MISSED' if missed else 'held  '}  {floor.what} {floor}{': ' + worst if worst else ''}"
        )
    lines += [f"MISSED  {floor.what} {floor}: not measured" for floor in missing]
    return "\n".join(lines)


def show_noise(figures: Sequence[Figure]) -> str:
    """A warning where the machine was not ours alone: figures in seconds and a second are worse for it."""
    taken = [figure.others_cores for figure in figures if figure.others_cores is not None]
    worst = max(taken, default=0.0)
    if worst < QUIET:
        return ""
    return f"Other programs used up to {worst:.1f} of {os.cpu_count()} processors meanwhile: measure again.\n"


def write(figures: Sequence[Figure], verdicts: Verdicts, took: float) -> None:
    """build/bench.json: everything that was measured, and how it was judged."""
    document: dict[str, Any] = {
        "machine": machine(),
        "seconds": round(took, 1),
        "figures": [figure.as_json() for figure in figures],
        "floors": [
            {
                "what": floor.what,
                "floor": str(floor),
                "database": figure.database,
                "clients": figure.clients,
                "value": getattr(figure, floor.measure),
                "held": held,
            }
            for floor, figure, held in verdicts
        ],
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return {
        "processor": model,
        "processors": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_before": os.getloadavg()[0],
    }
