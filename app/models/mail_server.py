"""How mails go out, where whoever runs the installation says so at the desk and not in the environment."""

from __future__ import annotations

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Id, Instant, Line, Model

THE_ONE = 1


class MailServer(Model):
    """At most one row, `THE_ONE`. `sealed`: the address of the server with its password, under the installation's key."""

    __tablename__ = "mail_server"

    id: Mapped[Id]
    sealed: Mapped[str] = mapped_column(Text)
    sender: Mapped[Line]
    changed_at: Mapped[Instant]
