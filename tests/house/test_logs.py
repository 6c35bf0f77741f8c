"""Logs tell what happened to which request, and nothing about a person."""

from __future__ import annotations

import json
import logging

import pytest
from flask import Flask

from app import web
from app.domain import tokens
from app.domain.door import tickets
from app.logs import JsonLines, masked
from config import Settings
from tests.support.client import Browser

KEY = b"a key"


def line(message: str, *args: object, **extra: object) -> dict[str, object]:
    record = logging.makeLogRecord(
        {"msg": message, "args": args, "levelname": "INFO", "name": "app.x", **extra}
    )
    written = JsonLines().format(record)
    assert "\n" not in written
    found: dict[str, object] = json.loads(written)
    return found


@pytest.mark.parametrize(
    "secret",
    [
        "kim.minjun+meetup@example.com",
        "민준@예시.example",
        tokens.mint(tokens.SIGN_IN),
        tokens.mint(tokens.DEVICE),
        tickets.derive_code(KEY, "uid", 1),
        tokens.verification_code(KEY, "proof"),
        f"/r/K7WQ2M9XYZ/{tokens.personal_secret(KEY, 'K7WQ2M9XYZ', 1)}",
    ],
    ids=[
        "address",
        "Korean address",
        "sign-in token",
        "device token",
        "ticket code",
        "code",
        "personal link",
    ],
)
def test_what_looks_like_an_address_or_a_secret_is_masked(secret: str) -> None:
    bare = secret.rpartition("/")[2]
    assert bare not in masked(f"could not send to {secret}, giving up")
    assert bare not in json.dumps(line("sending to %s", secret), ensure_ascii=False)
    assert bare not in json.dumps(line("sending", whom=secret), ensure_ascii=False)


def test_a_line_break_in_a_value_stays_inside_its_line() -> None:
    assert line("named %s", 'a\n{"level": "forged"}\u2028b')["level"] == "info"


def test_an_error_is_named_by_type_and_place_and_not_by_its_message() -> None:
    try:
        raise ValueError("no such person: 김민준 kim@example.com")
    except ValueError as error:
        found = line("failed", exc_info=(ValueError, error, error.__traceback__))
    assert found["error"] == "ValueError"
    assert "test_logs.py" in str(found["trace"])
    assert "김민준" not in json.dumps(found, ensure_ascii=False)


def test_a_request_is_named_by_its_rule_and_its_id(
    app: Flask, client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "app.logs")
    caplog.handler.setFormatter(JsonLines())
    answer = client.get("/sign-in/dm_si_abcdefghijklmnopqrstuvwxyz?next=/desk/someone")
    written = json.loads(caplog.text.splitlines()[-1])
    assert written["rule"] == "/sign-in/<token>"
    assert written["request"] == answer.headers["X-Request-Id"]
    assert "abcdefgh" not in caplog.text
    assert "someone" not in caplog.text


def test_a_start_behind_https_without_trusted_proxies_is_warned_of(caplog: pytest.LogCaptureFixture) -> None:
    for settings in (
        Settings(BASE_URL="https://meet.example.org"),
        Settings(BASE_URL="https://meet.example.org", TRUSTED_PROXIES=1),
        Settings(BASE_URL="http://localhost:8000"),
    ):
        web.warn(settings)

    assert [record.levelname for record in caplog.records if "TRUSTED_PROXIES" in record.message] == [
        "WARNING"
    ]
