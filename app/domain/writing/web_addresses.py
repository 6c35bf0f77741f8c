"""Addresses of the web, as organizers type them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit


def is_web_address(text: str) -> bool:
    """Whether it is an http or https address with a host, safe to put behind a link."""
    if re.search(r"[\s\x00-\x1f\x7f\\<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc
