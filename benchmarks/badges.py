"""Name badges as one PDF: looked up, laid out, drawn with their QR codes and the type that they need."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass

from flask import Flask

from app.blueprints.badges import content
from app.db import db, end_reading
from app.domain.printing.designs import Design
from app.models import Meetup
from app.printing.pdf import Pdf
from app.printing.sheets import print_labels
from app.services.printing import badge_prints
from app.services.printing.badge_prints import SEATED, Chosen
from benchmarks.world import World

BADGES = 400
AGAIN = 3


@dataclass(frozen=True)
class Printed:
    """Seconds in a process that never printed before, and the median of those after; `processor`: of the first, seconds
    on a processor, whatever else the machine does meanwhile."""

    first: float
    processor: float
    again: float
    megabytes: float


def measure(app: Flask, world: World) -> Printed:
    with app.app_context():
        began, busy = time.perf_counter(), time.process_time()
        file = _badges(world.many.id)
        first, processor = time.perf_counter() - began, time.process_time() - busy
        again = [_seconds(world.many.id) for _ in range(AGAIN)]
    return Printed(first, processor, statistics.median(again), len(file) / 1e6)


def _seconds(meetup_id: int) -> float:
    began = time.perf_counter()
    _badges(meetup_id)
    return time.perf_counter() - began


def _badges(meetup_id: int) -> bytes:
    """A print of the whole meetup is noted; so many of its badges make the file."""
    made = badge_prints.begin(meetup_id, Chosen(SEATED), "account:1")
    pieces = badge_prints.printed_pieces(made, 0, BADGES)
    meetup, design = db.session.get_one(Meetup, meetup_id), Design.of(made.design)
    pdf = Pdf(title="Badges", locale=design.locale)
    print_labels(pdf, design.layout, content.designs(meetup, design, pieces), len(pieces))
    end_reading()
    return pdf.finished()
