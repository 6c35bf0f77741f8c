"""Who may call what. Default deny: a route that declares no rule stops the application from starting.

The rule is a decorator on the view; `member` hands the view the programme itself, so that a view
cannot hold the row without the right to it. A foreign id and a missing one look alike: 404.

Rights are of a programme or of one meetup of it (docs/decisions/0024-rights-per-meetup.md). On a route that names a
meetup the larger of the two counts; on any other only the programme's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from sqlalchemy import select

from app.clock import now
from app.db import db
from app.models import Account, Meetup, Program, Role
from app.services.staff import browser_sessions, passkey_rules, rights
from app.services.staff.rights import Rights

View = Callable[..., Any]
SESSION_TOKEN = "account"  # noqa: S105 - the name of the cookie's field, no secret


class Undeclared(RuntimeError):
    """A route declares no access rule."""


def public(view: View) -> View:
    """Anyone, signed in or not."""
    return _declared(view, "public")


def debug_only(view: View) -> View:
    """Anyone, but only while the installation runs in debug mode; 404 otherwise."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_app.config["SETTINGS"].DEBUG:
            abort(404)
        return view(*args, **kwargs)

    return _declared(guarded, "debug_only")


def signed_in(view: View) -> View:
    """Any account; others are asked to sign in and come back."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs) if _at_the_desk() else _ask_to_sign_in()

    return _declared(guarded, "signed_in")


def founder(view: View) -> View:
    """An account that may create programmes; where it has a passkey, or is asked for one, only with it."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        account = _at_the_desk()
        if account is None:
            return _ask_to_sign_in()
        if not account.is_founder:
            abort(403)
        if not showed_passkey() and passkey_rules.binds(account.id):
            return _ask_for_passkey()
        return view(*args, **kwargs)

    return _declared(guarded, "founder")


def member(role: Role) -> Callable[[View], View]:
    """At least `role` in the route's `<program>`, or at its meetup `<slug>`; the view gets the `Program` itself."""
    return _held(f"member:{role.value}", role, lambda rights: rights.role)


def program_member(role: Role) -> Callable[[View], View]:
    """At least `role` in the whole programme, also where the route names a meetup: for what reaches beyond it."""
    return _held(f"member:{role.value}:program", role, lambda rights: rights.of_program)


def any_member(view: View) -> View:
    """A member of the programme, or somebody with a right at any single meetup of it."""
    guarded = _held("member:any", Role.VIEWER, lambda rights: rights.role or rights.of_some_meetup)
    return guarded(view)


def _held(rule: str, role: Role, of: Callable[[Rights], Role | None]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, program: str, **kwargs: Any) -> Any:
            account = _at_the_desk()
            if account is None:
                return _ask_to_sign_in()
            found = rights.of(account.id, program, kwargs.get("slug"))
            held = of(found) if found else None
            if found is None or (held is None and found.role is None):
                abort(404)
            if held is None or not held.includes(role):
                abort(403)
            if _lacks_passkey(found.program):
                return _ask_for_passkey()
            g.rights = found
            return view(*args, program=found.program, **kwargs)

        return _declared(guarded, rule)

    return decorate


def declared(rule: str) -> Callable[[View], View]:
    """For a rule that a blueprint enforces itself (a staff phone, a personal link): declare its name."""
    return lambda view: _declared(view, rule)


def rule_of(view: View) -> str | None:
    """The declared rule of a view, or None."""
    return getattr(view, "access_rule", None)


def check_declared(app: Flask) -> None:
    """Raise `Undeclared` naming every route without a rule."""
    missing = sorted(name for name, view in app.view_functions.items() if rule_of(view) is None)
    if missing:
        raise Undeclared(f"no access rule: {', '.join(missing)}")


def current_account() -> Account | None:
    """The signed-in account of this request; looked up once, so that an ended session ends at once."""
    if "account" not in g:
        _look_up()
    account: Account | None = g.account
    return account


def me() -> Account:
    """The same, where the rule of the page has made sure that there is one."""
    return current_account() or abort(401)


def current_actor() -> str:
    """How history and audit name the signed-in account."""
    account = current_account()
    return f"account:{account.id}" if account else "anonymous"


def current_role() -> Role | None:
    """What the account may do here: the larger of its roles in the programme and at the request's meetup."""
    held: Rights | None = g.get("rights")
    return held.role if held else None


def program_role() -> Role | None:
    """Its role in the whole programme of this request; None for whoever has a right at single meetups alone."""
    held: Rights | None = g.get("rights")
    return held.of_program if held else None


def runs_program() -> bool:
    """Whether what reaches over the whole programme (lists, people, other meetups) is the account's to see."""
    role = program_role()
    return role is not None and role.includes(Role.ORGANIZER)


def meetup_of(program: Program, slug: str) -> Meetup:
    """The programme's meetup of that slug, or 404."""
    query = select(Meetup).where(Meetup.program_id == program.id, Meetup.slug == slug)
    found: Meetup = db.first_or_404(query)
    return found


def showed_passkey() -> bool:
    """Whether a passkey was shown in this browser, and not only a mailed link."""
    return current_account() is not None and g.account_session.passkey_at is not None


def _lacks_passkey(program: Program) -> bool:
    """The programme asks for a passkey by now, and none was shown. Judged after the right: strangers learn nothing."""
    return program.passkeys_from is not None and program.passkeys_from <= now() and not showed_passkey()


def _here() -> str | None:
    """The page that was asked for; a form's answer has none to come back to."""
    return request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else None


def _declared(view: View, rule: str) -> View:
    view.access_rule = rule  # type: ignore[attr-defined]
    return view


def _look_up() -> None:
    token = session.get(SESSION_TOKEN)
    found = browser_sessions.of_token(token) if token else None
    g.account, g.account_session = found or (None, None)


def _at_the_desk() -> Account | None:
    """Who asks for a page of the desk; their browser is noted as in use."""
    account = current_account()
    if account is not None:
        browser_sessions.note_seen(g.account_session)
    return account


def _ask_for_passkey() -> Any:
    return redirect(url_for("accounts.passkey_gate", next=_here()), 303)


def _ask_to_sign_in() -> Any:
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
