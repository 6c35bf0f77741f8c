"""The mail with the code for a weighty act. Its time begins when the worker writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.clock import now
from app.db import transaction
from app.domain import tokens
from app.domain.fresh_proofs import CODE_LIVES
from app.keys import keys
from app.models import FreshProof, Meetup, OutboxMail
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import contact_of, meetup_values


@dataclass(frozen=True)
class Code:
    proof: FreshProof
    meetup: Meetup


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Code]:
    """The proofs that are still open; their ten minutes begin now."""
    uids, ids = {mail.params["proof"] for mail in mails}, {mail.meetup_id for mail in mails}
    meetups = select(Meetup).where(Meetup.id.in_(ids)).options(joinedload(Meetup.program, innerjoin=True))
    is_open = FreshProof.uid.in_(uids), FreshProof.replaced_at.is_(None), FreshProof.proved_at.is_(None)
    with transaction() as session:
        of_meetup = {meetup.id: meetup for meetup in session.scalars(meetups)}
        proofs = {proof.uid: proof for proof in session.scalars(select(FreshProof).where(*is_open))}
        for each in proofs.values():
            each.sent_at, each.expires_at = now(), now() + CODE_LIVES
    return {
        mail.id: Code(proof, of_meetup[mail.meetup_id or 0])
        for mail in mails
        if (proof := proofs.get(mail.params["proof"]))
    }


def write(mail: OutboxMail, code: Code | None) -> Letter | None:
    """None where a later request has taken this one's place."""
    if code is None:
        return None
    digits = tokens.verification_code(keys().link, code.proof.uid)
    values = meetup_values(code.meetup, mail.locale) | {
        "purpose": code.proof.purpose.value,
        "code": f"{digits[:4]} {digits[4:]}",
        "minutes": int(CODE_LIVES.total_seconds()) // 60,
    }
    return Letter(mail.kind, values, contact_of(code.meetup))


KINDS = dict.fromkeys(("fresh_code", "new_address_code"), Kind(write, load))
