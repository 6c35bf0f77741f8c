"""From owed mails to finished messages: each kind is written by its own module."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import force_locale

from app.models import OutboxMail
from app.services.mails import (
    accounts,
    address_changes,
    claims,
    draws,
    erasures,
    fresh_proofs,
    mail_setup_tests,
    meetup_invitations,
    moves,
    opt_outs,
    proofs,
    registrations,
    to_many,
)
from app.services.mails.letters import Kind, Letter, NotYet
from app.services.mails.messages import compose

log = logging.getLogger(__name__)


def _account_letter(mail: OutboxMail, _loaded: Any) -> Letter | None:
    values = accounts.context(mail)
    return None if values is None else Letter(values.get("template", mail.kind), values)


KINDS: dict[str, Kind] = {
    **{kind: Kind(_account_letter) for kind in accounts.ACCOUNT_KINDS},
    **proofs.KINDS,
    **fresh_proofs.KINDS,
    **erasures.KINDS,
    **address_changes.KINDS,
    **claims.KINDS,
    **meetup_invitations.KINDS,
    **registrations.KINDS,
    **moves.KINDS,
    **draws.KINDS,
    **to_many.KINDS,
    **mail_setup_tests.KINDS,
}


@dataclass
class Written:
    """A batch's outcome: messages by mail id, mails no longer owed, mails whose readers have opted out of such, mails for
    later, and mails that could not be written."""

    messages: dict[int, bytes] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)
    later: list[int] = field(default_factory=list)
    broken: dict[int, str] = field(default_factory=dict)


def write(mails: Sequence[OutboxMail]) -> Written:
    """Write the batch; a mail that cannot be written hinders no other."""
    unwanted = opt_outs.unwanted(mails)
    written = Written(unwanted=sorted(unwanted))
    for kind, group in _by_kind(mail for mail in mails if mail.id not in unwanted).items():
        known = KINDS.get(kind)
        if known is None:
            written.broken |= {mail.id: f"no such kind of mail: {kind}" for mail in group}
            continue
        loaded = known.load(group)
        for mail in group:
            _write_one(known, mail, loaded, written)
    return written


def _write_one(kind: Kind, mail: OutboxMail, loaded: Mapping[int, Any], written: Written) -> None:
    try:
        with force_locale(mail.locale):
            letter = kind.write(mail, loaded.get(mail.id))
            if letter is None:
                written.dropped.append(mail.id)
            else:
                written.messages[mail.id] = compose(mail, letter, opt_outs.link_of(mail))
    except NotYet:
        written.later.append(mail.id)
    except Exception as error:
        log.error("a mail could not be written", exc_info=error, extra={"mail": mail.id, "kind": mail.kind})
        written.broken[mail.id] = type(error).__name__


def _by_kind(mails: Iterable[OutboxMail]) -> dict[str, list[OutboxMail]]:
    groups: dict[str, list[OutboxMail]] = {}
    for mail in mails:
        groups.setdefault(mail.kind, []).append(mail)
    return groups
