"""Pictures that organizers uploaded."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from app.models.base import CreatedAt, Id, Model, Short, link


class Image(Model):
    """An uploaded picture, re-encoded by us and stored under DATA_DIR/uploads by its SHA-256."""

    __tablename__ = "image"

    id: Mapped[Id]
    program_id: Mapped[int] = link("program.id")
    sha256: Mapped[Short]
    media_type: Mapped[Short]
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[CreatedAt]
