"""That a meetup's registrations were compared with the host's list: when, by whom, and what was known before."""

from __future__ import annotations

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import CreatedAt, Id, Model, Short, link


class HostList(Model):
    """Nothing of the host's list itself is kept. The newest row is the comparison that counts."""

    __tablename__ = "host_list"

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id")
    actor: Mapped[Short]
    at: Mapped[CreatedAt]
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # [[registration, what was known of it], …], for taking the comparison back
    before: Mapped[list[list[int | str | None]]] = mapped_column(JSON, default=list)
