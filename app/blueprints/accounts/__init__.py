from app.blueprints.accounts import (
    account,
    invitations,
    meetup_people,
    passkey_rules,
    passkeys,
    people,
    signing_in,
)
from app.blueprints.accounts.blueprint import bp

__all__ = [
    "account",
    "bp",
    "invitations",
    "meetup_people",
    "passkey_rules",
    "passkeys",
    "people",
    "signing_in",
]
