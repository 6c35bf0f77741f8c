"""Programmes: made by founders, named and addressed by their owners."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.db import transaction
from app.domain.errors import DomainError
from app.domain.writing.addresses import clean_address, is_address
from app.domain.writing.slugs import free_slug, suggested_program_slug
from app.models import Account, AlumniTerm, Membership, Program, Role
from app.services import audit
from app.services.staff import standing

RESERVED = frozenset({"new", "account"})  # addresses at the desk that are no programme's
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_SLUG = 64


@dataclass(frozen=True)
class Fields:
    """What a programme says of itself. `slug` empty: what it is, of a new one what its name suggests."""

    slug: str = ""
    name_ko: str = ""
    name_en: str = ""
    alumni_term: AlumniTerm = AlumniTerm.COMPLETER
    contact_address: str | None = None


def create(fields: Fields, *, by: int) -> Program:
    """Make a programme that the founder `by` owns."""
    with transaction() as session:
        if not session.get_one(Account, by).is_founder:
            raise DomainError("not_a_founder")
        program = add(session, fields, f"account:{by}")
        session.add(Membership(program_id=program.id, account_id=by, role=Role.OWNER))
        return program


def edit(program_id: int, fields: Fields, *, by: int) -> Program:
    """Change a programme. Changing its slug moves its desk to another address."""
    with transaction() as session:
        program = standing.require(session, program_id, by, Role.OWNER)
        _write(session, program, fields)
        audit.record(session, "program.edited", program, f"account:{by}", program_id=program.id)
        return program


def add(session: Session, fields: Fields, actor: str) -> Program:
    """Make a programme in the caller's transaction; it has no owner yet."""
    program = Program(slug=fields.slug)
    _write(session, program, fields)
    audit.record(session, "program.created", program, actor, program_id=program.id)
    return program


def _write(session: Session, program: Program, fields: Fields) -> None:
    names = (fields.name_ko.strip(), fields.name_en.strip())
    if not any(names):
        raise DomainError("name_missing")
    if fields.contact_address and not is_address(fields.contact_address):
        raise DomainError("bad_contact_address")
    slug = fields.slug or program.slug or _suggested(session, *names)
    _require_slug(session, program, slug)
    program.slug, program.alumni_term = slug, fields.alumni_term
    program.name_ko, program.name_en = names
    program.contact_address = clean_address(fields.contact_address or "") or None
    session.add(program)
    try:
        session.flush()
    except IntegrityError as error:
        raise DomainError("program_slug_taken") from error


def _suggested(session: Session, name_ko: str, name_en: str) -> str:
    wanted = suggested_program_slug(name_ko, name_en)
    taken = set(session.scalars(select(Program.slug).where(Program.slug.like(f"{wanted}%"))))
    return free_slug(wanted, taken | RESERVED)


def _require_slug(session: Session, program: Program, slug: str) -> None:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise DomainError("bad_program_slug")
    if slug in RESERVED:
        raise DomainError("program_slug_taken")
    holder = session.scalar(select(Program.id).where(Program.slug == slug))
    if holder is not None and holder != program.id:
        raise DomainError("program_slug_taken")
