"""Ways of looking at attendee lists that organizers keep under a name."""

from __future__ import annotations

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CreatedAt, Id, Model, link


class SavedView(Model):
    """Filters, order and columns, for all meetups of a programme. What was searched for is not kept: it names people.

    What a meetup asks is named by its words too (services/organizing/kept_keys.py).
    """

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("program_id", "account_id", "name"),)

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id", index=False)
    account_id: Mapped[int] = link("account.id")
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)  # a line for each argument: "status=confirmed"
    is_shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[CreatedAt]
