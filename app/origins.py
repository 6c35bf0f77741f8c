"""Forms of pages that are the same for everybody: no token in them, the browser says who sent them.

A token per visitor would need a cookie and a page per visitor. What these forms do rests on no right
that the browser holds, so all that is left to refuse is another site's page that sends them.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from flask_wtf.csrf import CSRFError

from app.extensions import csrf

View = Callable[..., Any]
OWN_SITES = {"same-origin", "none"}  # "none": typed or reloaded by the person, on no page's behalf


class OtherSite(CSRFError):
    """The form was sent by another site's page, or inside a view that hides where it comes from."""


def own_origin(view: View) -> View:
    """Take the form from our own pages only; in place of the CSRF token, which it does without. Raises `OtherSite`."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not is_own():
            raise OtherSite
        return view(*args, **kwargs)

    csrf.exempt(guarded)
    return guarded


def is_own() -> bool:
    """Whether this request was sent by a page of ours, or by no page at all.

    Every browser since 2020 sends `Sec-Fetch-Site` or, with a form that changes something, `Origin`
    (W3C Fetch Metadata; WHATWG Fetch, "append a request Origin header"). A program sends neither, and
    holds nobody's cookies.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OWN_SITES
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    base: str = current_app.config["SETTINGS"].base_url
    return urlsplit(origin).netloc in {request.host, urlsplit(base).netloc}
