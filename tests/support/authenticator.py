"""A device with passkeys, as far as a server can tell: it answers what a browser would answer."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, KEY = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def data_of(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass
class Authenticator:
    """One key of one account at one site."""

    origin: str = "http://localhost:8000"
    relying_party: str = "localhost"
    count: int = 1
    verifies: bool = True
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: str = ""
    _key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        """What `navigator.credentials.create` gives."""
        given = json.loads(options)
        self.handle = given["user"]["id"]
        point = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        length = len(self.credential).to_bytes(2, "big")
        data = self._data(KEY) + bytes(16) + length + self.credential + cbor2.dumps(cose)
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", given["challenge"])
        return self._told({"clientDataJSON": text(client), "attestationObject": text(attested)})

    def get(self, options: str) -> str:
        """What `navigator.credentials.get` gives."""
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        data = self._data(0)
        signed = self._key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(
            {
                "clientDataJSON": text(client),
                "authenticatorData": text(data),
                "signature": text(signed),
                "userHandle": self.handle,
            }
        )

    def _data(self, more: int) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        told = hashlib.sha256(self.relying_party.encode()).digest() + bytes([flags])
        told += self.count.to_bytes(4, "big")
        self.count += 1
        return told

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _told(self, response: dict[str, str]) -> str:
        name = text(self.credential)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
