"""The table of a meetup's people: search, filters, order and columns, all of them in the page's address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app import access, people_choice, people_filters
from app.blueprints.exports import columns, last_act
from app.blueprints.exports.bulk_words import ACTS, NEEDS
from app.blueprints.exports.routes import bp
from app.blueprints.exports.wording import WALK_INS
from app.clock import now
from app.domain.registering.registrations import ENDED
from app.models import Meetup, Program, Role, SavedView, Status
from app.people_choice import consent_names
from app.services.alumni import attendance
from app.services.door import walk_in_checks
from app.services.organizing import (
    attendees,
    kept_keys,
    looks,
    people_hidden,
    people_pages,
    saved_views,
    tags,
)
from app.services.organizing.exports import Column
from app.services.organizing.filters import Filter
from app.services.organizing.kept_counts import of_people
from app.services.organizing.people_pages import SORTS, Edge, Order, Page
from app.services.registering import question_sets, replies
from app.services.registering.replies import Replies

PAGE = 50
USUAL = ("cohort", "status", "address", "phone", "registered_at", "checked_in_at")
WITH_NAME = frozenset({"name", "companions", "companion_names"})  # stand with the name
VIEW = (*people_filters.ARGUMENTS, "sort", "col")
"""What of the address makes a view; where in it one is comes on top."""


@bp.get("/attendees/print")
@access.member(Role.ORGANIZER)
def print_people(program: Program, slug: str) -> ResponseReturnValue:
    """What can be printed of those whom the list shows; each page takes the filters along."""
    meetup = access.meetup_of(program, slug)
    choice = people_choice.of(meetup)
    number = attendees.number(meetup.id, choice.printed) if choice.printed else None
    return render_template(
        "exports/print.html",
        program=program,
        meetup=meetup,
        choice=choice,
        number=0 if choice.prints_nobody else number,
        is_over=meetup.ends_at <= now(),
    )


@bp.get("/attendees")
@access.member(Role.ORGANIZER)
def attendees_list(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    return table(program, meetup, request.args)


def table(program: Program, meetup: Meetup, given: MultiDict[str, str], **more: Any) -> str:
    """The page of this address; `more` goes to the template on top."""
    wanted, order = people_filters.read(given), Order.read(given.get("sort", ""))
    meant, edge = people_pages.searched(meetup.id, wanted), _edge(given)
    found = people_pages.page(meetup.id, wanted, order, size=PAGE, edge=edge, meant=meant)
    if is_anew := edge is not None and not found.rows:  # whoever stood there is gone
        found = people_pages.page(meetup.id, wanted, order, size=PAGE, meant=meant)
    by_status = attendees.counts_by_status(meetup.id)
    offered = columns.offered(meetup, of_lists=access.runs_program())
    questions = question_sets.current(meetup).questions
    words = people_filters.Words(consent_names(meetup), questions)
    return render_template(
        "exports/attendees.html",
        program=program,
        meetup=meetup,
        found=found,
        is_anew=is_anew,
        hidden=people_hidden.hidden(meetup.id, wanted, found, meant),
        ended=sorted(ENDED),
        total=_total(found, wanted, by_status),
        order=order,
        sorts=SORTS,
        offered={key: column for key, column in offered.items() if key not in WITH_NAME},
        shown=_shown(meetup, offered, given, found.rows),
        query=(query := view_of(given)),
        query_text=urlencode(query, doseq=True),
        chips=words.chips(given),
        restricted=wanted != Filter(given_only=wanted.given_only),
        states=sorted(wanted.states),
        words=people_filters,
        coming=_coming(meetup, sum(by_status.values())),
        no_shows=attendance.no_shows(meetup),
        releases_at=meetup.releases_at,
        released_at=partial(columns.released_at, meetup),
        by_status=by_status,
        acts=[
            (act.value, words) for act, words in ACTS.items() if act not in NEEDS or NEEDS[act] in by_status
        ],
        cohorts=attendees.cohorts_of(meetup.id),
        has_without_cohort=attendees.has_without_cohort(meetup.id),
        places=people_pages.places(meetup.id, found.rows),
        names=columns.status_names(),
        walk_in=partial(attendees.walk_in, meetup),
        walk_ins=WALK_INS,
        to_verify=walk_in_checks.number_waiting(meetup),
        consents=words.consents,
        asked=people_filters.choosable(questions),
        questions=questions,
        tags=tags.of_meetup(meetup.id),
        tagged=tags.of_registrations([row.id for row in found.rows]),
        views=_views(program, meetup),
        account_id=access.me().id,
        done=last_act.of(meetup.id),
        **more,
    )


def _coming(meetup: Meetup, people: int) -> Replies | None:
    if not meetup.asks_who_comes:
        return None
    key = "replies", meetup.id, meetup.appointment
    return of_people(people, key, lambda: replies.counts(meetup))


def _views(program: Program, meetup: Meetup) -> list[tuple[SavedView, Any]]:
    """Each with the arguments that it has at this meetup."""
    kept = saved_views.of_program(program.id, access.me().id)
    labels = kept_keys.of_meetup(meetup) if kept else None
    return [(view, labels.view(saved_views.arguments_of(view))) for view in kept if labels]


def view_of(given: MultiDict[str, str]) -> dict[str, list[str]]:
    """The address without where in it one is."""
    return {name: values for name in VIEW if (values := [v for v in given.getlist(name) if v])}


def _edge(given: MultiDict[str, str]) -> Edge | None:
    after, before = given.get("after", ""), given.get("before", "")
    if before:
        return Edge(before[:64], before=True)
    return Edge(after[:64]) if after else None


def _total(found: Page, wanted: Filter, by_status: Mapping[Status, int]) -> int | None:
    """Where nothing but states is chosen, their counts say it whatever the number."""
    if found.total is None and wanted == Filter(statuses=wanted.statuses, given_only=wanted.given_only):
        return sum(by_status.get(status, 0) for status in wanted.states)
    return found.total


def _shown(
    meetup: Meetup, offered: Mapping[str, Column], given: MultiDict[str, str], rows: Sequence[Any]
) -> list[Column]:
    """The columns that were chosen, or the usual ones, ready to be read."""
    usual = [*USUAL, "host_entry", *(f"tick:{tick}" for tick in meetup.door_ticks)]
    wanted = frozenset(given.getlist("col")) or frozenset(usual)
    shown = [column for key, column in offered.items() if key in wanted and key not in WITH_NAME]
    for lookup in dict.fromkeys(each for column in shown if column.key != "place" for each in column.lookups):
        lookup.prepare(rows)
    return shown
