"""The worker's rounds (services/schedule.py says when): what has served its time is deleted, by the service that owns it or here."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from app.clock import now
from app.db import transaction
from app.models import AccountSession, Device, Enrolment, MailState, OutboxMail, SignInLink
from app.services import throttle
from app.services.alumni import roster_uploads
from app.services.backups import files
from app.services.fees import payments
from app.services.mails import dead_addresses, outbox
from app.services.organizing import export_jobs
from app.services.personal import address_changes, fresh_proofs, undecided_checks
from app.services.printing import extra_badges
from app.services.registering import proofs, survey_results

log = logging.getLogger(__name__)
AT_ONCE = 1000  # rows of a kind in one round, so that no round holds others up
MAILS_KEPT, LINKS_KEPT = dt.timedelta(days=7), dt.timedelta(days=30)
PAYERS_KEPT = dt.timedelta(days=90)  # after the meetup, to answer questions and to give money back


def _discard(model: Any, *conditions: ColumnElement[bool]) -> int:
    some = select(model.id).where(*conditions).order_by(model.id).limit(AT_ONCE)
    with transaction() as session:
        result: Any = session.execute(
            delete(model).where(model.id.in_(some)).execution_options(synchronize_session=False)
        )
        return int(result.rowcount)


def discard_strangers_mails() -> int:
    """Mails to addresses that anybody may have typed: a week after they were settled they are nobody's business."""
    return _discard(
        OutboxMail,
        OutboxMail.kind.in_(outbox.TO_STRANGERS),
        OutboxMail.state != MailState.QUEUED,
        OutboxMail.due_at < now() - MAILS_KEPT,
    )


def discard_sign_in_links() -> int:
    over = now() - LINKS_KEPT
    return _discard(SignInLink, or_(SignInLink.used_at < over, SignInLink.expires_at < over))


def discard_sessions() -> int:
    over = now() - LINKS_KEPT
    return _discard(AccountSession, or_(AccountSession.ended_at < over, AccountSession.expires_at < over))


def discard_enrolments() -> int:
    """Those that no phone came from; the others are part of their phone's history."""
    used = select(Device.id).where(Device.enrolment_id == Enrolment.id).exists()
    return _discard(Enrolment, Enrolment.expires_at < now() - LINKS_KEPT, ~used)


def forget_payers() -> int:
    """The names that stood in the bank's list, and the accounts that money went back to; sums and times stay."""
    return payments.forget_words_of_past_meetups(now() - PAYERS_KEPT, AT_ONCE)


ROUNDS: dict[str, Callable[[], int]] = {
    "marks of dead addresses": dead_addresses.revive,
    "proofs": proofs.discard_old,
    "fresh proofs": fresh_proofs.discard_old,
    "address changes": address_changes.discard_old,
    "undecided list checks": undecided_checks.discard_old,
    "throttles": throttle.discard_old,
    "roster uploads": roster_uploads.discard_expired,
    "strangers' mails": discard_strangers_mails,
    "large files": export_jobs.discard_expired,
    "sign-in links": discard_sign_in_links,
    "account sessions": discard_sessions,
    "enrolments": discard_enrolments,
    "payers": forget_payers,
    "removed badges": extra_badges.discard_removed,
    "backups": files.forget_old,
    "surveys that ended": survey_results.settle_ended,
}
"""Functions that delete what is over and return how much: add a service's own here."""


def run() -> dict[str, int]:
    """One round of all; one that fails hinders no other. Returns what was deleted."""
    deleted = {}
    for name, discard in ROUNDS.items():
        try:
            deleted[name] = discard()
        except Exception as error:
            log.error("a clean-up failed", exc_info=error, extra={"round": name})
    return deleted
