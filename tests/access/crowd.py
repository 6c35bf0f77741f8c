"""A programme of which everything that can be known of people is known: for those who look where nobody may be seen."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select, update

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.door.admission import Verdict
from app.domain.fresh_proofs import Purpose
from app.domain.registering.companion_names import CompanionNames
from app.domain.surveys import Held, Tally
from app.domain.writing.words import Words
from app.models import (
    AnswerSheet,
    AuditEntry,
    CertificateDesign,
    CheckIn,
    CheckInKind,
    Fee,
    FreshProof,
    InsideNote,
    IntroductionCard,
    Meetup,
    MeetupMailText,
    Message,
    OutboxMail,
    Payment,
    PersonPhone,
    Registration,
    RegistrationNote,
    RosterCorrection,
    RosterImport,
    SavedView,
    SurveyTally,
    SurveyText,
    Talk,
    TickMark,
    WalkInCheck,
)
from app.services.organizing import tags
from app.services.registering import question_sets
from tests.access.world import Tenant, tenant
from tests.factories import make_alumnus, make_device, make_question, make_questions, make_registration
from tests.support.planting import SIGN, plant

PHONE = "010-4827-3961"


def crowd() -> Tenant:
    """A tenant where every table that knows of people has a row, and no text in it is empty."""
    mine = tenant(1)
    _show_all(mine)
    _introduce(mine)
    _let_in(mine)
    _write_about(mine)
    plant()
    return mine


def said(what: str) -> str:
    return f"{SIGN} {what}"


def _add(*rows: Any) -> None:
    with transaction() as session:
        session.add_all(rows)


def _somebody(mine: Tenant) -> Registration:
    query = select(Registration).where(Registration.reference == mine.values["reference"])
    return db.session.scalars(query).one()


def _show_all(mine: Tenant) -> None:
    """What a viewer's own pages may tell of is on: ticks, companions' names, guests to greet, speakers of a draft."""
    somebody = _somebody(mine)
    with transaction() as session:
        meetup = session.get_one(Meetup, mine.meetup.id)
        meetup.door_ticks, meetup.door_tracks_exits = [said("tick")], True
        meetup.companion_names, meetup.companions_most, meetup.introductions = (
            CompanionNames.REQUIRED,
            2,
            True,
        )
        held = session.get_one(Registration, somebody.id)
        held.companions, held.companion_names = 1, [said("companion")]
        held.arrival_alert = said("alert")
        draft = session.get_one(Meetup, mine.draft.id)
        draft.contact_address = "speaker-of-a-draft@example.com"
        draft.talks.append(
            Talk(position=1, title_ko="강연", speaker=said("guest"), affiliation=said("office"))
        )
        meetup.talks.append(
            Talk(position=2, title_ko=said("surprise"), speaker=said("surprise guest"), hidden=True)
        )


def _introduce(mine: Tenant) -> None:
    """What people said of themselves, and what was answered."""
    somebody, at = _somebody(mine), now()
    digits = PHONE.replace("-", "")
    _add(
        PersonPhone(person_id=somebody.person_id, number=PHONE, digits=digits, last_four=digits[-4:]),
        IntroductionCard(registration_id=somebody.id, changed_at=at),
        RosterCorrection(
            person_id=somebody.person_id,
            cohort_id=mine.program.cohorts[0].id,
            at=at,
            actor="account:1",
            field="name",
            was=said("as it was"),
            became=said("as it is"),
        ),
        SurveyTally(
            meetup_id=mine.meetup.id,
            answers=6,
            counts={"q1": {"5": 6}, "q6": {"written": 6}},
            held=Held(newest=Tally(1, {}, {"q6": [said("wrote")]})).stored(),
        ),
        SurveyText(id=1, meetup_id=mine.meetup.id, question="q6", text=said("wrote, and it is shown")),
        AnswerSheet(
            registration_id=somebody.id, questions_version=1, answers={"q1": said("answer")}, actor="person"
        ),
        Fee(meetup_id=mine.meetup.id, amount=10_000, told_at=at),
        Payment(registration_id=somebody.id, paid_at=at, amount=10_000),
        FreshProof(
            uid=tokens.uid(),
            registration_id=somebody.id,
            purpose=next(iter(Purpose)),
            address=somebody.address,
        ),
    )
    make_questions(mine.meetup, make_question("q2", label=Words(said("question"), said("question"))))


def _let_in(mine: Tenant) -> None:
    """One was scanned by two phones, one let in by a supervisor, one walked in and was looked for."""
    somebody, phone = _somebody(mine), make_device(mine.meetup, name=said("phone"))[0]
    first = _scan(mine, somebody, phone.id, CheckInKind.ENTRY, Verdict.OK)
    _add(first)
    _add(
        _scan(
            mine,
            somebody,
            phone.id,
            CheckInKind.ENTRY,
            Verdict.ALREADY_REDEEMED,
            refers_to_id=first.id,
            let_in=1,
        ),
        _scan(
            mine,
            None,
            phone.id,
            CheckInKind.OVERRIDE,
            Verdict.INVALID,
            payload=said("payload"),
            reason=said("why"),
        ),
        TickMark(
            meetup_id=mine.meetup.id,
            mark_id=secrets.token_hex(16),
            registration_id=somebody.id,
            tick=said("tick"),
            given=True,
        ),
    )
    cohort = mine.program.cohorts[0]
    walked = make_registration(mine.meetup, cohort=cohort)
    found = make_alumnus(cohort)
    _add(
        WalkInCheck(
            registration_id=walked.id,
            person_id=found.id,
            came_as_id=walked.person_id,
            said_cohort_id=cohort.id,
            decided_by="account:1",
        )
    )


def _scan(
    mine: Tenant, whose: Registration | None, device: int, kind: CheckInKind, verdict: Verdict, **more: Any
) -> CheckIn:
    return CheckIn(
        meetup_id=mine.meetup.id,
        scan_id=secrets.token_hex(16),
        kind=kind,
        verdict=verdict,
        registration_id=whose.id if whose else None,
        device_id=device,
        scanned_at=now(),
        corrected_at=now(),
        received_at=now(),
        body_hash=secrets.token_bytes(16),
        **more,
    )


def _write_about(mine: Tenant) -> None:
    """What organizers wrote: in mails, templates, messages, reasons, files."""
    words = {"ko": said("words"), "en": said("words")}
    meetup, program, somebody = mine.meetup.id, mine.program.id, _somebody(mine)
    asked = question_sets.current(db.session.get_one(Meetup, meetup))
    tags.change(meetup, [somebody.id], "account:1", add=[said("tag")])
    question_sets.keep(program, said("set"), asked, "account:1")
    _add(
        InsideNote(meetup_id=meetup, words_ko="", words_en="", changed_at=now()),
        CertificateDesign(meetup_id=meetup, changed_at=now()),
        RegistrationNote(
            registration_id=somebody.id, words=said("note"), changed_at=now(), changed_by="account:1"
        ),
        SavedView(program_id=program, account_id=mine.viewer.id, name="", query="", is_shared=True),
        MeetupMailText(meetup_id=meetup, kind="thanks", subject=words, words=words),
        AuditEntry(
            program_id=program,
            actor="account:1",
            act="attendees.exported",
            subject=f"meetup:{meetup}",
            details=words,
        ),
        OutboxMail(
            kind="message",
            address=somebody.address,
            locale="ko",
            meetup_id=meetup,
            registration_id=somebody.id,
            params=words,
            message_id=f"<{tokens.uid()}@example.com>",
            due_at=now() + dt.timedelta(days=1),
        ),
    )
    with transaction() as session:
        message = session.get_one(Message, mine.values["message_id"])
        message.chosen = message.chosen | {"search": said("search")}
        problem = {"row": 2, "reason": "cohort_mismatch", "params": {"expected": said("cell")}}
        session.execute(update(RosterImport).values(mapping={said("column"): "name"}, problems=[problem]))
