"""What single rows hold of a person, in the words of docs/privacy.md."""

from __future__ import annotations

from typing import Any

from app.models import (
    CheckIn,
    Claim,
    FreshProof,
    IntroductionCard,
    MeetupInvitation,
    OutboxMail,
    Payment,
    StoryQuote,
)

Found = dict[str, Any]


def taken(row: Any, *names: str) -> Found:
    """These of the row's columns; "key:column" gives one another key."""
    return {key: getattr(row, column or key) for key, _, column in (name.partition(":") for name in names)}


def invitation(row: MeetupInvitation) -> Found:
    if not row.was_invited:
        return taken(row, "address", "said_elsewhere_at:declined_at")
    return taken(row, "address", "invited_at:created_at", "mailed_at", "reminders", "declined_at")


def payment(row: Payment) -> Found:
    return taken(row, "depositor", "paid_at", "amount", "refund_account", "refunded_at")


def introduction(row: IntroductionCard) -> Found:
    words = taken(row, "nickname", "affiliation", "about_me:about", "link", "on_badge")
    return words | taken(row, "since:created_at", "changed_at", "hidden_at")


def claim(row: Claim) -> Found:
    return taken(row, "name", "former_address", "note", "asked_at:created_at", "decided_at")


def check_in(row: CheckIn) -> Found:
    told = taken(row, "gate", "method", "people:admits", "at:corrected_at")
    return told | {"kind": row.kind.value, "verdict": row.verdict.value}


def mail(row: OutboxMail) -> Found:
    return taken(row, "kind", "address", "owed_at:created_at", "sent_at") | {"fate": row.state.value}


def code(row: FreshProof) -> Found:
    return taken(row, "address", "asked_at:created_at", "proved_at") | {"purpose": row.purpose.value}


def quote(row: StoryQuote) -> Found:
    said = taken(row, "talk", "your_words:words", "asked_at:created_at")
    return said | taken(row, "approved_at", "refused_at")
