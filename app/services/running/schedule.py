"""What happens by itself at an instant, done by the workers: once, in order, also after they were away.

What is due is asked of the rows that it is about. A worker claims an act and does it in one transaction: another
worker that meant to do it too finds the claim, and one that is killed leaves neither claim nor effect.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlalchemy.orm import Session

from app.clock import now
from app.db import end_reading, forget_overwritten, transaction
from app.domain.schedule import Act, Due, in_order
from app.services.auditing import seals
from app.services.fees import deadlines
from app.services.messaging import sending
from app.services.personal import destruction
from app.services.registering import reminders, still_coming, thanks
from app.services.running import cleanup
from app.services.running.schedule_claims import claim, put_off, take_round
from app.services.seating import draw_asking, draw_entries, offers, seat_pools, seat_release

log = logging.getLogger(__name__)
BATCH = 50
CLEAN_UP_EVERY = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Work:
    """`due` finds up to so many that are due at an instant and open to be done, the earliest first; it only
    reads. `do` does one in the caller's transaction: under the seat lock it looks whether it still applies.
    `after`: what it takes once that is committed."""

    due: Callable[[dt.datetime, int], Sequence[Due]]
    do: Callable[[Session, Due], None]
    after: Callable[[], None] | None = None


WORK: dict[Act, Work] = {
    Act.OFFER_EXPIRY: Work(offers.due_expiries, offers.expire),
    Act.SEAT_RELEASE: Work(seat_release.due_releases, seat_release.release),
    Act.FEE_DEADLINE: Work(deadlines.due_deadlines, deadlines.pass_on),
    Act.QUOTA_FLOW: Work(seat_pools.due_flows, seat_pools.flow_back),
    Act.DRAW_DEADLINE: Work(draw_entries.due_deadlines, draw_entries.close),
    Act.DRAW_VALUE: Work(draw_asking.due_values, draw_asking.ask),
    Act.STILL_COMING: Work(still_coming.due_questions, still_coming.ask),
    Act.WEEK_REMINDER: Work(reminders.due_week_reminders, reminders.remind),
    Act.DAY_REMINDER: Work(reminders.due_day_reminders, reminders.remind),
    Act.FEE_REMINDER: Work(deadlines.due_reminders, deadlines.remind),
    Act.THANKS: Work(thanks.due_thanks, thanks.thank),
    Act.DESTRUCTION: Work(destruction.due_destructions, destruction.destroy, forget_overwritten),
    Act.MESSAGE: Work(sending.due_messages, sending.begin),
}
"""What the workers do by themselves: add a service's own here."""


def run_due() -> int:
    """Do what is due by now, the earliest first, up to a batch; how many were done by this worker.

    One that fails holds up no other and is tried again later.
    """
    at = now()
    found = in_order(chain.from_iterable(work.due(at, BATCH) for work in WORK.values()), BATCH)
    end_reading()
    return sum(_did(due) for due in found)


def clean_up() -> None:
    """The round of clean-ups and of the audit trail's seals, if it is due and no other worker does it."""
    if take_round(Act.CLEAN_UP, CLEAN_UP_EVERY):
        cleanup.run()
        seals.go_round()


def _did(due: Due) -> bool:
    try:
        with transaction() as session:
            if not claim(session, due):
                return False
            WORK[due.act].do(session, due)
        if after := WORK[due.act].after:
            after()
        return True
    except Exception as error:
        about = {"act": due.act, "subject": due.subject}
        log.error("a scheduled act failed", exc_info=error, extra=about)
        put_off(due, error)
        return False
