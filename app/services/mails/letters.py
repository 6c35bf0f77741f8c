"""What a mail consists of before it is put into the form that mail servers take."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.models import OutboxMail


@dataclass(frozen=True)
class Attachment:
    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True)
class Letter:
    """A template in templates/emails with its values.

    The text template's first line is the subject. A picture is shown inside the HTML as
    `cid:<its name>`.
    """

    template: str
    values: Mapping[str, Any]
    reply_to: str | None = None
    pictures: Sequence[Attachment] = ()
    attachments: Sequence[Attachment] = ()


def _nothing(_mails: Sequence[OutboxMail]) -> Mapping[int, Any]:
    return {}


class NotYet(Exception):
    """Raised by a kind's `write`: the mail is still owed, and its time has not come."""


@dataclass(frozen=True)
class Kind:
    """How mails of one kind are written.

    `load` fetches what a batch of them needs in few queries; `write` gets what it returned for the
    mail, or for nothing loaded, None. A letter of None: the mail is no longer owed.
    """

    write: Callable[[OutboxMail, Any], Letter | None]
    load: Callable[[Sequence[OutboxMail]], Mapping[int, Any]] = _nothing
