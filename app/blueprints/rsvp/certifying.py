"""One's own certificate of attendance."""

from __future__ import annotations

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import access, errors
from app import certificate_papers as papers
from app.blueprints.rsvp.personal import LINK, mine
from app.blueprints.rsvp.routes import bp
from app.certificate_papers import Holder
from app.clock import now
from app.files import download_name
from app.i18n import LOCALES, current_locale
from app.refusals import explain
from app.services.organizing import certificates


@bp.get(f"{LINK}/certificate.pdf")
@access.declared("personal_link")
def certificate(reference: str, secret: str) -> ResponseReturnValue:
    """A PDF in either language, once they were there and the organizer lets people take theirs."""
    found, locale = mine(reference, secret), request.args.get("lang", current_locale())
    if locale not in LOCALES or not certificates.own(found):
        abort(404)
    if refusal := papers.refusal(found.person.name):
        return errors.page(422, _("Certificate of attendance"), explain(refusal))
    number = certificates.number_of(found.reference)
    said = papers.said(
        certificates.of_meetup(found.meetup_id), locale, certificates.seal_bytes(found.meetup_id)
    )
    until = certificates.until(found, certificates.days(found.meetup))
    holder = Holder(found.person.name, found.cohort, number, until)
    answer = Response(papers.pdf(found.meetup, [holder], said, locale, now()), mimetype="application/pdf")
    name = download_name(f"{found.meetup.title(locale)} {_('Certificate of attendance')}", "pdf")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
