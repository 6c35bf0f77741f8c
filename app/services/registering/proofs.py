"""Proving an address for one meetup: asking, the typed code, the mailed link.

What happens here is the same for every address. Whether it is on a roster is looked up by the worker
alone, after the response (services/proof_answers.py).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import current_app
from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import connection_of, db, statements, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.writing.addresses import address_key, clean_address
from app.keys import keys
from app.models import IS_ACTIVE, AddressProof, Meetup, Person, ProofAnswer, Registration
from app.prepared import Appending, Prepared
from app.services import throttle
from app.services.mails import outbox
from app.services.registering import eligibility
from app.services.seating.windows import why_closed

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
OF_ADDRESS, AT_INVITATION = (throttle.MAIL, "proof-code"), ("invitation-mail", "invitation-code")
TRIES = 5
PROVED_FOR = HOUR  # how long a proof lets its holder register
ASKABLE = {None, "registration_closed"}  # who is registered already may want their link after closing


@dataclass(frozen=True)
class Standing:
    """A person who has shown that an address of theirs is theirs, before a meetup."""

    person_id: int
    name: str
    address: str
    held_id: int | None  # their active registration
    cohort_id: int | None  # the latest by which they may come; None: they may not


def ask(meetup_id: int, address: str, *, locale: str, client: str) -> str | None:
    """Owe the address a mail and return the new proof's uid; it kills the address's former ones.

    None when the address has had its share of mails: nothing is sent and the former proof lives on.
    Refuses a client that asks too often, and a meetup that takes no registrations any more.
    """
    with statements() as connection:
        program_id = _require_askable(connection, meetup_id)
        key = address_key(address)
        may_ask, may_be_mailed = count_asking(connection, client, key)
        uid = None
        if may_be_mailed:
            _REPLACE.count(connection, {"meetup": meetup_id, "key": key, "at": now()})
            uid = _owe(connection, program_id, meetup_id, address, locale)
    if not may_ask:
        raise DomainError("too_many_proofs")
    return uid


def ask_invited(
    meetup_id: int, address: str | None, invitation_uid: str, *, locale: str, client: str
) -> str | None:
    """As `ask`, at an invitation's link, which many may hold: pressing there takes from the invitation's own share of
    mails and kills no proof, so that nobody but who reads the mails decides which code counts. `address`: where the
    invited person is reached; for None nothing is mailed."""
    with statements() as connection:
        program_id = _require_askable(connection, meetup_id)
        may_ask, may_be_mailed = count_asking(connection, client, invitation_uid, AT_INVITATION)
        uid = _owe(connection, program_id, meetup_id, address, locale) if address and may_be_mailed else None
    if not may_ask:
        raise DomainError("too_many_proofs")
    return uid


def _require_askable(connection: Connection, meetup_id: int) -> int:
    """The id of the meetup's programme."""
    meetup = _OUTLINE.first(connection, {"meetup": meetup_id})
    if (reason := why_closed(meetup)) not in ASKABLE:
        raise DomainError(str(reason))
    return int(meetup.program_id)


def _owe(connection: Connection, program_id: int, meetup_id: int, address: str, locale: str) -> str:
    """A new proof of this address, and the mail that it needs; the proof's uid."""
    uid, clean = tokens.uid(), clean_address(address)
    proof = {"uid": uid, "meetup_id": meetup_id, "address": clean, "address_key": address_key(address)}
    _RECORD.add_all(connection, [proof | {"locale": locale, "created_at": now()}])
    outbox.enqueue(connection, "proof", clean, locale, program_id=program_id, meetup_id=meetup_id, proof=uid)
    return uid


