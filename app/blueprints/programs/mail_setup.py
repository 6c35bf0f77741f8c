"""Whether this installation's mails get out, for owners."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app import access, mail_words
from app.blueprints.programs.blueprint import bp
from app.domain.errors import DomainError
from app.i18n import current_locale
from app.models import Program, Role
from app.refusals import explain
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


def _page(program: Program, *, said: str = "", asked: bool = False, typed: str = "", error: str = "") -> str:
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
    )
