"""What a filter of the attendee list asks of a statement about registrations."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, false, literal_column, or_, select
from sqlalchemy.orm import aliased

from app.models import AS_WALK_IN, Cohort, Payment, Registration, RegistrationTag
from app.services.alumni import attendance, people_search
from app.services.organizing import conditions, kept_keys, tags
from app.services.organizing.filters import NO_COHORT, Filter
from app.services.registering import consents, replies


def restricted(
    query: Select[Any], meetup_id: int, wanted: Filter, sign: str = "", *, each: bool = False
) -> Select[Any]:
    """`sign`, `each`: as in `attendees.ids`."""
    number, meetup = (_signed(sign, column) for column in (Registration.id, Registration.meetup_id))
    query = query.where(meetup == meetup_id, Registration.status.in_(sorted(wanted.states)))
    if wanted.only:
        query = query.where(Registration.reference.in_(sorted(wanted.only)))
    if wanted.cohorts:
        query = query.where(_of_cohorts(wanted.cohorts))
    if wanted.reply is not None:
        query = query.where(replies.replied(meetup_id, wanted.reply))
    if wanted.no_show:
        query = query.where(attendance.did_not_come())
    if wanted.tags or wanted.untagged:
        query = query.where(_tagged(meetup_id, wanted, number))
    if wanted.mail:
        query = query.where(conditions.mailed(meetup_id, wanted.mail, number, each=each))
    if wanted.walk_in is not None:
        query = query.where(
            _walked_in(meetup_id, number) if wanted.walk_in else Registration.source != AS_WALK_IN
        )
    query = query.where(*_facts(wanted), *_said(wanted))
    query = query.where(*conditions.answered(wanted.answers, number, each=each))
    found = people_search.registered(wanted.search, meetup_id, number, given_only=wanted.given_only)
    return query if found is None else query.where(found)


def _facts(wanted: Filter) -> list[ColumnElement[bool]]:
    """Of the registration itself."""
    paid = select(Payment.id).where(Payment.registration_id == Registration.id, Payment.paid_at.is_not(None))
    either: tuple[tuple[bool | None, ColumnElement[bool]], ...] = (
        (wanted.arrived, Registration.admitted_at.is_not(None)),
        (wanted.paid, paid.exists()),
        (wanted.companions, Registration.companions > literal_column("0")),
    )
    found = [fact if asked else ~fact for asked, fact in either if asked is not None]
    if wanted.host_entry is not None:
        found.append(Registration.host_entry == wanted.host_entry)
    if wanted.host_listed is not None:
        found.append(Registration.host_listed == wanted.host_listed)
    return found


def _said(wanted: Filter) -> list[ColumnElement[bool]]:
    """What isn't asked at this meetup finds nobody, "not said" no more than "said"."""
    if kept_keys.NOWHERE in wanted.unconsented | wanted.refused | wanted.unasked | wanted.unanswered:
        return [false()]
    return [
        *(consents.consented(key) for key in sorted(wanted.consents)),
        *(~consents.consented(key) for key in sorted(wanted.unconsented)),
        *(consents.refused(key) for key in sorted(wanted.refused)),
        *(~consents.asked(key) for key in sorted(wanted.unasked)),
        *(conditions.unanswered(key) for key in sorted(wanted.unanswered)),
    ]


def _walked_in(meetup_id: int, number: Any) -> ColumnElement[bool]:
    """By their own index: of a meetup's registrations they are few."""
    row = aliased(Registration)
    found: ColumnElement[bool] = number.in_(
        select(row.id).where(row.meetup_id == meetup_id, row.source == AS_WALK_IN)
    )
    return found


def _tagged(meetup_id: int, wanted: Filter, number: Any) -> ColumnElement[bool]:
    any_tag = select(RegistrationTag.id).where(RegistrationTag.registration_id == Registration.id)
    found = [number.in_(tags.having(meetup_id, wanted.tags))] if wanted.tags else []
    return or_(*found, *([~any_tag.exists()] if wanted.untagged else []))


def _of_cohorts(ordinals: Collection[int]) -> ColumnElement[bool]:
    cohort = Registration.cohort_id
    of_these = cohort.in_(select(Cohort.id).where(Cohort.ordinal.in_(ordinals)))
    return or_(of_these, cohort.is_(None)) if NO_COHORT in ordinals else of_these


def _signed(sign: str, column: Any) -> Any:
    return literal_column(f"{sign}{Registration.__tablename__}.{column.key}") if sign else column