def check_code(meetup_id: int, uids: Sequence[str], typed: str, *, client: str) -> str:
    """Take the code typed in the browser that asked, and return the proof's uid; five tries an asking.

    `uids`: of all that this browser asked for the address, newest first. Past the address's share of
    mails the newest has no proof, and the code that was mailed before is that of a former one.
    Every failure is the same refusal after the same statements: no such proof, not sent yet, expired,
    replaced, wrong. That the tries are used up is told by a count that does not know whether there is a
    proof. A try is counted before it is judged, so that two at once count twice.
    """
    settings = current_app.config["SETTINGS"]
    with statements() as connection:
        counts = [("code-client", client, HOUR), ("code-tries", uids[0], DAY)]
        guesses, tries = throttle.hit_all(connection, counts)
        may_try = tries <= TRIES and guesses <= settings.ASKS_PER_CLIENT_HOUR
        meant = {uid for uid in uids if is_code_of(uid, typed)}
        counted = connection.execute(_COUNT_TRY, {"uids": list(uids)}).all()
        here = [proof for proof in counted if proof.meetup_id == meetup_id]
        proved = [proof.uid for proof in here if may_try and proof.uid in meant and _usable(proof)]
        if proved:
            throttle.forgive(connection, "code-client", client)
            _PROVE.count(connection, {"proof": proved[0], "at": now()})
    if guesses > settings.ASKS_PER_CLIENT_HOUR:
        raise DomainError("too_many_codes")
    if not proved:
        raise DomainError("code_used_up" if tries >= TRIES else "code_wrong")
    return str(proved[0])


def require_link(meetup_id: int, uid: str, secret: str) -> None:
    """Refuse a mailed link that is not ours (`proof_unknown`), was used (`proof_used`) or has expired."""
    _require_secret(uid, secret)
    proof = db.session.scalars(_of(meetup_id, uid)).one_or_none()
    _require_good(proof)


def open_link(meetup_id: int, uid: str, secret: str) -> AddressProof:
    """Prove the address by the mailed link's own secret, in whatever browser; once (`proof_used`)."""
    _require_secret(uid, secret)
    with transaction() as session:
        proof = _require_good(session.scalars(_of(meetup_id, uid).with_for_update()).one_or_none())
        proof.proved_at = now()
        return proof


def standing(unit: Session | Connection, meetup_id: int, uid: str, *, held: bool = False) -> Standing:
    """Where somebody who may register now stands; refuses `proof_expired`. One statement.

    `held`: inside a transaction, the proof stays until its end, and with it the person: erasing them waits.
    """
    statement = _HELD_STANDING if held else _STANDING
    row = statement.first(connection_of(unit), {"proof": uid, "meetup": meetup_id})
    if (
        row is None
        or row.meetup_id != meetup_id
        or row.proved_at is None
        or now() - row.proved_at > PROVED_FOR
    ):
        raise DomainError("proof_expired")
    return Standing(row.person_id, row.name, row.address, row.held_id, row.cohort_id)


