"""A phone in the same room reaches the product over HTTPS, as its camera wants it."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography import x509
from flask import Flask

from app import lan, qr
from tests.support.server import free_port

ADDRESS = "192.0.2.7"


def test_a_certificate_is_for_this_address_and_stays_until_it_runs_out(tmp_path: Path) -> None:
    certificate, key = lan.certificate_for(ADDRESS, tmp_path)
    first = certificate.read_bytes()
    names = x509.load_pem_x509_certificate(first).extensions
    alternatives = names.get_extension_for_class(x509.SubjectAlternativeName).value

    assert ADDRESS in {str(a) for a in alternatives.get_values_for_type(x509.IPAddress)}
    assert key.stat().st_mode & 0o077 == 0
    lan.certificate_for(ADDRESS, tmp_path)
    assert certificate.read_bytes() == first


@pytest.mark.parametrize("spoilt", ["another address", "old", "garbage"])
def test_one_that_serves_no_more_is_made_anew(tmp_path: Path, spoilt: str) -> None:
    with time_machine.travel("2020-01-01" if spoilt == "old" else "2030-01-01"):
        certificate, _ = lan.certificate_for(
            "192.0.2.8" if spoilt == "another address" else ADDRESS, tmp_path
        )
    if spoilt == "garbage":
        certificate.write_text("no certificate")
    before = certificate.read_bytes()

    with time_machine.travel("2030-01-01"):
        lan.certificate_for(ADDRESS, tmp_path)

    assert certificate.read_bytes() != before


def test_the_terminal_shows_the_codes_very_modules() -> None:
    text = f"https://{ADDRESS}:8000"
    dark = {"█": (True, True), "▀": (True, False), "▄": (False, True), " ": (False, False)}
    lines = [line[len("  \x1b[30;107m") : -len("\x1b[0m")] for line in lan.terminal_qr(text).split("\n")]
    pairs = [[dark[c] for c in line] for line in lines]
    rows = [[pair[half] for pair in line] for line in pairs for half in (0, 1)]

    modules = qr.modules(text)
    shown = [row[2:-2] for row in rows[2 : 2 + len(modules)]]
    assert shown == modules
    assert not any(any(row) for row in rows[:2] + rows[2 + len(modules) :])


@pytest.mark.one_database
def test_the_server_speaks_https_with_it(
    app: Flask, serve: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate, key = lan.certificate_for("127.0.0.1", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    port = free_port()
    at = {"PORT": port, "BASE_URL": f"https://localhost:{port}"}
    server = serve(alone=True, supervised=True, TLS_CERTIFICATE=str(certificate), TLS_KEY=str(key), **at)

    trusting = ssl.create_default_context(cafile=str(certificate))
    with urllib.request.urlopen(f"{server.url}/livez", context=trusting) as answer:
        assert answer.status == 200
        assert answer.headers["Strict-Transport-Security"]
