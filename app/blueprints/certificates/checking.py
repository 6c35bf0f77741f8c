"""Whether a certificate stands: for whoever holds it, and nobody who guesses."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app import access
from app.blueprints.certificates.routes import bp
from app.domain.writing.names import masked
from app.services.organizing import certificates


@bp.get("/certificates/<number>")
@access.public
def check(number: str) -> ResponseReturnValue:
    """One answer for a number that never was and for one that stands no more. Of the name, what its holder recognises."""
    found = certificates.found(number)
    page = render_template(
        "certificates/check.html",
        registration=found,
        meetup=found.meetup if found else None,
        number=certificates.number_of(found.reference) if found else "",
        name=masked(found.person.name) if found else "",
        until=certificates.until(found, certificates.days(found.meetup)) if found else None,
    )
    return page, 200 if found else 404, {"X-Robots-Tag": "noindex"}
