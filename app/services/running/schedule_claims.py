"""The claims of scheduled acts: what lets each happen once, and lets a failed one wait for its next try."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, SQLColumnExpression, Table, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.schedule import Act, Due, again_at, round_of
from app.models import ScheduledAct

LONGEST_ERROR = 255
_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
_KEY = ("act", "subject_id", "due_at")


def open_to(
    act: Act, subject: SQLColumnExpression[int], due: SQLColumnExpression[Any], at: dt.datetime
) -> ColumnElement[bool]:
    """A condition for what is due: nobody has done it, and it does not wait for its next try."""
    claim = select(ScheduledAct.id).where(
        ScheduledAct.act == act,
        ScheduledAct.subject_id == subject,
        ScheduledAct.due_at == due,
        or_(ScheduledAct.done_at.is_not(None), ScheduledAct.retry_at > at),
    )
    return ~claim.exists()


def dues(
    act: Act,
    subject: InstrumentedAttribute[int],
    when: InstrumentedAttribute[dt.datetime] | InstrumentedAttribute[dt.datetime | None],
    at: dt.datetime,
    limit: int,
    *still: ColumnElement[bool],
) -> Sequence[Due]:
    """What the act is due for and open to, the earliest first: the ids in `subject` of which `when` has come, while these
    conditions `still` hold."""
    rows = db.session.execute(
        select(subject.label("subject"), when.label("when"))
        .where(when <= at, open_to(act, subject, when, at), *still)
        .order_by(when, subject)
        .limit(limit)
    )
    return [Due(row.when, act, row.subject) for row in rows]


def claim(session: Session, due: Due) -> bool:
    """Whether this transaction is the one that does it. Another that claims the same waits for its end."""
    insert = _INSERT[session.get_bind().dialect.name](cast("Table", ScheduledAct.__table__))
    statement = insert.values(**_key(due), done_at=now(), tries=0).on_conflict_do_update(
        index_elements=_KEY,
        set_={"done_at": insert.excluded.done_at},
        where=ScheduledAct.done_at.is_(None),
    )
    return session.execute(statement.returning(ScheduledAct.id)).one_or_none() is not None


def is_done(session: Session, due: Due) -> bool:
    """Whether it was done, also in this transaction."""
    done = _of(due).where(ScheduledAct.done_at.is_not(None))
    return session.scalars(done).one_or_none() is not None


def put_off(due: Due, error: BaseException) -> None:
    """Note that it failed, and when to try again."""
    with transaction() as session:
        row = session.scalars(_of(due).with_for_update()).one_or_none()
        if row is None:
            row = ScheduledAct(**_key(due), tries=0)
            session.add(row)
        row.tries += 1
        row.retry_at, row.error = again_at(now(), row.tries), type(error).__name__[:LONGEST_ERROR]


def take_round(act: Act, every: dt.timedelta) -> bool:
    """Whether this worker does the round that is due: one round for all workers, and one for all the time
    in which none ran."""
    due = Due(round_of(now(), every), act, 0)
    taken = db.session.scalars(_of(due)).one_or_none() is not None
    end_reading()
    if taken:
        return False
    with transaction() as session:
        session.execute(delete(ScheduledAct).where(ScheduledAct.act == act, ScheduledAct.due_at < due.at))
        return claim(session, due)


def _of(due: Due) -> Any:
    return select(ScheduledAct).filter_by(**_key(due))


def _key(due: Due) -> dict[str, Any]:
    return {"act": due.act, "subject_id": due.subject, "due_at": due.at}
