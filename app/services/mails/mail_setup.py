"""Whether mails get out: the sender, whether the mail server answers, and tests to chosen addresses with their fates."""

from __future__ import annotations

import datetime as dt
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr

from sqlalchemy import func, select

from app.clock import now
from app.db import db, transaction
from app.domain.errors import DomainError
from app.domain.writing.addresses import clean_address, is_address
from app.mailer import parse
from app.models import OutboxMail, Program
from app.services import audit
from app.services.mails import mail_server, outbox
from app.services.mails.mail_setup_tests import TEST

SECONDS = 3
MOST_AT_ONCE, MOST_AN_HOUR, SHOWN = 5, 20, 10


@dataclass(frozen=True)
class Setup:
    sender: str
    domain: str
    is_set: bool  # whether mails have anywhere to go


def of_installation() -> Setup:
    way = mail_server.current()
    address = parseaddr(way.sender)[1]
    return Setup(way.sender, address.rpartition("@")[2], bool(way.url))


def server_answers() -> str:
    """Empty where it does; else what was said. No mail is handed over, no password sent."""
    server = parse(mail_server.current().url)
    try:
        if server.scheme == "smtps":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with line:
            line.ehlo_or_helo_if_needed()
    except (OSError, smtplib.SMTPException) as error:
        return str(error) or type(error).__name__
    return ""


def send_tests(program_id: int, typed: str, locale: str, actor: str) -> int:
    """Owe a test to each of these addresses; how many."""
    addresses = list(dict.fromkeys(clean_address(each) for each in typed.replace(",", " ").split()))
    if not addresses or len(addresses) > MOST_AT_ONCE or not all(map(is_address, addresses)):
        raise DomainError("tests_need_addresses", most=MOST_AT_ONCE)
    with transaction() as session:
        program = session.get_one(Program, program_id, with_for_update=True)
        lately = select(func.count()).select_from(OutboxMail)
        lately = lately.where(OutboxMail.program_id == program_id, OutboxMail.kind == TEST)
        lately = lately.where(OutboxMail.created_at > now() - dt.timedelta(hours=1))
        if (session.scalar(lately) or 0) + len(addresses) > MOST_AN_HOUR:
            raise DomainError("too_many_tests")
        for address in addresses:
            outbox.enqueue(session, TEST, address, locale, program_id=program_id)
        audit.record(
            session, "mail.setup_tested", program, actor, program_id=program_id, number=len(addresses)
        )
    return len(addresses)


def latest(program_id: int) -> Sequence[OutboxMail]:
    query = select(OutboxMail).where(OutboxMail.program_id == program_id, OutboxMail.kind == TEST)
    return db.session.scalars(query.order_by(OutboxMail.id.desc()).limit(SHOWN)).all()
