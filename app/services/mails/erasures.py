"""The last mail to somebody who was erased. It names nobody and leads nowhere; its address is forgotten after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.db import db
from app.models import OutboxMail, Program
from app.services.mails.letters import Kind, Letter


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Program]:
    """The programmes, in one query for a batch."""
    ids = {mail.program_id for mail in mails}
    programs = {row.id: row for row in db.session.scalars(select(Program).where(Program.id.in_(ids)))}
    return {mail.id: programs[mail.program_id] for mail in mails if mail.program_id in programs}


def write(mail: OutboxMail, program: Program | None) -> Letter | None:
    if program is None:
        return None
    contact = program.contact_address
    values = {"program": program.name(mail.locale), "contact": contact}
    return Letter(mail.kind, values, contact)


KINDS = {"erased": Kind(write, load)}