# Made once: a rush asks and tries for a seat at the same moment. A proof is looked up by its uid alone: the
# plan for a meetup's first proofs, by the meetup, would read them all when there are thousands.
_proof, _meetup = cast("Table", AddressProof.__table__), Meetup.__table__
_OUTLINE = Prepared(
    select(
        *(
            _meetup.c[name]
            for name in ("program_id", "state", "opens_at", "closes_at", "starts_at", "ends_at")
        )
    ).where(_meetup.c.id == bindparam("meetup"))
)
_REPLACE = Prepared(
    update(_proof)
    .where(
        _proof.c.meetup_id == bindparam("meetup"),
        _proof.c.address_key == bindparam("key"),
        _proof.c.replaced_at.is_(None),
        _proof.c.proved_at.is_(None),
    )
    .values(replaced_at=bindparam("at"))
)
_RECORD = Appending(_proof)
_held = (
    select(Registration.id)
    .where(
        Registration.meetup_id == bindparam("meetup"),
        Registration.person_id == _proof.c.person_id,
        IS_ACTIVE,
    )
    .correlate(_proof)
)
_standing = (
    select(
        _proof.c.meetup_id,
        _proof.c.person_id,
        Person.name,
        _proof.c.address,
        _proof.c.proved_at,
        _held.scalar_subquery().label("held_id"),
        eligibility.latest_cohort(_proof.c.person_id).label("cohort_id"),
    )
    .join(Person, Person.id == _proof.c.person_id)
    .where(_proof.c.uid == bindparam("proof"))
)
_STANDING = Prepared(_standing)
_HELD_STANDING = Prepared(_standing.with_for_update(read=True, key_share=True, of=_proof))
# Every one of them in one statement: no proof is tried more often than `TRIES`.
_COUNT_TRY = (
    update(_proof)
    .where(_proof.c.uid.in_(bindparam("uids", expanding=True)))
    .values(tries=_proof.c.tries + 1)
    .returning(
        _proof.c.meetup_id,
        _proof.c.uid,
        _proof.c.tries,
        _proof.c.answer,
        _proof.c.expires_at,
        _proof.c.replaced_at,
    )
)
_PROVE = Prepared(
    update(_proof)
    .where(_proof.c.uid == bindparam("proof"), _proof.c.proved_at.is_(None))
    .values(proved_at=bindparam("at"))
)


def count_asking(
    connection: Connection, client: str, whom: str, share: tuple[str, str] = OF_ADDRESS
) -> tuple[bool, bool]:
    """Count an asking: whether the client may ask, and whether `whom`, an address's key, may then be mailed.

    A client over its limit takes nothing from the address, and what the hour refuses takes nothing from
    the day. `share`: what an hour's and a day's mails are counted as.
    """
    of_hour, of_day = share
    settings = current_app.config["SETTINGS"]
    asks, mails, codes = throttle.hit_all(
        connection, [("proof-client", client, HOUR), (of_hour, whom, HOUR), (of_day, whom, DAY)]
    )
    may_ask = asks <= settings.ASKS_PER_CLIENT_HOUR
    within_hour = mails <= settings.MAILS_PER_ADDRESS_HOUR
    if not may_ask:
        throttle.forgive(connection, of_hour, whom)
    if not (may_ask and within_hour):
        throttle.forgive(connection, of_day, whom)
    return may_ask, may_ask and within_hour and codes <= settings.CODES_PER_ADDRESS_DAY


def is_code_of(uid: str, typed: str) -> bool:
    """Whether these are the digits that were mailed for it, however they are written."""
    return tokens.same(tokens.verification_code(keys().link, uid), _digits(typed))


def _usable(proof: Row[Any]) -> bool:
    return proof.tries <= TRIES and _is_good(proof)


def _is_good(proof: AddressProof | Row[Any]) -> bool:
    """Answered with a code, not replaced by a later request, in time."""
    if proof.answer is not ProofAnswer.CODE or proof.replaced_at or proof.expires_at is None:
        return False
    return bool(now() < proof.expires_at)


def _of(meetup_id: int, uid: str) -> Select[AddressProof]:
    return select(AddressProof).where(AddressProof.uid == uid, AddressProof.meetup_id == meetup_id)


def _require_secret(uid: str, secret: str) -> None:
    if not tokens.same(tokens.proof_secret(keys().link, uid), secret):
        raise DomainError("proof_unknown")


def _require_good(proof: AddressProof | None) -> AddressProof:
    if proof is None:
        raise DomainError("proof_unknown")
    if proof.proved_at:
        raise DomainError("proof_used")
    if not _is_good(proof):
        raise DomainError("proof_expired")
    return proof


def _digits(typed: str) -> str:
    """The code without the blanks and hyphens that it is written or pasted with."""
    return "".join(c for c in unicodedata.normalize("NFKC", typed[:100]) if c.isalnum())


def discard_old() -> int:
    """Delete proofs that prove nothing any more; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(AddressProof).where(AddressProof.created_at < now() - 2 * DAY))
        return int(result.rowcount)
