"""Passkeys of accounts, and the challenges that they answer."""

from __future__ import annotations

import enum

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import EnumText
from app.models.accounts import Account
from app.models.base import CreatedAt, Id, Instant, MaybeInstant, Model, Short, link


class Ceremony(enum.StrEnum):
    """What a challenge may be answered for, and for nothing else."""

    ADD = "add"
    SIGN_IN = "sign_in"
    PROVE = "prove"


class Passkey(Model):
    """A key that an account signs in with: its public half; the other never leaves the device or its keychain."""

    __tablename__ = "passkey"

    id: Mapped[Id]
    account_id: Mapped[int] = link("account.id", ondelete="CASCADE")
    # Base64url, as browsers write it; WebAuthn allows 1023 bytes.
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(100))
    created_at: Mapped[CreatedAt]
    last_used_at: Mapped[MaybeInstant]

    account: Mapped[Account] = relationship()


class PasskeyChallenge(Model):
    """What a browser was asked to sign, once and soon; the browser holds it, here is its hash."""

    __tablename__ = "passkey_challenge"

    id: Mapped[Id]
    token_hash: Mapped[Short] = mapped_column(unique=True)
    ceremony: Mapped[Ceremony] = mapped_column(EnumText(Ceremony))
    # Whose; nobody's yet while signing in.
    account_id: Mapped[int | None] = link("account.id", ondelete="CASCADE")
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[Instant] = mapped_column(index=True)
