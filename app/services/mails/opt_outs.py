"""Opting out of what nobody asked for: invitations and thanks. What a registration brings with it still comes.

An address opts out of a programme's mails by the link in any of them; a person has, whose addresses have one that did. It
is kept as a keyed hash, so that it holds after an erasure, and for addresses that are on no list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, aliased

from app import links
from app.db import db, transaction
from app.domain import tokens
from app.domain.writing.addresses import address_key
from app.keys import keys
from app.models import OptOut, OutboxMail, PersonAddress
from app.reading import among
from app.services import audit
from app.services.races import once_more

KINDS = frozenset({"invitation", "invitation_reminder", "thanks", "news"})
"""Mails that one can opt out of. Each says how: in its foot, and in its headers to the mail program."""

LINK = "rsvp.opting_out"


def link_of(mail: OutboxMail) -> str | None:
    """Where the reader of this mail opts out; None for mails that they asked for."""
    if mail.kind not in KINDS or mail.program_id is None:
        return None
    hashed = _hashed(mail.program_id, address_key(mail.address))
    secret = tokens.opt_out_secret(keys().link, mail.program_id, hashed)
    return links.external(LINK, program_id=mail.program_id, address_hash=hashed, secret=secret)


def is_link(program_id: int, address_hash: str, secret: str) -> bool:
    return tokens.same(tokens.opt_out_secret(keys().link, program_id, address_hash), secret)


def is_out(program_id: int, address_hash: str) -> bool:
    """Whether what is in the link has opted out."""
    return db.session.scalar(_of(program_id).where(OptOut.address_hash == address_hash)) is not None


@once_more
def opt_out(program_id: int, address_hash: str) -> None:
    """By the link. Doing it twice changes nothing."""
    with transaction() as session:
        if _note(session, program_id, {address_hash}):
            _record(session, program_id, "opt_out.made", audit.PERSON)


@once_more
def opt_in(program_id: int, address_hash: str) -> None:
    """The way back, by the same link: nobody else has it."""
    with transaction() as session:
        gone = delete(OptOut).where(OptOut.program_id == program_id, OptOut.address_hash == address_hash)
        if session.execute(gone.returning(OptOut.id)).first():
            _record(session, program_id, "opt_out.withdrawn", audit.PERSON)


def spread(session: Session, program_id: int, address_keys: Collection[str]) -> None:
    """One person's addresses are about to part: if one has opted out, all have. In the caller's transaction."""
    hashes = {_hashed(program_id, key) for key in address_keys}
    if _known(session, program_id, hashes):
        _note(session, program_id, hashes)


def unwanted(mails: Iterable[OutboxMail]) -> set[int]:
    """The ids of those mails that their readers have opted out of; two queries a programme, or none."""
    of_program: dict[int, list[OutboxMail]] = {}
    for mail in mails:
        if mail.kind in KINDS and mail.program_id is not None:
            of_program.setdefault(mail.program_id, []).append(mail)
    return {mail.id for program_id, some in of_program.items() for mail in _unwanted(program_id, some)}


def people(program_id: int) -> set[int]:
    """The ids of the programme's people who have opted out."""
    out = set(db.session.scalars(_of(program_id)))
    if not out:
        return set()
    rows = db.session.execute(
        select(PersonAddress.person_id, PersonAddress.address_key).where(
            PersonAddress.program_id == program_id
        )
    )
    return {row.person_id for row in rows if _hashed(program_id, row.address_key) in out}


def among_people(session: Session, program_id: int, people: Sequence[int]) -> set[int]:
    """Of these the ids of those who have opted out; two queries."""
    known = select(PersonAddress.person_id, PersonAddress.address_key).where(
        among(PersonAddress.person_id, people)
    )
    hashed = {_hashed(program_id, row.address_key): row.person_id for row in session.execute(known)}
    return {hashed[each] for each in _known(session, program_id, hashed)}


def has_opted_out(program_id: int, address_keys: Collection[str]) -> bool:
    """Whether somebody with these addresses has."""
    return bool(_known(db.session(), program_id, {_hashed(program_id, key) for key in address_keys}))


def _unwanted(program_id: int, mails: Sequence[OutboxMail]) -> list[OutboxMail]:
    asked = {address_key(mail.address) for mail in mails}
    keys_of = {key: {key} for key in asked}
    this, other = aliased(PersonAddress), aliased(PersonAddress)
    for row in db.session.execute(
        select(this.address_key, other.address_key.label("other"))
        .join(other, other.person_id == this.person_id)
        .where(this.program_id == program_id, this.address_key.in_(asked))
    ):
        keys_of[row.address_key].add(row.other)
    hashes = {key: _hashed(program_id, key) for some in keys_of.values() for key in some}
    out = _known(db.session(), program_id, set(hashes.values()))
    return [mail for mail in mails if any(hashes[key] in out for key in keys_of[address_key(mail.address)])]


def _note(session: Session, program_id: int, hashes: Collection[str]) -> bool:
    """Whether any of them is new."""
    fresh = set(hashes) - _known(session, program_id, hashes)
    session.add_all(OptOut(program_id=program_id, address_hash=each) for each in sorted(fresh))
    session.flush()
    return bool(fresh)


def _known(session: Session, program_id: int, hashes: Collection[str]) -> set[str]:
    return set(session.scalars(_of(program_id).where(OptOut.address_hash.in_(hashes))))


def _record(session: Session, program_id: int, act: str, actor: str) -> None:
    audit.record(session, act, f"program:{program_id}", actor, program_id=program_id)


def _of(program_id: int) -> Select[str]:
    return select(OptOut.address_hash).where(OptOut.program_id == program_id)


def _hashed(program_id: int, key: str) -> str:
    return tokens.keyed_hash(keys().link, "opt-out", str(program_id), key)
