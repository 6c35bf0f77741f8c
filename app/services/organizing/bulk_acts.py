"""The acts that an organizer can do to many at once, and whom each of them leaves out."""

from __future__ import annotations

import enum
from typing import Any

from app.domain.registering.registrations import ENDED, SEATED, Status
from app.services.organizing import attendee


class Act(enum.StrEnum):
    TAG = "tag"
    UNTAG = "untag"
    MAIL = "mail"
    APPROVE = "approve"  # who applied gets a seat
    SEAT = "seat"  # who waits gets a seat
    REISSUE = "reissue"
    CANCEL = "cancel"


OF_TAGS = frozenset({Act.TAG, Act.UNTAG})
OF_SEATS = frozenset({Act.APPROVE, Act.SEAT})
UNDOABLE = OF_TAGS | {Act.CANCEL}
WANTS_REASON = frozenset({Act.SEAT, Act.REISSUE, Act.CANCEL})


def why_not(act: Act, row: Any) -> str:
    """Why the act leaves this row of the list out, as a reason code; "" where it doesn't."""
    if row.erased_at is not None:
        return "is_erased"
    if act is Act.MAIL and (row.status not in attendee.MAILED_AGAIN or not row.address):
        return "nothing_to_mail"
    if act in OF_SEATS:
        return _not_seated(act, row)
    if act is Act.REISSUE:
        return _not_reissued(row)
    return _not_cancelled(row) if act is Act.CANCEL else ""


def _not_seated(act: Act, row: Any) -> str:
    if row.status is (Status.APPLIED if act is Act.APPROVE else Status.WAITLISTED):
        return ""
    if row.status in SEATED:
        return "has_a_seat"
    return _without_place(row) or ("waits_in_line" if act is Act.APPROVE else "waits_for_approval")


def _not_reissued(row: Any) -> str:
    """Whoever came in has no more use for a ticket, and to whom no mail goes would be left without one."""
    if row.status is not Status.CONFIRMED:
        return "has_no_ticket"
    if row.admitted_at is not None:
        return "came_in"
    return "" if row.address else "no_address"


def _not_cancelled(row: Any) -> str:
    return "already_admitted" if row.admitted_at is not None else _without_place(row)


def _without_place(row: Any) -> str:
    if row.status in ENDED:
        return "has_ended"
    return "wants_a_list_check" if row.status is Status.PENDING else ""
