"""The door's verdicts: what a scan means, given the ticket and the registration behind it.

Online and offline judge by the same table of cases (tests/contract/verdicts.json).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from app.domain.registering.registrations import Status


class Verdict(enum.StrEnum):
    OK = "ok"
    ALREADY_REDEEMED = "already_redeemed"
    CANCELED = "canceled"
    REVOKED = "revoked"
    INVALID = "invalid"
    UNKNOWN = "unknown"  # offline only
    WRONG_MEETUP = "wrong_meetup"
    WAITLISTED = "waitlisted"
    UNAPPROVED = "unapproved"
    NOT_VERIFIED = "not_verified"
    CALLED_OFF = "called_off"
    UNDONE = "undone"
    LEFT = "left"  # of an exit: they were in, and went
    NOT_IN = "not_in"  # of an exit: nobody on this ticket is in


@dataclass(frozen=True)
class Presented:
    """What was presented at the door. `status` is None where the code belongs to no registration."""

    status: Status | None
    this_meetup: bool = True
    revoked: bool = False
    already_in: bool = False
    party: int = 1  # people on the ticket, and those of them who are in
    inside: int = 0
    called_off: bool = False


BY_STATUS = {
    Status.CANCELLED: Verdict.CANCELED,
    Status.WAITLISTED: Verdict.WAITLISTED,
    Status.PENDING: Verdict.NOT_VERIFIED,
    Status.APPLIED: Verdict.UNAPPROVED,
    Status.DECLINED: Verdict.UNAPPROVED,
    Status.OFFERED: Verdict.UNAPPROVED,
    Status.EXPIRED: Verdict.UNAPPROVED,
}


def all_in(party: int, inside: int) -> bool:
    """Whether nobody of the people on a ticket is left to let in."""
    return inside >= party


def judge(presented: Presented) -> Verdict:
    """The verdict for an entry. The first reason that applies wins, most telling first."""
    if presented.status is None:
        return Verdict.INVALID
    if not presented.this_meetup:
        return Verdict.WRONG_MEETUP
    if presented.called_off:
        return Verdict.CALLED_OFF
    if refusal := BY_STATUS.get(presented.status):
        return refusal
    if presented.revoked:
        return Verdict.REVOKED
    used = presented.already_in or all_in(presented.party, presented.inside)
    return Verdict.ALREADY_REDEEMED if used else Verdict.OK


def judge_exit(presented: Presented) -> Verdict:
    """The verdict for an exit. Whoever is in may go, whatever has become of their seat or of the meetup."""
    if presented.status is None or not presented.this_meetup:
        return judge(presented)
    if judge(presented) is Verdict.REVOKED:
        return Verdict.REVOKED
    return Verdict.LEFT if presented.already_in or presented.inside else Verdict.NOT_IN
