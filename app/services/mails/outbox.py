"""The outbox: mails are owed in the transaction that causes them, and sent by the worker after it.

A mail is claimed under a lease, sent, and settled. A worker that dies in between leaves the lease to
run out, so a mail goes out at least once, with the same Message-ID when it goes out again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Table,
    Update,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of, db, statements, transaction
from app.domain import tokens
from app.models import MailState, OutboxMail
from app.prepared import Appending
from app.services.mails import dead_addresses

LEASE = dt.timedelta(minutes=2)
PUT_OFF = dt.timedelta(minutes=15)
GIVE_UP_AFTER = dt.timedelta(days=3)
BACKOFF_SECONDS = (5, 15, 60, 300, 900, 1800)
AWAITED = {
    "proof",
    "sign_in",
    "fresh_code",
    "new_address_code",
}  # somebody sits before the page that asks for what the mail says
TO_STRANGERS = ("proof", "sign_in", "new_address_code", "setup_test")  # to whatever address somebody typed
FORGOTTEN = ("erased",)  # kinds whose address is no longer known once they are settled
AT_ONCE, PATIENT = 0, 1  # the priorities
PATIENT_SHARE = 4  # of a batch that nobody waits for, one part in so many
# Made once: every batch asks them.
_mail = cast("Table", OutboxMail.__table__)
_OWE = Appending(_mail)
_DUE = and_(
    _mail.c.state == MailState.QUEUED,
    _mail.c.due_at <= bindparam("at"),
    or_(_mail.c.leased_until.is_(None), _mail.c.leased_until < bindparam("at")),
)
_FIRST_DUE = select(_mail.c.priority).where(_DUE).order_by(_mail.c.priority).limit(1)
# By way of a CTE: PostgreSQL may run a subquery in a condition several times, and lock others each time.
_first = (
    select(_mail.c.id)
    .where(_DUE, _mail.c.priority == bindparam("of"))
    .order_by(_mail.c.due_at, _mail.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("first")
)
_LEASE = (
    update(_mail)
    .where(_mail.c.id.in_(select(_first.c.id)))
    .values(leased_until=bindparam("until"), leased_by=bindparam("by"), attempts=_mail.c.attempts + 1)
    .returning(*_mail.c)
)
_SENT = (
    update(_mail)
    .where(_mail.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state=MailState.SENT,
        sent_at=bindparam("at"),
        leased_until=None,
        last_error=None,
        address=case((_mail.c.kind.in_(FORGOTTEN), ""), else_=_mail.c.address),
    )
)


def enqueue(
    unit: Session | Connection,
    kind: str,
    address: str,
    locale: str,
    *,
    program_id: int | None = None,
    meetup_id: int | None = None,
    registration_id: int | None = None,
    due_at: dt.datetime | None = None,
    **params: Any,
) -> None:
    """Owe a mail of `kind` (a file in templates/emails) in the caller's transaction."""
    mail = {
        "address": address,
        "locale": locale,
        "program_id": program_id,
        "meetup_id": meetup_id,
        "registration_id": registration_id,
        "params": params,
        "due_at": due_at or now(),
    }
    enqueue_many(unit, kind, [mail])


def enqueue_many(unit: Session | Connection, kind: str, mails: Sequence[Mapping[str, Any]]) -> int:
    """Owe one mail of `kind` to each, in one statement for all: a row of address and locale, and
    program_id, meetup_id, registration_id, params where they apply. Returns how many."""
    at = now()
    fixed = {"kind": kind, "state": MailState.QUEUED, "params": {}, "created_at": at, "due_at": at}
    fixed["priority"] = AT_ONCE if kind in AWAITED else PATIENT
    domain = _mail_domain()
    rows = [{**fixed, **mail, "message_id": f"<{tokens.uid()}@{domain}>"} for mail in mails]
    _OWE.add_all(connection_of(unit), rows)
    return len(rows)


