"""Secrets that people carry: random tokens (stored hashed) and derived ones (not stored at all).

Each kind begins with its own prefix, so that a leaked one is recognised for what it is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

SIGN_IN, INVITATION, ENROLMENT, DEVICE, SESSION = "dm_si_", "dm_in_", "dm_en_", "dm_dv_", "dm_ss_"
CHALLENGE = "dm_pk_"
_UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0/O, 1/I/L, U


def mint(prefix: str) -> str:
    """A new random token of 256 bits; hand it out once and store `hashed(token)`."""
    return prefix + secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """How a token is stored and looked up: SHA-256 in hex (a random token needs no slow hash)."""
    return hashlib.sha256(token.encode()).hexdigest()


def reference(length: int = 10) -> str:
    """A public reference: random, readable aloud, no secret (30^10 ≈ 49 bits)."""
    return "".join(secrets.choice(_UNAMBIGUOUS) for _ in range(length))


def added_reference(key: bytes, meetup: int, form: str, who: str, length: int = 10) -> str:
    """The reference of whom an organizer adds by this form: the same for a second press."""
    number = int.from_bytes(hmac.digest(key, f"added|{meetup}|{form}|{who}".encode(), hashlib.sha256))
    letters = []
    for _ in range(length):
        number, place = divmod(number, len(_UNAMBIGUOUS))
        letters.append(_UNAMBIGUOUS[place])
    return "".join(letters)


def uid() -> str:
    """A random 128-bit id in hex, the seed of what is derived from it."""
    return secrets.token_hex(16)


def personal_secret(key: bytes, registration: str, revision: int) -> str:
    """The secret of a registration's personal link: 128 bits, URL-safe."""
    return _derived(key, f"personal|{registration}|{revision}")


def proof_secret(key: bytes, proof: str) -> str:
    """The secret of the link in a verification mail."""
    return _derived(key, f"proof-link|{proof}")


def claim_secret(key: bytes, proof: str) -> str:
    """The secret of the way to a list check, in the mail that says that an address is on no list."""
    return _derived(key, f"claim-link|{proof}")


def objection_secret(key: bytes, change: str) -> str:
    """The secret of the link by which the former address says that a change of address was none of its owner's."""
    return _derived(key, f"objection|{change}")


def meetup_invitation_secret(key: bytes, invitation: str) -> str:
    """The secret of the link in an invitation to a meetup."""
    return _derived(key, f"meetup-invitation|{invitation}")


def opt_out_secret(key: bytes, program: int, address_hash: str) -> str:
    """The secret of the link by which an address says that it wants no more mails that nobody asked for."""
    return _derived(key, f"opt-out|{program}|{address_hash}")


def enrolment_token(key: bytes, enrolment: str) -> str:
    """The token in the organizer's door QR: derived, so that the page can show the QR again."""
    return ENROLMENT + _derived(key, f"enrolment|{enrolment}")


def verification_code(key: bytes, proof: str) -> str:
    """The eight digits of a verification mail, uniform over 00000000-99999999."""
    mac = hmac.digest(key, f"proof-code|{proof}".encode(), "sha256")
    return f"{int.from_bytes(mac[:16]) % 10**8:08d}"


def sign_in_token(key: bytes, mail: str) -> str:
    """The secret of a mailed sign-in link: the same each time the worker tries that mail again."""
    return SIGN_IN + _derived(key, f"sign-in|{mail}")


def invitation_token(key: bytes, invitation: str) -> str:
    """The secret of a mailed invitation to a programme's office."""
    return INVITATION + _derived(key, f"invitation|{invitation}")


def certificate_code(key: bytes, registration: str) -> str:
    """What proves that a certificate of attendance with this registration's reference is ours: 30^10 ≈ 49 bits, readable aloud."""
    number = int.from_bytes(hmac.digest(key, f"certificate|{registration}".encode(), "sha256"))
    signs = []
    for _ in range(10):
        number, sign = divmod(number, len(_UNAMBIGUOUS))
        signs.append(_UNAMBIGUOUS[sign])
    return "".join(signs)


def draw_secret(key: bytes, commitment: str) -> str:
    """The secret of a draw, 256 bits in hex: committed to before it is opened, and stored nowhere until then."""
    return hmac.digest(key, f"draw|{commitment}".encode(), "sha256").hex()


def keyed_hash(key: bytes, *parts: str) -> str:
    """A keyed hash of something that must not be stored in clear, as an address in a counter's key."""
    return hmac.digest(key, "|".join(parts).encode(), "sha256").hex()[:40]


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


def _derived(key: bytes, text: str) -> str:
    mac = hmac.digest(key, text.encode(), "sha256")
    return base64.urlsafe_b64encode(mac[:16]).decode().rstrip("=")
