"""What of the database tells of somebody: every text that isn't said here to tell of nobody.

A column that is new is watched until somebody writes below why it needn't be. `plant` puts words into those that are
empty, so that none of them is watched in vain; `planted` is all that they hold, by column.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Column, String, Table, Text, func, or_, select, update

from app.db import EnumText, db, transaction

SIGN = "갈무리"
"""Is in everything that a test plants; of a JSON column, only what has it is watched."""

# Names, words and places that everybody reads once the meetup is published.
PUBLIC = {
    "program": {"slug", "name_ko", "name_en", "contact_address"},
    "cohort": {"name_ko", "name_en"},
    "meetup": {
        "slug", "title_ko", "title_en", "description_ko", "description_en", "place_ko", "place_en", "place_address",
        "map_url", "zone", "host_event_ko", "host_event_en", "host_event_url", "host_name", "contact_address",
        "called_off_reason", "quotas",
    },
    "talk": {"title_ko", "title_en", "speaker", "affiliation"},
    "notice_version": {"content"},
    "draw": {"terms", "commitment", "cohorts", "entries", "opening", "result"},
    "meetup_move": {"zone", "place_ko", "place_en", "place_address"},
}  # fmt: skip
# Places of the building, which the figures of arrivals are told by.
PLACES = {"meetup": {"door_gates"}, "enrolment": {"gate"}, "device": {"gate"}, "check_in": {"gate"}}
# Names of things, codes, counts and secrets that are kept as digests: ids, not words.
IDS = {
    "account": {"locale"},
    "account_invitation": {"uid", "token_hash"},
    "account_session": {"token_hash"},
    "address_change": {"uid"},
    "address_proof": {"uid", "locale"},
    "answer_sheet": {"actor"},
    "audit_entry": {"actor", "act", "subject", "reason_mark"},
    "audit_seal": {"digest"},
    "badge_design": {"content"},  # its words are those of tags, which are watched
    "badge_print": {"design"},
    "check_in": {"scan_id", "method"},
    "claim": {"decided_by"},
    "column_set": {"columns", "several"},
    "consent_record": {"key", "actor"},
    "destruction": {"counts"},
    "device": {"token_hash"},
    "draw": {"uid", "actor", "held_by"},
    "draw_entry": {"pseudonym"},
    "enrolment": {"uid", "token_hash"},
    "erased_address": {"address_hash"},
    "export_job": {"wish", "details"},  # keys of the form; its maker alone has it
    "fresh_proof": {"uid"},
    "host_list": {"actor", "counts", "before"},
    "image": {"sha256", "media_type"},
    "invitation_batch": {"actor"},
    "meetup": {"door_host_patterns"},
    "meetup_invitation": {"uid"},
    "meetup_mail_text": {"kind"},
    "meetup_move": {"actor"},
    "mail_server": {"sealed", "sender"},
    "message": {"actor", "left_out"},
    "notice_version": {"actor"},
    "opt_out": {"address_hash"},
    "outbox_mail": {"kind", "locale", "message_id", "leased_by"},
    "passkey_challenge": {"token_hash"},
    "payment": {"booked_by", "batch"},
    "questions_version": {"actor"},
    "registration": {"reference", "locale"},
    "registration_event": {"actor"},
    "registration_note": {"changed_by"},
    "reserved_seat": {"actor"},
    "roster_correction": {"actor", "field"},
    "roster_import": {"file_sha256", "encoding", "counts"},
    "roster_upload": {"reference", "file_sha256"},
    "scheduled_act": {"error"},
    "sign_in_link": {"token_hash"},
    "story": {"words_ko", "words_en"},
    "story_photo": {"uid", "caption_ko", "caption_en", "confirmed_by"},
    "survey": {"questions"},
    "survey_tally": {"counts"},
    "survey_text": {"question"},
    "table_plan": {"seed", "sizes"},
    "text_template": {"actor"},
    "throttle": {"key"},
    "ticket": {"uid"},
    "tick_mark": {"mark_id"},
    "walk_in_check": {"decided_by"},
}
SHORTEST = 3


def watched() -> Iterator[tuple[Table, Column[Any]]]:
    """Every column whose words nobody may read who may not see people."""
    free = [PUBLIC, PLACES, IDS]
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String | Text | JSON) and not isinstance(column.type, EnumText)
            if is_text and not any(column.name in of.get(table.name, ()) for of in free):
                yield table, column


def plant() -> None:
    """Write something into every watched text that is empty, or too short to be told from other words."""
    with transaction() as session:
        for table, column in watched():
            if isinstance(column.type, JSON):
                continue
            key = next(iter(table.primary_key.columns))
            empty = select(key).where(or_(column.is_(None), func.length(column) < SHORTEST))
            for number in session.scalars(empty).all():
                words = f"{SIGN} {table.name} {column.name} {number}"[: getattr(column.type, "length", None)]
                session.execute(update(table).where(key == number).values({column.name: words}))


def planted() -> dict[str, set[str]]:
    """All words of all watched columns. Raises where one has none: it would be watched in vain."""
    found: dict[str, set[str]] = {}
    for table, column in watched():
        values = [value for (value,) in db.session.execute(select(column)) if value]
        words = {each for value in values for each in _words(column, value) if len(each) >= SHORTEST}
        assert words, f"nothing is planted in {table.name}.{column.name}"
        found[f"{table.name}.{column.name}"] = words
    return found


def _words(column: Column[Any], value: Any) -> Iterator[str]:
    if column.name == "search_key":
        yield from value.strip("|").split("|")
    elif isinstance(column.type, JSON):
        yield from (leaf for leaf in _leaves(value) if SIGN in leaf)
    else:
        yield value


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (leaf for pair in value.items() for each in pair for leaf in _leaves(each))
    elif isinstance(value, list):
        yield from (leaf for each in value for leaf in _leaves(each))
    elif isinstance(value, str):
        yield value
