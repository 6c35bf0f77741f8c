"""What is searched for in a list, as the address of its page has it."""

from __future__ import annotations

from flask import request

LONGEST = 100


def searched() -> str:
    return request.args.get("q", "").strip()[:LONGEST]
