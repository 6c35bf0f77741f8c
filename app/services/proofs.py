"""Proving an address for one meetup: asking, the typed code, the mailed link.

What happens here is the same for every address. Whether it is on a roster is looked up by the worker
alone, after the response (services/proof_answers.py).
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.addresses import address_key, clean_address
from app.domain.errors import DomainError
from app.keys import keys
from app.models import AddressProof, Meetup, ProofAnswer
from app.services import outbox, throttle
from app.services.windows import why_closed

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TRIES = 5
PROVED_FOR = HOUR  # how long a proof lets its holder register
ASKABLE = {None, "registration_closed"}  # who is registered already may want their link after closing


def ask(meetup_id: int, address: str, *, locale: str, client: str) -> str | None:
    """Owe the address a mail and return the new proof's uid; it kills the address's former ones.

    None when the address has had its share of mails: nothing is sent and the former proof lives on.
    Refuses a client that asks too often, and a meetup that takes no registrations any more.
    """
    settings = current_app.config["SETTINGS"]
    uid = None
    with transaction() as session:
        meetup = session.execute(_OUTLINE.where(Meetup.id == meetup_id)).one()
        if (reason := why_closed(meetup)) not in ASKABLE:
            raise DomainError(str(reason))
        asks = throttle.hit(session, "proof-client", client, HOUR)
        if asks <= settings.ASKS_PER_CLIENT_HOUR and _may_be_mailed(session, address_key(address)):
            uid = _record(session, meetup_id, clean_address(address), locale)
            about = {"program_id": meetup.program_id, "meetup_id": meetup_id}
            outbox.enqueue(session, "proof", clean_address(address), locale, **about, proof=uid)
    if asks > settings.ASKS_PER_CLIENT_HOUR:
        raise DomainError("too_many_proofs")
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
    with transaction() as session:
        guesses = throttle.hit(session, "code-client", client, HOUR)
        tries = throttle.hit(session, "code-tries", uids[0], DAY)
        may_try = tries <= TRIES and guesses <= settings.ASKS_PER_CLIENT_HOUR
        meant = {uid for uid in uids if _is_code_of(uid, typed)}
        counted = _counted(session, meetup_id, uids)
        proved = [proof.uid for proof in counted if may_try and proof.uid in meant and _usable(proof)]
        if proved:
            throttle.forgive(session, "code-client", client)
            _prove(session, proved[0])
    if guesses > settings.ASKS_PER_CLIENT_HOUR:
        raise DomainError("too_many_codes")
    if not proved:
        raise DomainError("code_used_up" if tries >= TRIES else "code_wrong")
    return proved[0]


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


def proved(session: Session, meetup_id: int, uid: str) -> AddressProof:
    """The proof of somebody who may register now; refuses `proof_expired`."""
    proof = session.scalars(_of(meetup_id, uid)).one_or_none()
    if proof is None or proof.person_id is None or proof.proved_at is None:
        raise DomainError("proof_expired")
    if now() - proof.proved_at > PROVED_FOR:
        raise DomainError("proof_expired")
    return proof


_OUTLINE = select(
    Meetup.program_id, Meetup.state, Meetup.opens_at, Meetup.closes_at, Meetup.starts_at, Meetup.ends_at
)


def _may_be_mailed(session: Session, key: str) -> bool:
    settings = current_app.config["SETTINGS"]
    mails = throttle.hit_mails(session, key)
    codes = throttle.hit(session, "proof-code", key, DAY)
    return bool(mails <= settings.MAILS_PER_ADDRESS_HOUR and codes <= settings.CODES_PER_ADDRESS_DAY)


def _record(session: Session, meetup_id: int, address: str, locale: str) -> str:
    key, uid = address_key(address), tokens.uid()
    session.execute(
        update(AddressProof)
        .where(
            AddressProof.meetup_id == meetup_id,
            AddressProof.address_key == key,
            AddressProof.replaced_at.is_(None),
            AddressProof.proved_at.is_(None),
        )
        .values(replaced_at=now())
    )
    session.add(AddressProof(uid=uid, meetup_id=meetup_id, address=address, address_key=key, locale=locale))
    return uid


def _is_code_of(uid: str, typed: str) -> bool:
    return tokens.same(tokens.verification_code(keys().link, uid), _digits(typed))


def _counted(session: Session, meetup_id: int, uids: Sequence[str]) -> Sequence[AddressProof]:
    """The proofs with this try counted, in one statement: no proof is tried more often than `TRIES`."""
    return session.scalars(
        update(AddressProof)
        .where(AddressProof.uid.in_(uids), AddressProof.meetup_id == meetup_id)
        .values(tries=AddressProof.tries + 1)
        .returning(AddressProof)
        .execution_options(populate_existing=True)
    ).all()


def _usable(proof: AddressProof) -> bool:
    return proof.tries <= TRIES and _is_good(proof)


def _is_good(proof: AddressProof) -> bool:
    """Answered with a code, not replaced by a later request, in time."""
    if proof.answer is not ProofAnswer.CODE or proof.replaced_at or proof.expires_at is None:
        return False
    return bool(now() < proof.expires_at)


def _prove(session: Session, uid: str) -> None:
    session.execute(
        update(AddressProof)
        .where(AddressProof.uid == uid, AddressProof.proved_at.is_(None))
        .values(proved_at=now())
        .execution_options(synchronize_session=False)
    )


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
