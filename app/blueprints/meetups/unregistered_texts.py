"""Invitations as text messages, where mail doesn't reach: phones and texts as a workbook for the office's SMS service."""

from __future__ import annotations

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app import access, message_words
from app.file_fields import MEDIA, reason_field
from app.files import download_name
from app.models import Program, Role
from app.services.inviting import invitation_texts
from app.services.organizing import looks

from .routes import bp
from .unregistered import HERE, about, wanted_of_request


class PhonesForm(FlaskForm):
    reason = reason_field(_l("For example: text messages by the office's service. Kept in the audit log."))


@bp.route(f"{HERE}/texts", methods=["GET", "POST"])
@access.program_member(Role.ORGANIZER)
def unregistered_texts(program: Program, slug: str) -> ResponseReturnValue:
    meetup, wanted, form = access.meetup_of(program, slug), wanted_of_request(), PhonesForm()
    looks.at_unregistered(program.id, meetup.id, access.current_actor())
    if request.method == "POST" and form.validate():
        headings = (_("Text messages"), _("Name"), _("Phone"), _("Text"), _("Bytes"), _("Kind"))
        file = invitation_texts.as_xlsx(
            meetup,
            wanted,
            headings,
            {each: str(word) for each, word in message_words.SIZES.items()},
            actor=access.current_actor(),
            reason=form.reason.data.strip(),
        )
        name = download_name(f"{meetup.local(meetup.starts_at):%Y-%m-%d} {headings[0]}", "xlsx")
        return send_file(file, MEDIA["xlsx"], as_attachment=True, download_name=name, max_age=0)
    outlook, more = invitation_texts.outlook(meetup, wanted)
    page = render_template(
        "meetups/unregistered_texts.html",
        form=form,
        outlook=outlook,
        counted=invitation_texts.COUNTED if more else None,
        sizes=message_words.SIZES,
        **about(program, meetup),
    )
    return page, 422 if request.method == "POST" else 200
