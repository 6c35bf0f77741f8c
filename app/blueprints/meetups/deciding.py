"""A decision at the desk: done with a word about it, or its page once more with what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm

from app.domain.errors import DomainError
from app.refusals import explain

F = TypeVar("F", bound=FlaskForm)


def decided(form: F, act: Callable[[], str], *, page: Callable[[F], str], back: str) -> ResponseReturnValue:
    """`act` does it and gives what is said afterwards, at `back`; `page` looks everything up anew, as a refusal ended
    the transaction."""
    try:
        if not form.validate():
            return page(form), 422
        said = act()
    except DomainError as refusal:
        form.form_errors.append(explain(refusal))
        return page(form), 422
    flash(said)
    return redirect(back, 303)
