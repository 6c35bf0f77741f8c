"""People of a programme, with the addresses and phones by which they are known."""

from __future__ import annotations

from sqlalchemy import Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import CreatedAt, Id, Line, MaybeInstant, Model, Short, link

_DEAD = text("dead_since IS NOT NULL")


class Person(Model):
    """One human being in a programme. Never merged with another on a name alone.

    Once erased, the row stays without anything that tells who it was, so that counts and the door's ledger stay true.
    """

    __tablename__ = "person"
    # A list by name is walked along, however long it is.
    __table_args__ = (Index(None, "program_id", "name", "id"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id")
    name: Mapped[str] = mapped_column(String(200))
    # Everything that a search by name may hit, made by domain.names.search_key.
    search_key: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[CreatedAt]
    erased_at: Mapped[MaybeInstant]

    addresses: Mapped[list[PersonAddress]] = relationship(
        back_populates="person", order_by="PersonAddress.id"
    )
    phones: Mapped[list[PersonPhone]] = relationship(back_populates="person", order_by="PersonPhone.id")


class PersonAddress(Model):
    """An e-mail address; `address_key` is case-folded and unique within the programme."""

    __tablename__ = "person_address"
    __table_args__ = (
        UniqueConstraint("program_id", "address_key"),
        Index("ix_person_address_dead", "person_id", sqlite_where=_DEAD, postgresql_where=_DEAD),
    )

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    person_id: Mapped[int] = link("person.id")
    address: Mapped[Line]
    address_key: Mapped[Line]
    # Since when mail servers say that there is no such mailbox, and in which words; None: nothing is known against it.
    dead_since: Mapped[MaybeInstant]
    dead_words: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[CreatedAt]

    person: Mapped[Person] = relationship(back_populates="addresses")


class PersonPhone(Model):
    """A phone number as typed, with its digits' last four for the door's search."""

    __tablename__ = "person_phone"
    __table_args__ = (UniqueConstraint("person_id", "digits"), Index(None, "last_four"))

    id: Mapped[Id]
    person_id: Mapped[int] = link("person.id", index=False)
    number: Mapped[Short]
    digits: Mapped[Short]
    last_four: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[CreatedAt]

    person: Mapped[Person] = relationship(back_populates="phones")