def claim(worker: str, limit: int, *, patient_first: bool = False) -> list[OutboxMail]:
    """Lease up to `limit` due mails to `worker`; another worker gets others.

    All are of one priority, the first that is due: whoever waits for a code does not wait for the rest of
    a batch as well, and of what nobody waits for only a part of `limit` is taken, as a code may come.
    `patient_first` takes those first, so that a lasting flow of codes holds them up no longer than a while.
    They come apart from the session, as they are now: no later transaction makes each be read again.
    """
    first = _first_due()
    if first is None:
        return []
    for priority in (PATIENT, AT_ONCE) if patient_first or first == PATIENT else (AT_ONCE, PATIENT):
        if rows := _lease(worker, limit if priority == AT_ONCE else max(1, limit // PATIENT_SHARE), priority):
            return rows
    return []


def _lease(worker: str, limit: int, priority: int) -> list[OutboxMail]:
    with statements() as connection:
        at = now()
        given = {"at": at, "of": priority, "most": limit, "until": at + LEASE, "by": worker}
        rows = connection.execute(_LEASE, given).all()
    mails = [OutboxMail(**row._mapping) for row in rows]
    return sorted(mails, key=lambda mail: (mail.due_at, mail.id))


def settle_sent(mail_ids: Sequence[int], copies: Mapping[int, str] | None = None) -> None:
    """Note that these were accepted by the mail server; `copies` is kept in debug mode only."""
    if not mail_ids:
        return
    with statements() as connection:
        connection.execute(_SENT, {"ids": list(mail_ids), "at": now()})
        for mail_id, copy in (copies or {}).items():
            still = OutboxMail.id == mail_id, OutboxMail.address != ""
            connection.execute(update(OutboxMail).where(*still).values(copy=copy))


def settle_dropped(mail_ids: Sequence[int]) -> None:
    """Note that these are no longer owed: what they would have said is no longer true."""
    _settle(mail_ids, state=MailState.DROPPED, leased_until=None)


def settle_unwanted(mail_ids: Sequence[int]) -> None:
    """Note that these were held back: their readers have opted out of such mails."""
    _settle(mail_ids, state=MailState.UNWANTED, leased_until=None)


def put_off(mail_ids: Sequence[int]) -> None:
    """These are owed, and not yet to be sent: they come up again after a while, as if new."""
    at, tried_before = now(), OutboxMail.attempts - 1
    _settle(mail_ids, due_at=at + PUT_OFF, created_at=at, leased_until=None, attempts=tried_before)


def settle_failed(mail: OutboxMail, error: str, *, permanent: bool) -> None:
    """Try again later with growing pauses, or give up when the refusal is final or three days old."""
    at = now()
    forgotten = mail.kind in FORGOTTEN
    error = "" if forgotten else error  # a mail server likes to repeat the address
    if permanent or at - mail.created_at > GIVE_UP_AFTER:
        given_up: dict[str, Any] = {"state": MailState.FAILED, "leased_until": None, "last_error": error}
        values = given_up | ({"address": ""} if forgotten else {})
        with transaction() as session:
            session.execute(_update([mail.id]).where(OutboxMail.state == MailState.QUEUED).values(**values))
            if permanent:
                dead_addresses.mark(session, mail, error)
        return
    pause = BACKOFF_SECONDS[min(mail.attempts, len(BACKOFF_SECONDS)) - 1]
    _settle([mail.id], due_at=at + dt.timedelta(seconds=pause), leased_until=None, last_error=error)


def hand_back(mail_ids: Sequence[int], error: str | None = None) -> None:
    """Give up the lease on mails that were not tried: the worker stops, or its mail server is away.

    They keep their place in line and their number of attempts.
    """
    values: dict[str, Any] = {"leased_until": None, "attempts": OutboxMail.attempts - 1}
    _settle(mail_ids, **(values | ({"last_error": error} if error else {})))


def requeue_failed(mail_ids: Sequence[int] | None = None) -> int:
    """Owe failed mails anew, all of them or those named; how many. Their three days begin anew, too."""
    with transaction() as session:
        return owe_anew(session, *([OutboxMail.id.in_(mail_ids)] if mail_ids is not None else []))


def owe_anew(session: Session, *which: ColumnElement[bool]) -> int:
    """As `requeue_failed`, in the caller's transaction, of those failed mails that fit all of `which`."""
    at = now()
    values = {"state": MailState.QUEUED, "due_at": at, "created_at": at, "attempts": 0, "leased_until": None}
    failed = OutboxMail.state == MailState.FAILED, OutboxMail.address != ""
    anew = update(OutboxMail).where(*failed, *which).values(**values)
    result: Any = session.execute(anew.execution_options(synchronize_session=False))
    return int(result.rowcount)


def states() -> dict[MailState, int]:
    """How many mails there are in each state."""
    rows = db.session.execute(
        select(OutboxMail.state, func.count().label("number")).group_by(OutboxMail.state)
    )
    found = {row.state: row.number for row in rows}
    return {state: found.get(state, 0) for state in MailState}


def failed(limit: int) -> Sequence[OutboxMail]:
    """The newest that were given up."""
    query = select(OutboxMail).where(OutboxMail.state == MailState.FAILED)
    return db.session.scalars(query.order_by(OutboxMail.id.desc()).limit(limit)).all()


def _settle(mail_ids: Sequence[int], **values: Any) -> None:
    if mail_ids:
        with transaction() as session:
            session.execute(_update(mail_ids).where(OutboxMail.state == MailState.QUEUED).values(**values))


def _update(mail_ids: Sequence[int]) -> Update:
    return update(OutboxMail).where(OutboxMail.id.in_(mail_ids)).execution_options(synchronize_session=False)


def _first_due() -> int | None:
    """The priority of what is due first; a plain read, so that an idle worker never takes the write gate."""
    found = db.session.scalar(_FIRST_DUE, {"at": now()})
    db.session.rollback()
    return found


def _mail_domain() -> str:
    sender: str = current_app.config["SETTINGS"].MAIL_FROM
    return sender.rpartition("@")[2].strip("> ") or "localhost"
