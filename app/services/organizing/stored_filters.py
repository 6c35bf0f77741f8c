"""Filters of the attendee list as JSON holds them: of messages, and of files that the worker makes later."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any

from app.domain.hosting.matching import HostListed
from app.domain.registering.host_events import HostEntry
from app.domain.registering.registrations import Status
from app.domain.registering.still_coming import Reply
from app.services.organizing.filters import Filter, MailStanding


def stored(wanted: Filter) -> dict[str, Any]:
    """`given_only` as whoever wrote it had it: where somebody else's rights count, they are put in its place."""
    return {
        "statuses": sorted(wanted.statuses),
        "cohorts": sorted(wanted.cohorts),
        "search": wanted.search,
        "arrived": wanted.arrived,
        "consents": sorted(wanted.consents),
        "reply": wanted.reply.value if wanted.reply else None,
        "paid": wanted.paid,
        "host": wanted.host_entry.value if wanted.host_entry else None,
        "no_show": wanted.no_show,
        "tags": sorted(wanted.tags),
        "answers": sorted(wanted.answers),
        "mail": sorted(wanted.mail),
        "only": sorted(wanted.only),
        "given_only": wanted.given_only and bool(wanted.search),
        "unconsented": sorted(wanted.unconsented),
        "refused": sorted(wanted.refused),
        "unasked": sorted(wanted.unasked),
        "unanswered": sorted(wanted.unanswered),
        "untagged": wanted.untagged,
        "companions": wanted.companions,
        "walk_in": wanted.walk_in,
        "listed": wanted.host_listed.value if wanted.host_listed else None,
    }


def restored(found: Mapping[str, Any]) -> Filter:
    """What was stored before a restriction existed has none of it."""
    reply, host, listed = (found.get(name) for name in ("reply", "host", "listed"))
    return Filter(
        statuses=frozenset(Status(each) for each in found["statuses"]),
        cohorts=frozenset(found["cohorts"]),
        search=found.get("search", ""),
        arrived=found.get("arrived"),
        consents=frozenset(found["consents"]),
        reply=Reply(reply) if reply else None,
        paid=found.get("paid"),
        host_entry=HostEntry(host) if host else None,
        no_show=found.get("no_show", False),
        tags=frozenset(found.get("tags", ())),
        answers=frozenset((question, option) for question, option in found.get("answers", ())),
        mail=frozenset(MailStanding(each) for each in found.get("mail", ())),
        only=frozenset(found.get("only", ())),
        given_only=found.get("given_only", False),
        unconsented=frozenset(found.get("unconsented", ())),
        refused=frozenset(found.get("refused", ())),
        unasked=frozenset(found.get("unasked", ())),
        unanswered=frozenset(found.get("unanswered", ())),
        untagged=found.get("untagged", False),
        companions=found.get("companions"),
        walk_in=found.get("walk_in"),
        host_listed=HostListed(listed) if listed else None,
    )


def kinds(wanted: Filter | None, besides: Collection[str] = ()) -> list[str]:
    """By what the list is restricted, without what was searched for or chosen: what the records say."""
    untold = {"given_only", *besides}
    others = [field for field in fields(Filter) if field.name not in untold]
    return [field.name for field in others if wanted and getattr(wanted, field.name) != field.default]
