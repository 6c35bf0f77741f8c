"""HTTPS for the phones in the same room: an address, a certificate made on the spot, a QR in the terminal.

A browser opens its camera on HTTPS only. The certificate is nobody's but ours, so every phone warns
once; what such a certificate cannot do is said where the address is printed.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app import clock, qr

DAYS = 30
RENEW_BEFORE = dt.timedelta(days=3)
ANYWHERE = ("192.0.2.1", 9)  # TEST-NET-1 (RFC 5737): names a route, nothing is sent


class NoNetwork(RuntimeError):
    """This machine has no address that a phone could reach."""


def own_address() -> str:
    """This machine's address on its network. Raises `NoNetwork`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ANYWHERE)
        except OSError as error:
            raise NoNetwork from error
        address: str = probe.getsockname()[0]
    if ipaddress.ip_address(address).is_loopback or address == "0.0.0.0":  # noqa: S104 - compared only
        raise NoNetwork
    return address


def certificate_for(address: str, folder: Path) -> tuple[Path, Path]:
    """Files of a certificate for this address and of its key; made anew when they do not serve any more."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (key.is_file() and _still_serves(certificate, address)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        secret = ec.generate_private_key(ec.SECP256R1())
        pem = serialization.Encoding.PEM
        _write(
            key,
            secret.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        )
        _write(certificate, _signed(address, secret).public_bytes(pem))
    return certificate, key


def terminal_qr(text: str) -> str:
    """The QR as half blocks, black on white whatever the terminal's colours are."""
    rows = [[False] * 2 + row + [False] * 2 for row in qr.modules(text)]
    blank = [False] * len(rows[0])
    rows = [blank, blank, *rows, blank, blank, *([blank] if len(rows) % 2 else [])]
    lines = (
        "".join(_HALVES[upper, lower] for upper, lower in zip(rows[y], rows[y + 1], strict=True))
        for y in range(0, len(rows) - 1, 2)
    )
    return "\n".join(f"  \x1b[30;107m{line}\x1b[0m" for line in lines)


_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def _signed(address: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = clock.now()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Dongmun {address}")])
    names = [x509.IPAddress(ipaddress.ip_address(a)) for a in (address, "127.0.0.1")]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _still_serves(file: Path, address: str) -> bool:
    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return False
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    is_ours = ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress)
    return is_ours and found.not_valid_after_utc - clock.now() > RENEW_BEFORE


def _write(file: Path, data: bytes) -> None:
    file.unlink(missing_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
