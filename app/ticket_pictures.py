"""A ticket as a picture: what KakaoTalk's browser can keep with a long press."""

from __future__ import annotations

import io

from flask_babel import gettext as _
from flask_babel import ngettext
from PIL import Image, ImageDraw

from app import i18n, qr
from app.lettering import drawable, fitted
from app.models import Cohort, Registration

WIDTH, MARGIN = 800, 64
INK, QUIET, ACCENT, PAPER = (22, 32, 29), (90, 106, 102), (0, 104, 95), (255, 255, 255)
QR_SCALE = 16


def ticket_png(registration: Registration, payload: str, locale: str) -> bytes:
    """The ticket with its QR, dark on white whatever the phone's colours are."""
    meetup, cohort = registration.meetup, registration.cohort
    code = Image.open(io.BytesIO(qr.png(payload, QR_SCALE)))
    who = (
        registration.person.name
        if cohort is None
        else f"{registration.person.name} · {cohort_name(cohort, locale)}"
    )
    if registration.companions:
        who += " " + ngettext("+%(num)d companion", "+%(num)d companions", registration.companions)
    when = i18n.span(meetup.local(meetup.starts_at), meetup.local(meetup.ends_at), year=True)
    above = [
        (meetup.title(locale), "Bold", (44, 38, 32), 2, ACCENT),
        (when, "Medium", (30, 26), 1, INK),
        (meetup.place(locale), "Medium", (30, 26), 1, QUIET),
    ]
    below = [(who, "Bold", (44, 36), 1, INK), (registration.reference, "Medium", (26,), 1, QUIET)]
    picture = Image.new("RGB", (WIDTH, 1200), PAPER)
    pen = ImageDraw.Draw(picture)
    y = _write(pen, above, MARGIN)
    picture.paste(code, ((WIDTH - code.width) // 2, y))
    y = _write(pen, below, y + code.height)
    out = io.BytesIO()
    picture.crop((0, 0, WIDTH, y + MARGIN // 2)).convert("P", palette=Image.Palette.ADAPTIVE, colors=32).save(
        out, "PNG"
    )
    return out.getvalue()


def cohort_name(cohort: Cohort, locale: str) -> str:
    return (cohort.name_ko if locale == "ko" else cohort.name_en) or _("Cohort %(n)s", n=cohort.ordinal)


Line = tuple[str, str, tuple[int, ...], int, tuple[int, int, int]]


def _write(pen: ImageDraw.ImageDraw, lines: list[Line], y: int) -> int:
    """Centred lines of text from `y` downwards; where the next thing may begin."""
    for text, weight, sizes, most, colour in lines:
        if not (shown := drawable(text, weight)):
            continue
        chosen, broken = fitted(shown, weight, sizes, WIDTH - 2 * MARGIN, most)
        for line in broken:
            pen.text((WIDTH // 2, y), line, fill=colour, font=chosen, anchor="ma")
            y += round(chosen.size * 1.4)
    return y + 8
