"""The door as it goes, for organizers and viewers: a page, and the part of it that is asked for again and again."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app import access
from app.blueprints.checkin import answers
from app.blueprints.checkin.desk import DOOR
from app.blueprints.checkin.routes import bp
from app.clock import now
from app.i18n import current_locale
from app.models import Meetup, Program, Role
from app.services.door import door_live


@bp.get(f"{DOOR}/live")
@access.member(Role.VIEWER)
def live(program: Program, slug: str) -> ResponseReturnValue:
    meetup = access.meetup_of(program, slug)
    part, tag = _part(program, meetup)
    return render_template(
        "checkin/live.html",
        program=program,
        meetup=meetup,
        title=meetup.title(current_locale()),
        may_edit=_sees_people(),
        part=Markup(part),  # noqa: S704 - a template's own
        tag=tag,
        at=now(),
    )


@bp.get(f"{DOOR}/live/now")
@access.member(Role.VIEWER)
def live_now(program: Program, slug: str) -> ResponseReturnValue:
    """The numbers as HTML; 304 while nothing has changed."""
    part, tag = _part(program, access.meetup_of(program, slug))
    response = Response(status=304) if request.if_none_match.contains(tag) else Response(part)
    response.set_etag(tag)
    return response


def _part(program: Program, meetup: Meetup) -> tuple[str, str]:
    """The part and its tag, rendered once for all with the same rights and language."""
    people, program_slug, meetup_id = _sees_people(), program.slug, meetup.id
    seen = door_live.of(meetup_id)

    def render() -> str:
        return render_template(
            "checkin/_live.html",
            live=seen,
            people=people,
            at=now(),
            meetup=meetup,
            cohort_label=answers.cohort_label,
            here={"program": program_slug, "slug": meetup.slug},
        )

    return seen.page((people, current_locale()), render)


def _sees_people() -> bool:
    """A viewer sees figures only: no name, no phone's name, no way to a person."""
    role = access.current_role()
    return role is not None and role.includes(Role.ORGANIZER)
