"""Languages and how each writes dates, numbers and people."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from flask import Flask, current_app, has_request_context, request
from flask_babel import get_locale, get_translations
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.clock import now
from app.domain.writing.korean import josa
from app.extensions import babel

LOCALES = ("ko", "en")
LANGUAGE_COOKIE = "lang"


def init_i18n(app: Flask) -> None:
    app.config["BABEL_DEFAULT_LOCALE"] = app.config["SETTINGS"].DEFAULT_LOCALE
    app.config["BABEL_DEFAULT_TIMEZONE"] = "UTC"
    babel.init_app(app, locale_selector=lambda: _parsed(select_locale()))
    _quicken_templates(app)
    app.jinja_env.globals["current_locale"] = current_locale
    app.jinja_env.filters.update(
        day=day,
        month=month,
        clock=clock,
        span=span,
        stamp=stamp,
        number=number,
        josa=josa,
        desk_time=desk_time,
    )


def _quicken_templates(app: Flask) -> None:
    """Look a page's sentences up in its catalogue once; only those with values in them are put together anew."""
    catalogues: dict[str, Any] = {}

    def catalogue() -> Any:
        locale = current_locale()
        found = catalogues.get(locale)
        if found is None:
            found = catalogues[locale] = get_translations()
        return found

    @lru_cache(maxsize=4096)
    def sentence(_locale: str, text: str) -> tuple[str, Markup]:
        said = catalogue().ugettext(text)
        return said, Markup(said)  # noqa: S704 - from our catalogues

    @pass_context
    def gettext(context: Context, text: str, /, **values: Any) -> str:
        said = sentence(current_locale(), text)[context.eval_ctx.autoescape]
        return said % values if "%" in said else said

    environment: Any = app.jinja_env
    environment.install_gettext_callables(
        gettext=None,  # ours instead, below
        ngettext=lambda one, many, n: catalogue().ungettext(one, many, n),
        newstyle=True,
    )
    environment.globals["_"] = environment.globals["gettext"] = gettext


def select_locale() -> str:
    """The visitor's choice, else the best of what the browser asks for, else the installation's."""
    default: str = current_app.config["BABEL_DEFAULT_LOCALE"]
    if not has_request_context():
        return default
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LOCALES:
        return chosen
    return _best(request.headers.get("Accept-Language", ""), default)


@cache
def _parsed(locale: str) -> Locale:
    """Once for all requests: reading a locale's name costs more than looking it up."""
    return Locale.parse(locale)


@lru_cache(maxsize=512)
def _best(accepted: str, default: str) -> str:
    languages: LanguageAccept = parse_accept_header(accepted, LanguageAccept)
    return languages.best_match(LOCALES, default) or default


def current_locale() -> str:
    """ko or en, also outside a request (the worker sets it with `force_locale`)."""
    locale = get_locale()
    return locale.language if locale else "ko"


def number(value: int) -> str:
    return f"{value:,}"


def is_this_year(local: dt.date) -> bool:
    """Whether a day needs no year; of a time, in its own zone."""
    return local.year == now().astimezone(getattr(local, "tzinfo", None) or dt.UTC).year


def day(local: dt.datetime, *, year: bool | None = None) -> str:
    """7월 14일(금) · Fri 14 July; `local` is already in the zone to show. `year` None: where it isn't this one."""
    year = not is_this_year(local) if year is None else year
    if current_locale() == "ko":
        text = f"{local.month}월 {local.day}일({'월화수목금토일'[local.weekday()]})"
        return f"{local.year}년 {text}" if year else text
    text = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}"
    return f"{text} {local.year}" if year else text


def short_day(local: dt.date) -> str:
    """7월 14일 · 14 Jul; where many stand side by side. With its year where that isn't this one."""
    year = not is_this_year(local)
    if current_locale() == "ko":
        return f"{f'{local.year}년 ' if year else ''}{local.month}월 {local.day}일"
    return f"{local.day} {_MONTHS[local.month - 1][:3]}{f' {local.year}' if year else ''}"


def month(first: dt.date) -> str:
    """2026년 11월 · November 2026"""
    if current_locale() == "ko":
        return f"{first.year}년 {first.month}월"
    return f"{_MONTHS[first.month - 1]} {first.year}"


def clock(local: dt.datetime) -> str:
    """오후 6:30 · 6:30 pm"""
    hour = local.hour % 12 or 12
    if current_locale() == "ko":
        return f"{'오전' if local.hour < 12 else '오후'} {hour}:{local.minute:02d}"
    return f"{hour}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def span(start: dt.datetime, end: dt.datetime, *, year: bool | None = None) -> str:
    """7월 14일(금) 오후 6:30 – 9:00; over midnight the end carries its day; `year`, as in `day`, is said once."""
    if start.date() != end.date():
        last = day(end, year=end.year != start.year)
        return f"{day(start, year=year)} {clock(start)} – {last} {clock(end)}"
    same_half = (start.hour < 12) == (end.hour < 12)
    hour = end.hour % 12 or 12
    if current_locale() == "ko":
        return f"{day(start, year=year)} {clock(start)} – {f'{hour}:{end.minute:02d}' if same_half else clock(end)}"
    first = f"{start.hour % 12 or 12}:{start.minute:02d}" if same_half else clock(start)
    return f"{day(start, year=year)}, {first} – {clock(end)}"


def stamp(local: dt.datetime) -> str:
    """Day and time in one: 7월 14일(금) 오후 6:30."""
    return f"{day(local)} {clock(local)}"


def desk_time(instant: dt.datetime) -> str:
    """Day, year and time in the installation's zone, for lists at the desk."""
    local = instant.astimezone(ZoneInfo(current_app.config["SETTINGS"].DEFAULT_ZONE))
    return f"{day(local, year=True)} {clock(local)}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
