"""The code that a weighty act at a personal link takes: asked for, typed in the browser that asked, good for a while."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import current_app
from sqlalchemy import delete, select, update

from app.clock import now
from app.db import db, statements, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.fresh_proofs import PROVED_FOR, TRIES, Purpose
from app.domain.writing.addresses import address_key
from app.models import FreshProof, Registration
from app.services import audit, throttle
from app.services.mails import outbox
from app.services.registering import proofs

MAIL, MAIL_TO_NEW = "fresh_code", "new_address_code"
KEPT = dt.timedelta(days=2)


def ask(
    registration: Registration, purpose: Purpose, *, client: str, locale: str, new: str | None = None
) -> str:
    """Owe the registration's address a code for this act, or the `new` one; the new proof's uid. It kills the former ones.

    Counts against the same shares as every other code: of the client, and of the address.
    """
    address = new or registration.address
    if not address:
        raise DomainError("no_address_to_prove")
    with statements() as connection:
        may_ask, may_be_mailed = proofs.count_asking(connection, client, address_key(address))
    if not may_ask:
        raise DomainError("too_many_proofs")
    if not may_be_mailed:
        raise DomainError("too_many_mails")
    return _owe(registration, purpose, address, locale)


def _owe(registration: Registration, purpose: Purpose, address: str, locale: str) -> str:
    uid = tokens.uid()
    program_id, meetup_id = registration.meetup.program_id, registration.meetup_id
    with transaction() as session:
        former = update(FreshProof).where(
            FreshProof.registration_id == registration.id,
            FreshProof.purpose == purpose,
            FreshProof.replaced_at.is_(None),
        )
        session.execute(former.values(replaced_at=now()))
        proof = FreshProof(uid=uid, registration_id=registration.id, purpose=purpose, address=address)
        session.add(proof)
        session.flush()
        outbox.enqueue(
            session,
            MAIL_TO_NEW if purpose is Purpose.NEW_ADDRESS else MAIL,
            address,
            locale,
            program_id=program_id,
            meetup_id=meetup_id,
            registration_id=registration.id,
            proof=uid,
        )
        audit.record(
            session, "fresh_proof.asked", registration, audit.PERSON, program_id=program_id, purpose=purpose
        )
    return uid


def prove(registration_id: int, purpose: Purpose, uid: str, typed: str, *, client: str) -> None:
    """Take the typed code; five tries a proof. Counted before it is judged, so that two at once count twice."""
    limit = current_app.config["SETTINGS"].ASKS_PER_CLIENT_HOUR
    with statements() as connection:
        guesses = throttle.hit(connection, "code-client", client, proofs.HOUR)
        proof = connection.execute(
            update(FreshProof)
            .where(
                FreshProof.uid == uid,
                FreshProof.registration_id == registration_id,
                FreshProof.purpose == purpose,
            )
            .values(tries=FreshProof.tries + 1)
            .returning(FreshProof.tries, FreshProof.expires_at, FreshProof.replaced_at)
        ).one_or_none()
        fits = proofs.is_code_of(uid, typed) and guesses <= limit and _usable(proof)
        if fits:
            throttle.forgive(connection, "code-client", client)
            connection.execute(update(FreshProof).where(FreshProof.uid == uid).values(proved_at=now()))
    if guesses > limit:
        raise DomainError("too_many_codes")
    if not fits:
        raise DomainError("code_used_up" if proof and proof.tries >= TRIES else "code_wrong")


def _usable(proof: Any) -> bool:
    if proof is None or proof.tries > TRIES or proof.replaced_at or proof.expires_at is None:
        return False
    return bool(now() < proof.expires_at)


def find(registration: Registration, purpose: Purpose, uid: str) -> FreshProof | None:
    """What was asked for this act, whether or not it is proved; a new address reads otherwise than the present one."""
    query = select(FreshProof).where(
        FreshProof.uid == uid,
        FreshProof.registration_id == registration.id,
        FreshProof.purpose == purpose,
    )
    found = db.session.scalars(query).one_or_none()
    is_present = found is not None and found.address == registration.address
    return found if is_present or purpose is Purpose.NEW_ADDRESS else None


def require(registration: Registration, purpose: Purpose, uid: str) -> FreshProof:
    """Refuses (`proof_expired`) unless this proof was given for this act a moment ago."""
    proof = find(registration, purpose, uid)
    if proof is None or proof.proved_at is None or now() - proof.proved_at > PROVED_FOR:
        raise DomainError("proof_expired")
    return proof


def discard_old() -> int:
    """Delete those that prove nothing any more; how many. For the worker's rounds."""
    with transaction() as session:
        result: Any = session.execute(delete(FreshProof).where(FreshProof.created_at < now() - KEPT))
        return int(result.rowcount)
