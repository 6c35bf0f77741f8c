"""The mail that answers an address: a code, or that the list does not have it. Everybody gets one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app import links
from app.domain import tokens
from app.keys import keys
from app.models import OutboxMail, ProofAnswer
from app.services.mails.letters import Kind, Letter
from app.services.mails.meetup_values import audience_text, contact_of, meetup_values
from app.services.personal import personal_links
from app.services.registering import proof_answers
from app.services.registering.proof_answers import Answered

TEMPLATES = {
    ProofAnswer.CODE: "proof_code",
    ProofAnswer.NOT_ON_ROSTER: "proof_not_on_roster",
    ProofAnswer.NOT_ELIGIBLE: "proof_not_eligible",
    ProofAnswer.NOT_INVITED: "proof_not_invited",
}


def load(mails: Sequence[OutboxMail]) -> Mapping[int, Answered]:
    answers = proof_answers.answer([mail.params["proof"] for mail in mails])
    return {mail.id: answers[uid] for mail in mails if (uid := mail.params["proof"]) in answers}


def write(mail: OutboxMail, answered: Answered | None) -> Letter | None:
    """None where a later request has taken this one's place."""
    if answered is None or answered.proof.answer is None:
        return None
    values = meetup_values(answered.meetup, mail.locale)
    if answered.proof.answer is ProofAnswer.CODE:
        values |= _way_in(answered)
    if answered.proof.answer is ProofAnswer.NOT_ON_ROSTER:
        values["claim_link"] = _list_check(answered)
    if answered.proof.answer is ProofAnswer.NOT_ELIGIBLE:
        values["audience"] = audience_text(answered.meetup, mail.locale)
    return Letter(
        TEMPLATES[answered.proof.answer], values | {"address": mail.address}, contact_of(answered.meetup)
    )


def _way_in(answered: Answered) -> dict[str, object]:
    uid = answered.proof.uid
    code = tokens.verification_code(keys().link, uid)
    return {
        "code": f"{code[:4]} {code[4:]}",
        "link": links.external(
            "rsvp.open_proof",
            slug=answered.meetup.slug,
            uid=uid,
            secret=tokens.proof_secret(keys().link, uid),
        ),
        "minutes": int(proof_answers.CODE_LIVES.total_seconds()) // 60,
        "registration_link": (
            personal_links.url_of(answered.registration) if answered.registration else None
        ),
    }


def _list_check(answered: Answered) -> str:
    uid = answered.proof.uid
    secret = tokens.claim_secret(keys().link, uid)
    return links.external("rsvp.list_check", slug=answered.meetup.slug, uid=uid, secret=secret)


KINDS = {"proof": Kind(write, load)}
