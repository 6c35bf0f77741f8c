"""What is searched for in a list, as the address of its page has it."""

from __future__ import annotations

from flask import request

LONGEST = 100


def searched() -> str:
    return tidy(request.args.get("q", ""))


def tidy(text: str) -> str:
    return text.strip()[:LONGEST]
