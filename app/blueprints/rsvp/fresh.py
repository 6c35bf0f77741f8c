"""The step before a weighty act: a code by mail, typed in the browser that asked for it."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from app.blueprints.rsvp.forms import CodeForm
from app.blueprints.rsvp.personal import mine
from app.domain.errors import DomainError
from app.domain.fresh_proofs import Purpose
from app.i18n import current_locale
from app.models import Registration
from app.refusals import explain
from app.services.personal import erasure, fresh_proofs
from app.visitors import client

KEY, MOST = "fresh", 4
PAGES = {
    Purpose.ERASURE: ".erasing",
    Purpose.DOWNLOAD: ".downloading",
    Purpose.ADDRESS: ".changing_address",
}


def uid_of(found: Registration, purpose: Purpose) -> str:
    """The proof that this browser asked for; empty where it did not."""
    return str(session.get(KEY, {}).get(_name(found, purpose), ""))


def is_proved(found: Registration, purpose: Purpose) -> bool:
    try:
        fresh_proofs.require(found, purpose, uid_of(found, purpose))
    except DomainError:
        return False
    return True


def ask(reference: str, secret: str, purpose: Purpose) -> ResponseReturnValue:
    """Have a code mailed, and go on where it is typed."""
    found = mine(reference, secret)
    try:
        uid = fresh_proofs.ask(found, purpose, client=client(), locale=current_locale())
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    else:
        remember(found, purpose, uid)
    return _on(reference, secret, purpose)


def prove(reference: str, secret: str, purpose: Purpose) -> ResponseReturnValue:
    """Take the code."""
    found, form = mine(reference, secret), CodeForm()
    if not form.validate():
        return page(found, secret, purpose, form), 422
    try:
        uid = uid_of(found, purpose)
        fresh_proofs.prove(found.id, purpose, uid, form.code.data or "", client=client())
    except DomainError as refusal:
        form.code.errors = [explain(refusal)]
        status = 429 if refusal.code == "too_many_codes" else 422
        return page(found, secret, purpose, form), status
    return _on(reference, secret, purpose)


def page(found: Registration, secret: str, purpose: Purpose, form: CodeForm | None = None) -> str:
    """What the act is, and the way to the code."""
    return render_template(
        f"rsvp/{purpose.value}_proof.html",
        registration=found,
        meetup=found.meetup,
        secret=secret,
        form=form or CodeForm(),
        asked=bool(uid_of(found, purpose)),
        outlook=erasure.outlook(found.person_id) if purpose is Purpose.ERASURE else None,
    )


def forget() -> None:
    """Nothing of what this browser proved is of use any more."""
    session.pop(KEY, None)


def remember(found: Registration, purpose: Purpose, uid: str) -> None:
    """This browser asked for it."""
    kept = {name: each for name, each in session.get(KEY, {}).items() if name != _name(found, purpose)}
    session[KEY] = dict(list(kept.items())[-(MOST - 1) :]) | {_name(found, purpose): uid}


def _name(found: Registration, purpose: Purpose) -> str:
    return f"{purpose.value}:{found.reference}"


def _on(reference: str, secret: str, purpose: Purpose) -> ResponseReturnValue:
    return redirect(url_for(PAGES[purpose], reference=reference, secret=secret), 303)
