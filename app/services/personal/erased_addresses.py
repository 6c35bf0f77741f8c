"""Addresses whose owners were erased: kept as keyed hashes, so that a roster does not bring anybody back silently."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.domain import tokens
from app.domain.errors import DomainError
from app.domain.rosters import Field, Outcome, Problem, RosterRow
from app.domain.writing.addresses import valid_key
from app.keys import keys
from app.models import ErasedAddress
from app.services import audit

REASON = "erased_at_own_wish"


def note(session: Session, program_id: int, address_keys: Collection[str]) -> None:
    """Remember these; in the caller's transaction, which holds the programme's row."""
    hashes = {_hashed(program_id, key) for key in address_keys}
    known = set(session.scalars(_of(program_id).where(ErasedAddress.address_hash.in_(hashes))))
    session.add_all(
        ErasedAddress(program_id=program_id, address_hash=each) for each in sorted(hashes - known)
    )
    session.flush()


def withheld(session: Session, program_id: int, outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The rows of a roster, with those of erased people as problems."""
    hashes = set(session.scalars(_of(program_id)))
    if not hashes:
        return list(outcomes)
    return [_withheld(each, program_id, hashes) for each in outcomes]


def among(session: Session, program_id: int, address_keys: Collection[str]) -> frozenset[str]:
    """Which of these keys belonged to people who were erased."""
    hashes = set(session.scalars(_of(program_id)))
    return frozenset(key for key in address_keys if hashes and _hashed(program_id, key) in hashes)


def forget(session: Session, program_id: int, address_key: str) -> bool:
    """Let rosters name this address again; whether any kept it out. Somebody decided so: an organizer by hand, or the
    person by asking to be on the list and an organizer by saying yes."""
    gone = delete(ErasedAddress).where(
        ErasedAddress.program_id == program_id,
        ErasedAddress.address_hash == _hashed(program_id, address_key),
    )
    return session.execute(gone.returning(ErasedAddress.id)).first() is not None


def allow_again(program_id: int, address: str, actor: str, reason: str) -> None:
    """An organizer's own act: the person asked to be on the list again. Refuses an address that nothing keeps out."""
    key = valid_key(address)
    if key is None:
        raise DomainError("bad_address")
    with transaction() as session:
        if not forget(session, program_id, key):
            raise DomainError("address_not_erased")
        audit.record(
            session,
            "erasure.lifted",
            f"program:{program_id}",
            actor,
            program_id=program_id,
            reason=reason,
        )


def number(program_id: int) -> int:
    query = select(func.count()).select_from(ErasedAddress).where(ErasedAddress.program_id == program_id)
    return db.session.scalar(query) or 0


def _of(program_id: int) -> Select[str]:
    return select(ErasedAddress.address_hash).where(ErasedAddress.program_id == program_id)


def _withheld(row: Outcome, program_id: int, hashes: Collection[str]) -> Outcome:
    if not isinstance(row, RosterRow) or _hashed(program_id, row.address_key) not in hashes:
        return row
    return Problem(row.number, REASON, Field.ADDRESS, row.address, {}, row.cohort, row.address_key)


def _hashed(program_id: int, address_key: str) -> str:
    return tokens.keyed_hash(keys().link, "erased", str(program_id), address_key)
