"""What WebAuthn says: the options that a browser is given, and whether its answer holds.

Origin and relying party come from BASE_URL alone, never from a request. The library is loaded when it is first needed:
most processes never see a passkey.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import current_app

from app.domain.errors import DomainError
from app.models import Account, Passkey

LONGEST_ANSWER = 20_000
TIMEOUT_MS = 300_000
T = TypeVar("T")


@dataclass(frozen=True)
class Added:
    """A new key, as it is stored."""

    credential_id: str
    public_key: bytes
    sign_count: int


def are_possible() -> bool:
    """Browsers give passkeys to a name over HTTPS, or to localhost; never to a bare network address."""
    address = urlsplit(_base_url())
    host = address.hostname or ""
    return host == "localhost" or (address.scheme == "https" and not _is_network_address(host))


def options_to_add(account: Account, challenge: bytes, held: list[Passkey]) -> str:
    """For `navigator.credentials.create`: a key that names its account by itself and asks who holds the device."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes, structs

    options = webauthn.generate_registration_options(
        rp_id=_relying_party(),
        rp_name="Dongmun",
        user_id=_handle(account.id),
        user_name=account.address,
        user_display_name=account.name or account.address,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in held
        ],
    )
    return webauthn.options_to_json(options)


def options_to_prove(challenge: bytes, held: list[Passkey]) -> str:
    """For `navigator.credentials.get`: one of these keys, or any of this site's where there are none."""
    import webauthn
    from webauthn.helpers import base64url_to_bytes, structs

    options = webauthn.generate_authentication_options(
        rp_id=_relying_party(),
        challenge=challenge,
        timeout=TIMEOUT_MS,
        user_verification=structs.UserVerificationRequirement.REQUIRED,
        allow_credentials=[
            structs.PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in held
        ],
    )
    return webauthn.options_to_json(options)


def added(answer: str, challenge: bytes) -> Added:
    """The key in a browser's answer to `options_to_add`. Raises `DomainError` where the answer does not hold."""
    import webauthn
    from webauthn.helpers import bytes_to_base64url

    told = _checked(
        lambda: webauthn.verify_registration_response(
            credential=_parsed(answer),
            expected_challenge=challenge,
            expected_rp_id=_relying_party(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    )
    return Added(bytes_to_base64url(told.credential_id), told.credential_public_key, told.sign_count)


def credential_of(answer: str) -> str:
    """Which key an answer claims to be by; nothing is proved yet."""
    claimed = _checked(lambda: _parsed(answer)["id"])
    if not isinstance(claimed, str):
        raise DomainError("passkey_refused")
    return claimed


def proved(answer: str, challenge: bytes, key: Passkey) -> int:
    """The key's new count, where the answer is by this key to this challenge. Raises `DomainError` otherwise."""
    import webauthn

    def verify() -> int:
        parsed = _parsed(answer)
        _require_handle(parsed, key.account_id)
        told = webauthn.verify_authentication_response(
            credential=parsed,
            expected_challenge=challenge,
            expected_rp_id=_relying_party(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
        return told.new_sign_count

    return _checked(verify)


def _checked(verify: Callable[[], T]) -> T:
    """Whatever is wrong with an answer, it is refused: it comes from outside."""
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify()
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError) as wrong:
        current_app.logger.info("passkey refused: %s", type(wrong).__name__)
        raise DomainError("passkey_refused") from None


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    parsed = json.loads(answer)
    if not isinstance(parsed, dict):
        raise TypeError("no object")
    return parsed


def _require_handle(parsed: dict[str, Any], account_id: int) -> None:
    """The account that the key names by itself, where it does, is the one that it is stored for."""
    from webauthn.helpers import base64url_to_bytes

    handle = parsed["response"].get("userHandle")
    if handle and base64url_to_bytes(handle) != _handle(account_id):
        raise ValueError("another account's key")


def _handle(account_id: int) -> bytes:
    """What the device stores as whose key it is: no name and no address."""
    return f"account:{account_id}".encode()


def _base_url() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base


def _relying_party() -> str:
    return urlsplit(_base_url()).hostname or ""


def _origin() -> str:
    """Scheme, host and port as browsers write them: the usual port is not said."""
    address = urlsplit(_base_url())
    usual = {"https": 443, "http": 80}.get(address.scheme)
    port = "" if address.port in (None, usual) else f":{address.port}"
    return f"{address.scheme}://{address.hostname}{port}"


def _is_network_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
