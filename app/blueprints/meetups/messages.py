"""Messages to many at the desk: writing them, and looking at them as they will arrive. Sending: message_sending.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import access, mail_words, message_words, people_filters
from app.clock import now
from app.db import db
from app.domain.errors import DomainError
from app.domain.meetup_drafts import Unusable
from app.domain.registering.registrations import Status
from app.domain.writing.kept_texts import one_line, several_lines
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import KOREA, MESSAGE_FIELDS, Kind, Stage, by_day
from app.domain.writing.words import Words
from app.headers import framing_policy, mail_policy
from app.i18n import LOCALES, current_locale
from app.models import MailState, Meetup, Message, Program, Role
from app.numbers import query_number
from app.people_choice import words_of
from app.people_filters import Chip
from app.refusals import explain
from app.services.fees import terms
from app.services.mails import to_many
from app.services.messaging import chosen, drafts, fates
from app.services.messaging.drafts import Draft
from app.services.organizing import attendee, attendees, looks, namesakes, notices, stored_filters, tags
from app.services.organizing.filters import Filter

from .routes import bp

MESSAGES = "/desk/<program>/meetups/<slug>/messages"
ONE = f"{MESSAGES}/<int:message_id>"
PAGE = 50
NOTHING = Draft(Kind.ABOUT, MailText(), "", Filter(statuses=frozenset({Status.CONFIRMED})))


@bp.get(MESSAGES)
@access.member(Role.ORGANIZER)
def messages(program: Program, slug: str) -> ResponseReturnValue:
    return overview(program, access.meetup_of(program, slug))


def overview(program: Program, meetup: Meetup) -> str:
    return render_template(
        "meetups/messages.html",
        program=program,
        meetup=meetup,
        rows=fates.of_meetup(meetup.id),
        words=message_words,
    )


@bp.route(f"{MESSAGES}/new", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def new_message(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    if request.method == "GET":
        wanted = people_filters.read(request.args)
        chosen_before = wanted if request.args else NOTHING.wanted
        last = drafts.last_sender(program.id)
        return _form(program, meetup, Draft(NOTHING.kind, NOTHING.text, last, chosen_before))
    draft = _typed()
    try:
        message_id = drafts.write(meetup.id, draft, access.current_actor())
    except Unusable as refusal:
        return _form(program, meetup, draft, _said(refusal)), 422
    return back(program, slug, message_id)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
@access.member(Role.ORGANIZER)
def edit_message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    message = message_of(meetup, message_id)
    if message.begins_at is not None:
        flash(explain(DomainError("message_is_sent")), "warning")
        return back(program, slug, message_id)
    if request.method == "GET":
        kept = Draft(message.kind, message.text, message.sender, stored_filters.restored(message.chosen))
        return _form(program, meetup, kept)
    draft = _typed()
    try:
        drafts.revise(meetup.id, message_id, draft, access.current_actor())
    except Unusable as refusal:
        return _form(program, meetup, draft, _said(refusal)), 422
    except DomainError as refusal:
        flash(explain(refusal), "warning")
    return back(program, slug, message_id)


@bp.get(ONE)
@access.member(Role.ORGANIZER)
def message(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    return framing_policy(make_response(page(program, meetup, message_of(meetup, message_id))))


@bp.get(f"{ONE}/preview/<lang>")
@access.member(Role.ORGANIZER)
def message_preview(program: Program, slug: str, message_id: int, lang: str) -> Response:
    """The mail in a frame, to an invented person."""
    meetup = access.meetup_of(program, slug)
    found = message_of(meetup, message_id)
    if lang not in LOCALES:
        abort(404)
    shown = to_many.look(found, meetup, to_many.invented(meetup, lang), lang)
    return mail_policy(make_response(shown.html))


def message_of(meetup: Meetup, message_id: int) -> Message:
    return drafts.find(meetup.id, message_id) or abort(404)


def back(program: Program, slug: str, message_id: int) -> ResponseReturnValue:
    where = url_for("meetups.message", program=program.slug, slug=slug, message_id=message_id)
    return redirect(where, 303)


def page(program: Program, meetup: Meetup, found: Message, errors: Iterable[str] = ()) -> str:
    """Before it is sent: to whom it goes and how it looks; afterwards what became of it."""
    looks.at_attendees(program.id, meetup.id, access.current_actor())
    progress = fates.of_message(found)
    state, start = _state(), query_number("start", 0)
    before = progress.stage in {Stage.DRAFT, Stage.WAITING}
    audience = chosen.audience(db.session(), meetup, chosen.choice_of(found)) if before else None
    rows = () if before else fates.listed(found.id, state, start=start, size=PAGE)
    return render_template(
        "meetups/message.html",
        program=program,
        meetup=meetup,
        message=found,
        progress=progress,
        stage=progress.stage.value,
        errors=list(errors),
        audience=audience,
        reached=_named(meetup, audience.first if audience else ()),
        looks=_looks(found, meetup, audience.shown if audience else []),
        languages=_languages(found),
        to_whom=_described(meetup, stored_filters.restored(found.chosen)),
        at_night=found.kind is Kind.NEWS and by_day(now()) > now(),
        korean_now=now().astimezone(KOREA),
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        start=start,
        step=PAGE,
        state=state,
        names=attendee.names_of([found.actor]),
        words=message_words,
        mail_words=mail_words,
    )


def _named(meetup: Meetup, readers: Iterable[chosen.Reader]) -> list[namesakes.Named]:
    return namesakes.named(meetup.id, [each.registration_id for each in readers])


def _languages(found: Message) -> list[tuple[str, str]]:
    """In which it is written: those get it so; the others in the one that there is."""
    written = [("ko", "한국어", found.words_ko), ("en", "English", found.words_en)]
    return [(locale, name) for locale, name, words in written if words]


def _looks(
    found: Message, meetup: Meetup, readers: Iterable[chosen.Reader]
) -> list[tuple[chosen.Reader, to_many.Look]]:
    seen = to_many.seen_by(each.registration_id for each in readers)
    return [(each, to_many.look(found, meetup, seen[each.registration_id], each.locale)) for each in readers]


def _state() -> MailState | None:
    asked = request.args.get("state", "")
    return MailState(asked) if asked in list(MailState) else None


def _form(program: Program, meetup: Meetup, draft: Draft, problems: Mapping[str, str] | None = None) -> str:
    return render_template(
        "meetups/message_form.html",
        program=program,
        meetup=meetup,
        draft=draft,
        problems=problems or {},
        kinds=message_words.KINDS,
        fields=list(MESSAGE_FIELDS if current_locale() == "en" else MESSAGE_FIELDS.values()),
        counts=attendees.counts_by_status(meetup.id),
        statuses=message_words.STATUSES,
        cohorts=(cohorts := attendees.cohorts_of(meetup.id)),
        consents=(consents := _consent_names(meetup)),
        tags=(known := tags.of_meetup(meetup.id)),
        besides=_besides(meetup, draft.wanted, [each.ordinal for each in cohorts], consents, known),
        has_fee=terms.of_meetup(meetup.id) is not None,
        contact=meetup.contact_address or program.contact_address,
    )


def _besides(
    meetup: Meetup, wanted: Filter, cohorts: Iterable[int], consents: Iterable[str], tags: Iterable[str]
) -> list[Chip]:
    """What the choice came with, but the form has no field for, to be unticked: lost on the way, it would reach more
    people, and unseen, fewer than the form says."""
    fields = {"status", "arrived"}
    fields |= {"reply"} if meetup.asks_who_comes else set()
    fields |= {"paid"} if terms.of_meetup(meetup.id) else set()
    ticks = {("cohort", str(each)) for each in cohorts} | {("consent", each) for each in consents}
    ticks |= {("tag", each) for each in tags}
    chips = words_of(meetup).chips(people_filters.arguments(wanted))
    return [chip for chip in chips if chip.name not in fields and (chip.name, chip.value) not in ticks]


def _consent_names(meetup: Meetup) -> dict[str, str]:
    return {each.key: each.label.read(current_locale()) for each in notices.current(meetup).consents}


def _described(meetup: Meetup, wanted: Filter) -> list[str]:
    """The filter in words."""
    states = wanted.statuses if wanted.only else wanted.states
    chips = words_of(meetup).chips(people_filters.arguments(replace(wanted, statuses=frozenset())))
    cohorts = [chip.words for chip in chips if chip.name == "cohort"]
    parts = [", ".join(str(message_words.STATUSES[each]) for each in Status if each in states)]
    parts += [", ".join(cohorts), *(chip.words for chip in chips if chip.name != "cohort")]
    return [part for part in parts if part]


def _said(refusal: Unusable) -> dict[str, str]:
    return {where: explain(problem) for where, problem in refusal.problems.items()}


def _typed() -> Draft:
    def words(name: str, tidy: Callable[[str], str]) -> Words:
        return Words(*(tidy(request.form.get(f"{name}_{locale}", "")) or "" for locale in ("ko", "en")))

    kind = Kind.NEWS if request.form.get("kind") == Kind.NEWS else Kind.ABOUT
    text = MailText(words("subject", one_line), words("words", several_lines))
    return Draft(kind, text, one_line(request.form.get("sender", "")), people_filters.read(request.form))
