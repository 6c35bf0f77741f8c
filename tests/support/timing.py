"""Telling two kinds of requests apart by how long they take, as somebody outside would try to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Times = Sequence[float]  # of one visit: a time for each of its requests
Sample = tuple[Times, bool]


@dataclass(frozen=True)
class Stump:
    """Guesses by one request's time alone: yes where it is above the threshold, or not above it."""

    request: int
    threshold: float
    above: bool

    def guess(self, times: Times) -> bool:
        return (times[self.request] > self.threshold) is self.above


def learn(samples: Sequence[Sample]) -> Stump:
    """The stump that is right most often about these."""
    best, most = Stump(0, 0.0, above=True), 0
    for request in range(len(samples[0][0])):
        ordered = sorted((times[request], yes) for times, yes in samples)
        right = sum(yes for _, yes in ordered)  # all are above
        for time, yes in ordered:
            right += -1 if yes else 1
            for above, score in ((True, right), (False, len(ordered) - right)):
                if score > most:
                    best, most = Stump(request, time, above), score
    return best


def accuracy(stump: Stump, samples: Sequence[Sample]) -> float:
    return sum(stump.guess(times) is yes for times, yes in samples) / len(samples)
