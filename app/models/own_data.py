"""Weighty acts at a personal link: the codes that they take, changes of address, and what keeps the erased away."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import EnumText
from app.domain.fresh_proofs import Purpose
from app.models.base import CreatedAt, Id, Line, MaybeInstant, Model, Short, link


class ErasedAddress(Model):
    """An address whose owner was erased, as a keyed hash: the next roster that has it does not bring them back."""

    __tablename__ = "erased_address"
    __table_args__ = (UniqueConstraint("program_id", "address_hash"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    address_hash: Mapped[Short]
    created_at: Mapped[CreatedAt]


class AddressChange(Model):
    """Somebody's mails went to `former` and go to `address` from then on. Deleted some days after nobody can object."""

    __tablename__ = "address_change"

    id: Mapped[Id]
    uid: Mapped[Short] = mapped_column(unique=True)
    person_id: Mapped[int] = link("person.id")
    registration_id: Mapped[int] = link("registration.id")
    former: Mapped[Line]
    address: Mapped[Line]
    added: Mapped[bool]  # whether the programme did not know the address before
    at: Mapped[CreatedAt]
    objected_at: Mapped[MaybeInstant]


class FreshProof(Model):
    """A code that was mailed for one act at a personal link. Derived from `uid`, as the code of an `AddressProof`."""

    __tablename__ = "fresh_proof"

    id: Mapped[Id]
    uid: Mapped[Short] = mapped_column(unique=True)
    registration_id: Mapped[int] = link("registration.id")
    purpose: Mapped[Purpose] = mapped_column(EnumText(Purpose))
    address: Mapped[Line]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[CreatedAt] = mapped_column(index=True)
    sent_at: Mapped[MaybeInstant]
    expires_at: Mapped[MaybeInstant]  # counted from the sending
    replaced_at: Mapped[MaybeInstant]  # a later request for the same act killed this one
    proved_at: Mapped[MaybeInstant]
