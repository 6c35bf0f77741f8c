"""List checks in tests, as people ask for them: a mail that says the address is on no list, then the form."""

from __future__ import annotations

from app.domain import tokens
from app.domain.registering.claims import Statement
from app.keys import keys
from app.models import Meetup, Registration
from app.services.registering import claims
from tests.support.registering import asked, said_to


def link_of(meetup: Meetup, address: str, client: str = "192.0.2.1") -> tuple[str, str]:
    """Ask for a code for an address; the uid and the secret of the way to a list check in the mail."""
    uid = asked(meetup, address, client)
    return uid, tokens.claim_secret(keys().link, uid)


def claim(
    meetup: Meetup,
    address: str = "new@example.com",
    *,
    name: str = "김하늘",
    cohort_id: int | None = None,
    former: str = "",
    note: str = "",
    client: str = "192.0.2.1",
) -> Registration:
    """An open list check of somebody who reads this address."""
    statement = Statement(name, cohort_id, former, note)
    uid, secret = link_of(meetup, address, client)
    return claims.open_check(meetup.id, uid, secret, statement, locale="ko", said=said_to(meetup))
