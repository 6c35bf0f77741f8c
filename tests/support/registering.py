"""Registering in tests as people do: a proof that the worker answered, then the button."""

from __future__ import annotations

import datetime as dt

from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain import tokens
from app.domain.registering.answers import Answer
from app.domain.registering.said import Said
from app.domain.writing.addresses import address_key
from app.keys import keys
from app.models import AddressProof, MailState, Meetup, OutboxMail, Person, ProofAnswer, Registration
from app.services.organizing import notices
from app.services.registering import proof_answers, proofs, registrations
from tests.support.client import submit


def proof_for(meetup: Meetup, person: Person, *, proved: bool = True) -> str:
    """The uid of an answered proof of the person's first address."""
    uid, address = tokens.uid(), person.addresses[0].address
    with transaction() as session:
        session.add(
            AddressProof(
                uid=uid,
                meetup_id=meetup.id,
                address=address,
                address_key=address_key(address),
                locale="ko",
                answer=ProofAnswer.CODE,
                person_id=person.id,
                sent_at=now(),
                expires_at=now() + dt.timedelta(minutes=10),
                proved_at=now() if proved else None,
            )
        )
    return uid


def register(meetup: Meetup, person: Person, *ticked: str, **answers: Answer) -> Registration:
    """Register as who reads the meetup's texts, ticks these boxes and gives these answers."""
    said = said_to(meetup, *ticked, **answers)
    return registrations.register(meetup.id, proof_for(meetup, person), said=said)


def said_to(meetup: Meetup, *ticked: str, **answers: Answer) -> Said:
    """What somebody says who is shown the meetup's texts as they are."""
    shown = select(Meetup.notice_version, Meetup.questions_version).where(Meetup.id == meetup.id)
    number, questions = db.session.execute(shown).one()
    notice = notices.version(meetup.id, number)
    boxes = {key: key in ticked for key in notice.boxes}
    return Said(notice=number, boxes=boxes, questions=questions, answers=answers)


def asked(meetup: Meetup, address: str, client: str = "192.0.2.1") -> str:
    """Ask for a code and let the worker look the address up; the proof's uid."""
    uid = proofs.ask(meetup.id, address, locale="en", client=client)
    assert uid, "the address has had its share of mails"
    proof_answers.answer([uid])
    return uid


def code_of(uid: str) -> str:
    return tokens.verification_code(keys().link, uid)


def last_proof(address: str) -> AddressProof | None:
    query = select(AddressProof).where(AddressProof.address_key == address_key(address))
    return db.session.scalars(query.order_by(AddressProof.id.desc()).limit(1)).one_or_none()


def newest_proof(address: str) -> AddressProof:
    found = last_proof(address)
    assert found, "nobody asked for this address"
    return found


def all_go_out() -> None:
    """Every mail that is owed is taken by the mail server, now."""
    with transaction() as session:
        waiting = update(OutboxMail).where(OutboxMail.state == MailState.QUEUED)
        session.execute(waiting.values(state=MailState.SENT, sent_at=now()))
    end_reading()


def owed(kind: str | None = None) -> list[OutboxMail]:
    """Mails in the outbox, oldest first."""
    end_reading()
    query = select(OutboxMail).order_by(OutboxMail.id)
    return list(db.session.scalars(query.where(OutboxMail.kind == kind) if kind else query))


def ask_in(client: FlaskClient, meetup: Meetup, address: str) -> TestResponse:
    """Type the address on the public page."""
    page = f"/m/{meetup.slug}"
    return submit(client, page, {"address": address}, action=f"{page}/proofs")


def prove_in(client: FlaskClient, meetup: Meetup, address: str) -> TestResponse:
    """Type the address, then the code that its mail would carry."""
    ask_in(client, meetup, address)
    uid = newest_proof(address).uid
    proof_answers.answer([uid])
    return submit(client, f"/m/{meetup.slug}/code", {"code": code_of(uid)}, action=f"/m/{meetup.slug}/code")
