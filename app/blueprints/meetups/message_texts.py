"""A message as text messages, where mail doesn't reach: phones and texts as a workbook for the office's SMS service."""

from __future__ import annotations

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField

from app import access, message_words, people_filters
from app.domain.errors import DomainError
from app.domain.writing.messages import Kind
from app.file_fields import MEDIA, reason_field
from app.files import download_name
from app.models import Meetup, Message, Program, Role
from app.refusals import explain
from app.services.messaging import texts
from app.services.messaging.phone_books import Outlook
from app.services.organizing import looks

from .messages import ONE, message_of
from .routes import bp

WHO = [
    ("unreached", _l("Those whom the mail did not reach")),
    ("all", _l("All who are chosen")),
]


class PhonesForm(FlaskForm):
    who = RadioField(_l("For whom"), default="unreached")
    reason = reason_field(_l("For example: text messages by the office's service. Kept in the audit log."))


@bp.route(f"{ONE}/texts", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def message_texts(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message, form = message_of(meetup, message_id), PhonesForm()
    form.who.choices = WHO
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    error = explain(DomainError("news_not_by_text")) if message.kind is Kind.NEWS else ""
    if request.method == "POST" and not error and form.validate():
        headings = (_("Text messages"), _("Name"), _("Phone"), _("Text"), _("Bytes"), _("Kind"))
        file = texts.as_xlsx(
            meetup,
            message,
            headings,
            {each: str(word) for each, word in message_words.SIZES.items()},
            unreached=form.who.data == "unreached",
            listed_phones=access.runs_program(),
            actor=access.current_actor(),
            reason=form.reason.data.strip(),
        )
        name = f"{meetup.local(meetup.starts_at):%Y-%m-%d} {headings[0]}"
        return send_file(
            file, MEDIA["xlsx"], as_attachment=True, download_name=download_name(name, "xlsx"), max_age=0
        )
    page = render_template(
        "meetups/message_texts.html",
        program=program,
        meetup=meetup,
        message=message,
        form=form,
        error=error,
        outlooks=[] if error else [(label, _outlook(meetup, message, key)) for key, label in WHO],
        words=message_words,
        only_these=people_filters.only_these,
    )
    return page, 422 if request.method == "POST" else 200


def _outlook(meetup: Meetup, message: Message, who: str) -> Outlook:
    knows = access.runs_program()
    return texts.outlook(meetup, message, unreached=who == "unreached", listed_phones=knows)
