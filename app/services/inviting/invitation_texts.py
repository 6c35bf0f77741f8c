"""An invitation as a text to send by KakaoTalk or SMS, for those who may come and to whom no mail goes.

As in the files of those who are registered, nobody's own link leaves in a file: in its place stands the meetup's public page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from flask import current_app
from sqlalchemy.orm import Session

from app import ready_texts
from app.db import db, end_reading, transaction
from app.domain.inviting import Fate, Stand
from app.domain.writing.messages import Size, bytes_of, size_of
from app.models import Meetup
from app.services import audit
from app.services.inviting import meetup_invitations, unregistered
from app.services.inviting.unregistered import Unregistered, Wanted
from app.services.messaging import phone_books
from app.services.messaging.phone_books import Line, Outlook

COUNTED = 5_000
NOT_ASKED = frozenset({Fate.REGISTERED, Fate.DECLINED, Fate.OPTED_OUT})
"""Who has answered, or wants no such messages, whichever way they come."""
NAME = "\ufdd0"  # no sign of any script: where the name goes into a text


def ready(meetup: Meetup, rows: Sequence[tuple[Stand, Any]]) -> dict[int, str]:
    """By invitation, of a page of them: a text with its own links, for whoever may be asked. One query."""
    locale_of = _Locales(db.session(), [stand.person_id for stand, _row in rows])
    return {
        stand.invitation_id: _with_own_links(meetup, stand, row, locale_of(stand.person_id))
        for stand, row in rows
        if stand.fate not in NOT_ASKED and stand.may_come
    }


def outlook(meetup: Meetup, wanted: Wanted) -> tuple[Outlook, bool]:
    """Of the first `COUNTED` of them, and whether there are more: a look does not take as long as the workbook."""
    people, more = unregistered.some(meetup, wanted, COUNTED)
    return phone_books.outlook(_lines(meetup, [people])), more


def as_xlsx(
    meetup: Meetup,
    wanted: Wanted,
    headings: tuple[str, ...],
    sizes: Mapping[Size, str],
    *,
    actor: str,
    reason: str,
) -> IO[bytes]:
    """A workbook of those who have a phone. It leaves only if the download was noted."""
    lines = _lines(meetup, unregistered.chunks(meetup, wanted))
    file, rows = phone_books.write(lines, headings, sizes)
    end_reading()
    with transaction() as session:
        act, subject = "unregistered.phones_taken", f"meetup:{meetup.id}"
        audit.record(session, act, subject, actor, program_id=meetup.program_id, reason=reason, rows=rows)
    file.seek(0)
    return file


def _lines(meetup: Meetup, chunks: Iterable[Sequence[Unregistered]]) -> Iterator[Line]:
    """Without those who said that they can't come, or want no such messages."""
    texts: dict[tuple[str, bool], _Text] = {}
    for people in chunks:
        locale_of = _Locales(db.session(), [each.person_id for each in people])
        for each in people:
            if _may_be_asked(each):
                reached = bool(each.addresses) and not _was_refused(each.invitation)
                way = locale_of(each.person_id), reached
                if way not in texts:
                    texts[way] = _Text(ready_texts.inviting(meetup, NAME, way[0], reached=reached))
                yield texts[way].to(each.name, each.phones[0] if each.phones else "")


def _may_be_asked(person: Unregistered) -> bool:
    return not person.opted_out and (person.invitation is None or person.invitation.fate not in NOT_ASKED)


def _with_own_links(meetup: Meetup, stand: Stand, row: Any, locale: str) -> str:
    reached = stand.reachable and not _was_refused(stand)
    link = meetup_invitations.link_of(row.uid) if reached else ""
    decline = meetup_invitations.link_of(row.uid, "rsvp.declining")
    return ready_texts.inviting(meetup, row.name, locale, link=link, decline=decline, reached=reached)


def _was_refused(stand: Stand | None) -> bool:
    return stand is not None and stand.fate is Fate.UNREACHED


class _Text:
    """Written once in a language and for a way, and then filled with one name after the other."""

    def __init__(self, written: str) -> None:
        self._parts = written.split(NAME)
        self._number = sum(bytes_of(part) for part in self._parts)

    def to(self, name: str, phone: str) -> Line:
        number = self._number + bytes_of(name) * (len(self._parts) - 1)
        return Line(name, phone, name.join(self._parts), number, size_of(number))


class _Locales:
    """In which language each of these people registered last; else the usual one of this site."""

    def __init__(self, session: Session, people: Sequence[int]) -> None:
        self._known = meetup_invitations.locales_of(session, people)
        self._usual: str = current_app.config["SETTINGS"].DEFAULT_LOCALE

    def __call__(self, person_id: int) -> str:
        return self._known.get(person_id, self._usual)
