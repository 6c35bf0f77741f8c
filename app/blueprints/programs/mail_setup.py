"""Whether this installation's mails get out, for owners."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app import access, mail_words
from app.blueprints.programs import record_words
from app.blueprints.programs.blueprint import bp
from app.domain.errors import DomainError
from app.domain.mail_records import USUAL_SELECTORS, Record, is_selector
from app.i18n import current_locale
from app.models import Program, Role
from app.refusals import explain, sentence
from app.services.mails import dns_records
from app.services.mails import mail_setup as service

SETUP = "/desk/<program>/mail-setup"


@bp.get(SETUP)
@access.member(Role.OWNER)
def mail_setup(program: Program) -> ResponseReturnValue:
    return _page(program)


@bp.post(f"{SETUP}/server")
@access.member(Role.OWNER)
def ask_mail_server(program: Program) -> ResponseReturnValue:
    if not service.of_installation().is_set:
        return _page(program)
    return _page(program, said=service.server_answers(), asked=True)


@bp.post(f"{SETUP}/tests")
@access.member(Role.OWNER)
def send_setup_tests(program: Program) -> ResponseReturnValue:
    typed = request.form.get("addresses", "")[:1000]
    try:
        number = service.send_tests(program.id, typed, current_locale(), access.current_actor())
    except DomainError as refusal:
        return _page(program, typed=typed, error=explain(refusal)), 422
    flash(ngettext("%(num)d test is on its way.", "%(num)d tests are on their way.", number))
    return redirect(url_for(".mail_setup", program=program.slug), 303)


@bp.post(f"{SETUP}/records")
@access.member(Role.OWNER)
def look_up_records(program: Program) -> ResponseReturnValue:
    """Asked of DNS when it is pressed, never by opening the page."""
    selector, domain = request.form.get("selector", "").strip()[:63], service.of_installation().domain
    if selector and not is_selector(selector):
        return _page(program, selector=selector, selector_error=sentence("no_selector")), 422
    return _page(program, selector=selector, records=dns_records.of(domain, selector))


def _page(
    program: Program,
    *,
    said: str = "",
    asked: bool = False,
    typed: str = "",
    error: str = "",
    selector: str = "",
    selector_error: str = "",
    records: Sequence[Record] = (),
) -> str:
    return render_template(
        "programs/mail_setup.html",
        program=program,
        setup=service.of_installation(),
        said=said,
        asked=asked,
        typed=typed,
        error=error,
        tests=service.latest(program.id),
        mail_words=mail_words,
        selector=selector,
        selector_error=selector_error,
        records=records,
        record_words=record_words,
        usual_selectors=USUAL_SELECTORS,
    )
