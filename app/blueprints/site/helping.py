"""Help: short pages about the desk, for anybody who finds them."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app import access, help_topics
from app.blueprints.site.routes import bp
from app.i18n import current_locale


@bp.get("/help")
@access.public
def help_index() -> ResponseReturnValue:
    return render_template("site/help_index.html", topics=_titles())


@bp.get("/help/<topic>")
@access.public
def help_page(topic: str) -> ResponseReturnValue:
    if topic not in help_topics.TOPICS:
        abort(404)
    locale = current_locale()
    return render_template(
        "site/help.html",
        title=help_topics.title(topic, locale),
        text=help_topics.page(topic, locale),
        others=[(key, text) for key, text in _titles() if key != topic],
    )


@bp.app_template_global("help_topic")
def help_topic() -> str:
    """What helps on this screen."""
    return help_topics.topic_of(request.endpoint or "")


def _titles() -> list[tuple[str, str]]:
    return [(key, help_topics.title(key, current_locale())) for key in help_topics.TOPICS]
