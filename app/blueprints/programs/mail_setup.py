"""Whether this installation's mails get out, for owners."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from app import access, mail_words
from app.blueprints.programs import record_words
from app.blueprints.programs.blueprint import bp
from app.domain.bounces import MOST_BYTES
from app.domain.errors import DomainError
from app.domain.mail_records import USUAL_SELECTORS, Record, is_selector
from app.i18n import current_locale
from app.models import Program, Role
from app.refusals import explain, sentence
from app.services.mails import dead_addresses, dns_records
from app.services.mails import mail_setup as service

SETUP = "/desk/<program>/mail-setup"
MOST_RETURNED = 20


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


@bp.post(f"{SETUP}/returned")
@access.member(Role.OWNER)
def take_returned(program: Program) -> ResponseReturnValue:
    """Mails that came back, as files from the mailbox of the sender."""
    files = [each for each in request.files.getlist("files") if each.filename][: MOST_RETURNED + 1]
    if not files or len(files) > MOST_RETURNED:
        return _page(program, returned_error=sentence("no_returned_mails", most=MOST_RETURNED)), 422
    actor = access.current_actor()
    known = sum(dead_addresses.take_back(each.read(MOST_BYTES + 1), actor) for each in files)
    flash(ngettext("%(num)d mail of ours came back.", "%(num)d mails of ours came back.", known))
    if others := len(files) - known:
        flash(
            ngettext(
                "%(num)d file is no report of a mail of ours. Save it whole, as .eml, not forwarded.",
                "%(num)d files are no reports of mails of ours. Save them whole, as .eml, not forwarded.",
                others,
            ),
            "warning",
        )
    return redirect(url_for(".mail_setup", program=program.slug), 303)


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
    returned_error: str = "",
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
        returned_error=returned_error,
        record_words=record_words,
        usual_selectors=USUAL_SELECTORS,
    )
