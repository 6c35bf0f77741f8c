"""A certificate of attendance in words: what stands on it for one person, in one language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from flask_babel import force_locale
from flask_babel import gettext as _

from app import i18n, links
from app.domain.errors import DomainError
from app.domain.printing import certificates
from app.domain.printing.certificates import Certificate
from app.domain.printing.marks import Mark
from app.domain.writing.words import Words
from app.models import Cohort, Meetup
from app.printing import faces
from app.printing.pdf import Pdf


@dataclass(frozen=True)
class Said:
    """What organizers say, in one language; empty words are the usual ones."""

    signer: str = ""
    position: str = ""
    words: str = ""
    seal: bytes = b""


@dataclass(frozen=True)
class Holder:
    name: str
    cohort: Cohort | None
    number: str
    until: dt.date | None = None  # the last day on which it can be checked


class Design(Protocol):
    """What organizers say, in both languages (app/services/organizing/certificates.py)."""

    @property
    def signer(self) -> Words: ...
    @property
    def position(self) -> Words: ...
    @property
    def words(self) -> Words: ...


def said(design: Design, locale: str, seal: bytes) -> Said:
    """Who signs is read in the other language where this one says nothing; the usual words are there in both."""
    words = design.words.ko if locale == "ko" else design.words.en
    return Said(design.signer.read(locale), design.position.read(locale), words, seal)


def pdf(meetup: Meetup, holders: list[Holder], said: Said, locale: str, at: dt.datetime) -> bytes:
    """A page for each."""
    with force_locale(locale):
        made = Pdf(title=f"{meetup.title(locale)} {_('Certificate of attendance')}", locale=locale)
    for holder in holders:
        made.page(certificates.PAPER)
        made.draw(drawn(meetup, holder, said, locale, at))
    return made.finished()


def drawn(meetup: Meetup, holder: Holder, said: Said, locale: str, at: dt.datetime) -> list[Mark]:
    """`at`: when it is made, which is the day that stands on it."""
    with force_locale(locale):
        return certificates.marks(_certificate(meetup, holder, said, locale, at), faces.measure)


def refusal(name: str) -> DomainError | None:
    """Why nobody takes one of this name: a part of it would be missing, and nobody is handed a paper to finish."""
    missing = faces.lacking(name)
    return DomainError("name_not_printable", signs=missing) if missing else None


def usual_words() -> str:
    return str(_("This is to certify that the person named above attended this meetup."))


def _certificate(meetup: Meetup, holder: Holder, said: Said, locale: str, at: dt.datetime) -> Certificate:
    program = faces.printable(meetup.program.name(locale))
    attended = (
        ("과정", "밋업") if locale == "ko" else ("Programme", "Meetup")
    )  # one word each: there is no room for two
    facts = (
        # A name that isn't whole is none: a line is left, to write it by hand.
        (_("Name"), "" if faces.lacking(holder.name) else faces.printable(holder.name)),
        (attended[0], " · ".join(each for each in (program, _cohort(holder.cohort, locale)) if each)),
        (attended[1], faces.printable(meetup.title(locale))),
        (_("When"), i18n.span(meetup.local(meetup.starts_at), meetup.local(meetup.ends_at), year=True)),
        *([(_("Place"), faces.printable(meetup.place(locale)))] if meetup.place(locale) else []),
    )
    words = said.words.strip() or usual_words()
    return Certificate(
        heading=_("Certificate of attendance"),
        number=_("No. %(number)s", number=holder.number),
        facts=tuple((str(label), text) for label, text in facts),
        words="\n".join(faces.printable(line) for line in words.splitlines()),
        day=_written(meetup.local(at), locale),
        program=program,
        signer=faces.printable(said.signer),
        position=faces.printable(said.position),
        check=_("Whether this certificate stands can be checked here:"),
        address=links.external("certificates.check", number=holder.number),
        until=_("Can be verified until %(day)s", day=_written(holder.until, locale)) if holder.until else "",
        seal=said.seal,
    )


def _cohort(cohort: Cohort | None, locale: str) -> str:
    if cohort is None:
        return ""
    named = cohort.name_ko if locale == "ko" else cohort.name_en
    return faces.printable(named) or str(_("Cohort %(n)d", n=cohort.ordinal))


def _written(local: dt.date, locale: str) -> str:
    """As on a document, without the day of the week."""
    if locale == "ko":
        return f"{local.year}년 {local.month}월 {local.day}일"
    return f"{local.day} {local:%B} {local.year}"
