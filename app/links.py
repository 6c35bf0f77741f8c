"""Addresses of our own pages for use outside of them: always the configured base URL, never a Host header."""

from __future__ import annotations

from typing import Any

from flask import current_app


def external(endpoint: str, **values: Any) -> str:
    """The full address of a page; also where there is no request, as in the worker."""
    return base_url() + path(endpoint, **values)


def path(endpoint: str, **values: Any) -> str:
    """The path of a page, without a request."""
    built: str = current_app.url_map.bind("localhost").build(endpoint, values)
    return built


def base_url() -> str:
    base: str = current_app.config["SETTINGS"].base_url
    return base
