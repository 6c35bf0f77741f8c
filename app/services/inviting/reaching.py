"""Where invited people are reached: an address may have been taken from them since the invitation was written to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db import transaction
from app.models import MeetupInvitation, OutboxMail, PersonAddress


def newest(session: Session, people: Collection[int]) -> dict[int, str]:
    """The working address that each of them gave or was given last, by person, in the order of these. Left out: who has
    none."""
    latest = (
        select(func.max(PersonAddress.id))
        .where(PersonAddress.person_id.in_(people), PersonAddress.dead_since.is_(None))
        .group_by(PersonAddress.person_id)
    )
    rows = session.execute(
        select(PersonAddress.person_id, PersonAddress.address)
        .where(PersonAddress.id.in_(latest))
        .order_by(PersonAddress.person_id)
    )
    return {row.person_id: row.address for row in rows}


def newest_of(session: Session, person_id: int) -> str:
    """That of one person; "" for none."""
    return newest(session, [person_id]).get(person_id, "")


def address_of(session: Session, invitation: MeetupInvitation) -> str | None:
    """Where this one reaches the invited person."""
    return _where(session, [invitation]).get(invitation.id)


def put_right(mails: Sequence[OutboxMail]) -> dict[int, str]:
    """Point mails to addresses that are no longer the invited person's to where they are reached now, with their
    invitations; by id of the mail, where it goes. Left out: those of people without an address."""
    with transaction() as session:
        of_mail = {mail.id: mail.params["invitation"] for mail in mails}
        query = select(MeetupInvitation).where(MeetupInvitation.id.in_(of_mail.values()))
        invitations = session.scalars(query.order_by(MeetupInvitation.id)).all()
        found = _where(session, invitations)
        for row in invitations:
            if (address := found.get(row.id)) and address != row.address:
                row.address = address
                ids = [mail_id for mail_id, invitation in of_mail.items() if invitation == row.id]
                session.execute(update(OutboxMail).where(OutboxMail.id.in_(ids)).values(address=address))
        return {mail_id: found[row_id] for mail_id, row_id in of_mail.items() if row_id in found}


def _where(session: Session, invitations: Sequence[MeetupInvitation]) -> Mapping[int, str]:
    """By invitation: its address while that is the person's, else the newest that works."""
    people = {row.person_id for row in invitations}
    rows = session.execute(
        select(PersonAddress.person_id, PersonAddress.address).where(PersonAddress.person_id.in_(people))
    )
    theirs = {(row.person_id, row.address) for row in rows}
    others = newest(session, people)
    found = {
        row.id: row.address if (row.person_id, row.address) in theirs else others.get(row.person_id)
        for row in invitations
    }
    return {row_id: address for row_id, address in found.items() if address}
