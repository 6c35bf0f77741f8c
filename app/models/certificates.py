"""Certificates of attendance: how a meetup's look, and whether people take theirs themselves. No certificate is a row:
whether one stands is read from the door's ledger (app/services/organizing/certificates.py)."""

from __future__ import annotations

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Id, Instant, Line, Model, link
from app.models.images import Image


class CertificateDesign(Model):
    """No row: the usual words, nobody signs, and people get none at their link."""

    __tablename__ = "certificate_design"
    __table_args__ = (UniqueConstraint("meetup_id"),)

    id: Mapped[Id]
    meetup_id: Mapped[int] = link("meetup.id", index=False)
    is_on: Mapped[bool] = mapped_column(
        default=False
    )  # people get theirs at their link once the meetup is over
    signer_ko: Mapped[Line] = mapped_column(default="")
    signer_en: Mapped[Line] = mapped_column(default="")
    position_ko: Mapped[Line] = mapped_column(default="")
    position_en: Mapped[Line] = mapped_column(default="")
    words_ko: Mapped[str] = mapped_column(Text, default="")
    words_en: Mapped[str] = mapped_column(Text, default="")
    seal_id: Mapped[int | None] = link("image.id")
    changed_at: Mapped[Instant]

    seal: Mapped[Image | None] = relationship()
