"""Two programmes with one of everything in each, and everybody who may knock."""

from __future__ import annotations

import datetime as dt
import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from app.clock import now
from app.db import db, transaction
from app.domain import tokens
from app.domain.backups import Kind as BackupKind
from app.domain.backups import Step
from app.domain.elsewhere.columns import Choices
from app.domain.printing.designs import ExtraKind
from app.domain.rosters import Hints, Kind
from app.domain.seating.tables import Seating
from app.domain.surveys import ready_made
from app.domain.writing.mail_texts import MailText
from app.domain.writing.messages import Kind as MessageKind
from app.domain.writing.words import Words
from app.keys import keys
from app.models import (
    Account,
    AccountSession,
    AddressChange,
    Cohort,
    DeviceRole,
    Meetup,
    MeetupInvitation,
    MeetupMembership,
    MeetupState,
    Membership,
    OutboxMail,
    Passkey,
    Person,
    Program,
    Registration,
    Role,
    RosterImport,
    Story,
    StoryPhoto,
    StoryQuote,
    SurveyText,
    Talk,
    TalkKind,
)
from app.models import Image as PictureRow
from app.models import Source as CameBy
from app.services.alumni import roster_uploads
from app.services.alumni.rosters import Source
from app.services.backups import files
from app.services.door import devices
from app.services.elsewhere.bringing_in import bring_in
from app.services.inviting import meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.mails import opt_outs, outbox
from app.services.meeting import tables
from app.services.messaging import drafts
from app.services.organizing import certificates, column_sets, export_jobs, images, notices, saved_views
from app.services.organizing.filters import Filter
from app.services.personal import personal_links
from app.services.printing import badge_prints, extra_badges
from app.services.printing.badge_prints import SEATED, Chosen
from app.services.registering import surveys
from app.services.seating import seat_rules
from app.services.staff import invitations, sign_in
from tests.factories import (
    carry_session,
    code_of,
    make_account,
    make_alumnus,
    make_cohort,
    make_device,
    make_helper,
    make_meetup,
    make_member,
    make_move,
    make_program,
    make_question,
    make_questions,
    make_registration,
    make_session,
)
from tests.support.claiming import claim, link_of
from tests.support.draws import by_draw
from tests.support.registering import proof_for

ROSTER = "이름,이메일,기수,수료여부\n김하늘,haneul@example.com,{ordinal}기,수료\n"
ACTORS = (
    "anonymous",
    "door phone",
    "outsider",
    "founder",
    "organizer elsewhere",
    "meetup viewer",
    "meetup staff",
    "meetup organizer",
    "viewer",
    "staff",
    "organizer",
    "owner",
)
AT_MEETUPS = ("organizer elsewhere", "meetup viewer", "meetup staff", "meetup organizer")


@dataclass
class Tenant:
    """A programme with one of everything that a route can name."""

    program: Program
    meetup: Meetup
    draft: Meetup
    owner: Account
    organizer: Account
    viewer: Account
    values: dict[str, Any]
    uploads: dict[str, str]
    device_token: str
    name: str  # of somebody who comes to the meetup
    address: str

    def value(self, endpoint: str, name: str, actor: str = "owner") -> Any:
        """What stands for `name` in this endpoint's address. Raises `KeyError` for a name nobody taught us."""
        if name == "upload" or (endpoint.startswith("rosters.") and name == "reference"):
            return self.uploads.get(actor, self.uploads["owner"])
        if endpoint == "accounts.remove_from_meetup" and actor == "organizer":
            name = {"meetup_membership_id": "spare_membership_id"}.get(name, name)
        return self.values.get(f"{endpoint}:{name}", self.values.get(name)) or self.values[name]


A_MESSAGE = drafts.Draft(
    MessageKind.ABOUT,
    MailText(Words("뒷문으로 와요", "By the back gate"), Words("문이 열려요.", "Doors open.")),
    "",
    Filter(),
)
OF_MEETUPS = ("resend_meetup_invitation", "withdraw_meetup_invitation")
OBJECTIONS = ("objecting", "put_address_back")
LIST_CHECKS = ("list_check", "ask_for_list_check")


def tenant(ordinal: int, program: Program | None = None) -> Tenant:
    """Everything anew; in `program`, another meetup beside those that it has."""
    program = program or make_program()
    cohort = make_cohort(program, ordinal)
    owner = make_member(program, Role.OWNER)
    make_member(program, Role.OWNER)  # so that every owner's act is possible
    organizer, viewer = make_member(program, Role.ORGANIZER), make_member(program, Role.VIEWER)
    meetup = make_meetup(program, cohorts=[cohort], door_lists_people=True, asks_phone=True)
    draft = make_meetup(program, cohorts=[cohort], state=MeetupState.DRAFT)
    notices.save(meetup.id, notices.ready_made(program), f"account:{organizer.id}", based_on=0)
    make_questions(meetup, make_question(f"q{ordinal}"))
    seat_rules.save(meetup.id, by_draw(), f"account:{organizer.id}")
    person = make_alumnus(cohort)
    registration = make_registration(meetup, person, cohort=cohort)
    device, device_token = make_device(meetup, DeviceRole.SUPERVISE)
    uploads = {
        role: _upload(program, account, ordinal)
        for role, account in (("owner", owner), ("organizer", organizer))
    }
    proof = proof_for(meetup, make_alumnus(cohort), proved=False)
    unlisted, claim_secret = link_of(meetup, f"unlisted-{ordinal}@example.com")
    claimed = claim(meetup, f"claimant-{ordinal}@example.com").reference
    make_helper(meetup, Role.VIEWER)
    make_helper(meetup, Role.VIEWER)
    with transaction() as session:
        helper_id, spare_id = session.scalars(
            select(MeetupMembership.id).where(MeetupMembership.meetup_id == meetup.id)
        )
        member_id = session.scalars(select(Membership.id).where(Membership.account_id == viewer.id)).one()
    values: dict[str, Any] = {
        "month": "2026-01",
        "print_id": _badge_print(meetup, organizer),
        "extra_id": _extra_badge(meetup),
        "set_id": column_sets.save(
            program.id, f"명찰 {ordinal}", ["name"], "cell", f"account:{organizer.id}"
        ),
        "program": program.slug,
        "slug": meetup.slug,
        "ordinal": ordinal,
        "membership_id": member_id,
        "meetup_membership_id": helper_id,
        "spare_membership_id": spare_id,  # who is removed by the one is not there for the other
        "invitation_id": _invitation_id(program, owner),
        "accounts.invitation:token": _invitation_token(program, owner),
        "accounts.open_link:token": _link_token(owner),
        "checkin.enrolment:token": _enrolment_token(meetup, organizer),
        "session_id": _session_id(owner),
        "passkey_id": _passkey_id(owner),
        "device_id": device.id,
        "import_id": _import_id(program),
        "mail_id": _mail_id(),
        "sha256": _picture(program, meetup),
        "person_id": person.id,
        "other_id": make_alumnus(cohort).id,
        "address_id": person.addresses[0].id,
        "reference": registration.reference,
        "secret": personal_links.secret_of(registration),
        "uid": proof,
        "rsvp.open_proof:secret": tokens.proof_secret(_link_key(), proof),
        "code": code_of(registration),
        "lang": "ko",
        **dict.fromkeys(("first", "last"), make_move(meetup).id),
        "kind": "registration_confirmed",
        "asking.notice_version:version": 1,
        "key": f"q{ordinal}",
        "rsvp.draw_file:name": "terms.txt",
        **_certified(program, cohort),
        "meetups.figures_file:kind": "answers",
        "backup": _backup(),
        "topic": "seats",
        "account_id": make_member(program, Role.VIEWER).id,  # nobody who knocks: they are signed out
    }
    values |= {
        "accounts.accept_invitation:token": values["accounts.invitation:token"],
        "accounts.redeem:token": values["accounts.open_link:token"],
        "checkin.enrol:token": values["checkin.enrolment:token"],
        "rsvp.prove:secret": values["rsvp.open_proof:secret"],
        "rsvp.card:version": meetup.version,
    }
    values |= dict.fromkeys((f"rsvp.{each}:uid" for each in LIST_CHECKS), unlisted)
    values |= dict.fromkeys((f"rsvp.{each}:secret" for each in LIST_CHECKS), claim_secret)
    objection = _objection(registration)
    values |= dict.fromkeys((f"rsvp.{each}:uid" for each in OBJECTIONS), objection)
    secret = tokens.objection_secret(_link_key(), objection)
    values |= dict.fromkeys((f"rsvp.{each}:secret" for each in OBJECTIONS), secret)
    surveys.save(meetup.id, ready_made(), with_thanks=False, actor=f"account:{organizer.id}")
    tables.lay(meetup.id, tables.Wanted("4x6", Seating.MIX), f"account:{organizer.id}")
    values |= _story(meetup, registration, values["sha256"])
    values["talk_id"] = _guest(meetup)
    values |= _written(meetup)
    values["file"] = export_jobs.ask(meetup, owner.id, {}, "명찰", locale="ko", total=1).reference
    at_meetup = _invitation_id(program, owner, meetup)
    values |= dict.fromkeys((f"accounts.{each}:invitation_id" for each in OF_MEETUPS), at_meetup)
    saved_views.keep(program.id, organizer.id, "아침에 보는 목록", {"status": ["confirmed"]}, shared=False)
    values["view_id"] = saved_views.of_program(program.id, organizer.id)[0].id
    values["message_id"] = drafts.write(meetup.id, A_MESSAGE, f"account:{organizer.id}")
    brought_in = _brought_in(meetup, make_alumnus(cohort), f"account:{organizer.id}")
    values |= {
        f"rosters.{each}:import_id": brought_in for each in ("answers_brought_in", "take_answers_back")
    }
    values |= _opt_out(program) | _invited(meetup, make_alumnus(cohort))
    values |= {
        f"meetups.{each}:reference": claimed
        for each in ("claim", "link_claim", "add_claimant", "refuse_claim")
    }
    values |= {
        f"meetups.{each}:reference": _walk_in(meetup, cohort)
        for each in ("walk_in_check", "match_walk_in", "refuse_walk_in", "undo_walk_in_check")
    }
    return Tenant(
        program,
        meetup,
        draft,
        owner,
        organizer,
        viewer,
        values,
        uploads,
        device_token,
        person.name,
        registration.address,
    )


def _badge_print(meetup: Meetup, organizer: Account) -> int:
    return badge_prints.begin(meetup.id, Chosen(SEATED), f"account:{organizer.id}").id


def _extra_badge(meetup: Meetup) -> int:
    """Somebody who helps and has no registration."""
    typed = extra_badges.Typed("한도움", "예시전자 안내", ExtraKind.STAFF)
    return extra_badges.add(meetup.id, typed, "account:1").id


def _story(meetup: Meetup, speaker: Registration, digest: str) -> dict[str, Any]:
    """A published story with a photo, and a speaker who is asked."""
    image_id = db.session.scalars(select(PictureRow.id).where(PictureRow.sha256 == digest)).first()
    photo = StoryPhoto(
        uid=tokens.uid(), meetup_id=meetup.id, image_id=image_id, small_id=image_id, confirmed_by="account:1"
    )
    quote = StoryQuote(meetup_id=meetup.id, registration_id=speaker.id, words="반가웠어요.")
    told = Story(meetup_id=meetup.id, words_ko="즐거웠어요.", changed_at=now(), published_at=now())
    with transaction() as session:
        session.add_all((photo, quote, told))
    uids = dict.fromkeys((f"rsvp.{each}:uid" for each in ("photo_down", "ask_photo_down")), photo.uid)
    return uids | {"photo_id": photo.id, "quote_id": quote.id}


def _written(meetup: Meetup) -> dict[str, Any]:
    """A text that somebody wrote in the survey."""
    with transaction() as session:
        text = SurveyText(id=secrets.randbits(40), meetup_id=meetup.id, question="q6", text="고마웠어요")
        session.add(text)
    return {"text_id": text.id}


def _guest(meetup: Meetup) -> int:
    """A guest who is announced."""
    with transaction() as session:
        guest = Talk(meetup_id=meetup.id, position=1, title_ko="손님", kind=TalkKind.SPECIAL_GUEST)
        session.add(guest)
    return guest.id


def _certified(program: Program, cohort: Cohort) -> dict[str, Any]:
    """Somebody who came to a meetup that is over: their certificate, and a survey that asks them."""
    over = {"starts_at": now() - dt.timedelta(hours=5), "ends_at": now() - dt.timedelta(hours=2)}
    held = make_meetup(program, cohorts=[cohort], **over)
    certificates.save(held.id, certificates.Design(is_on=True), "account:1")
    came = make_registration(held, make_alumnus(cohort), cohort=cohort, admitted_at=held.starts_at)
    surveys.save(held.id, ready_made(), with_thanks=False, actor="account:1")
    surveys.open_until(held.id, held.local(now()).date() + dt.timedelta(days=7), "account:1")
    secret = personal_links.secret_of(came)
    own = {f"rsvp.{each}:reference": came.reference for each in ("certificate", "survey")}
    own |= {f"rsvp.{each}:secret": secret for each in ("certificate", "survey")}
    return own | {
        "number": certificates.number_of(came.reference),
    }


def _walk_in(meetup: Meetup, cohort: Cohort) -> str:
    """Somebody who walked in and said that cohort."""
    return make_registration(meetup, cohort=cohort, source=CameBy.WALK_IN, is_verified=False).reference


@dataclass
class World:
    """What a test begins with, see tests/support/worlds.py: a tenant, everybody who may knock there, and who is beside it."""

    mine: Tenant
    sessions: dict[str, str]  # by actor, of who has an account
    other: Tenant | None = None

    def client(self, app: Flask, actor: str) -> FlaskClient:
        """A browser of one of ACTORS."""
        browser = app.test_client()
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        if actor in self.sessions:
            carry_session(browser, self.sessions[actor])
        if actor == "door phone":
            browser.set_cookie(f"door-{self.mine.meetup.id}", self.mine.device_token)
        return browser


def alone() -> World:
    """One programme; whoever is outside has another one, which is empty."""
    mine = tenant(1)
    return World(mine, _sessions(mine, make_member(role=Role.OWNER)))


def beside_another_programme() -> World:
    mine, other = tenant(1), tenant(2)
    return World(mine, _sessions(mine, other.owner), other)


def beside_another_meetup() -> World:
    """Two meetups of one programme, which have one of everything each."""
    mine = tenant(1)
    other = tenant(2, mine.program)
    return World(mine, _sessions(mine, other.owner), other)


def _sessions(mine: Tenant, outsider: Account) -> dict[str, str]:
    accounts = {
        "outsider": outsider,
        "founder": make_account(is_founder=True),
        "organizer elsewhere": make_helper(mine.draft),
        "meetup viewer": make_helper(mine.meetup, Role.VIEWER),
        "meetup staff": make_helper(mine.meetup, Role.DOOR),
        "meetup organizer": make_helper(mine.meetup),
        "staff": make_member(mine.program, Role.DOOR),
        "viewer": mine.viewer,
        "organizer": mine.organizer,
        "owner": mine.owner,
    }
    return {actor: make_session(account) for actor, account in accounts.items()}


def clients(app: Flask, mine: Tenant, outsider: Account) -> dict[str, FlaskClient]:
    """A browser for everybody who may knock, from those with the fewest rights to those with the most."""
    world = World(mine, _sessions(mine, outsider))
    return {actor: world.client(app, actor) for actor in ACTORS}


def missing(name: str) -> Any:
    """A value of the right shape that nothing has."""
    shapes: dict[str, Callable[[], Any]] = {
        "program": lambda: "no-such-programme",
        "slug": lambda: "no-such-meetup",
        "ordinal": lambda: 99,
        "sha256": lambda: secrets.token_hex(32),
        "reference": tokens.reference,
        "uid": tokens.uid,
        "file": tokens.uid,
        "secret": lambda: secrets.token_urlsafe(16),
        "code": lambda: "A" * 26,
    }
    return shapes[name]() if name in shapes else 987_654


INVITED = ("invited", "ask_as_invited", "declining", "decline_invitation", "undo_decline")


def _invited(meetup: Meetup, person: Person) -> dict[str, Any]:
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({person.id})), "", "account:1")
    query = select(MeetupInvitation.uid).where(MeetupInvitation.person_id == person.id)
    uid = db.session.scalars(query).one()
    secret = tokens.meetup_invitation_secret(_link_key(), uid)
    found: dict[str, Any] = dict.fromkeys((f"rsvp.{each}:uid" for each in INVITED), uid)
    found["meetup_invitation_id"] = db.session.scalars(query.with_only_columns(MeetupInvitation.id)).one()
    return found | dict.fromkeys((f"rsvp.{each}:secret" for each in INVITED), secret)


def _opt_out(program: Program) -> dict[str, Any]:
    """The parts of a link by which somebody opts out of invitations."""
    mail = OutboxMail(kind="invitation", program_id=program.id, address=f"{tokens.uid()}@example.com")
    program_id, address_hash, secret = (opt_outs.link_of(mail) or "").split("/")[-3:]
    found: dict[str, Any] = {"program_id": int(program_id), "address_hash": address_hash}
    return found | {f"rsvp.{each}:secret": secret for each in ("opting_out", "opt_out", "opt_in")}


def _objection(registration: Registration) -> str:
    """The uid of a change of address that its former one can object to."""
    made = AddressChange(
        uid=tokens.uid(),
        person_id=registration.person_id,
        registration_id=registration.id,
        former=f"former-{tokens.uid()}@example.com",
        address=registration.address,
        added=False,
    )
    with transaction() as session:
        session.add(made)
    return made.uid


def _upload(program: Program, account: Account, ordinal: int) -> str:
    data = ROSTER.format(ordinal=ordinal).encode()
    return roster_uploads.keep(program.id, account.id, None, Source(data, f"list.{Kind.CSV}")).reference


def _invitation_id(program: Program, owner: Account, meetup: Meetup | None = None) -> int:
    address, at = f"colleague-{tokens.uid()}@example.com", meetup.id if meetup else None
    return invitations.invite(program.id, address, Role.VIEWER, by=owner.id, locale="ko", meetup_id=at).id


def _invitation_token(program: Program, owner: Account) -> str:
    address = f"colleague-{tokens.uid()}@example.com"
    invitation = invitations.invite(program.id, address, Role.VIEWER, by=owner.id, locale="ko")
    return tokens.invitation_token(_link_key(), invitation.uid)


def _link_key() -> bytes:
    return keys().link


def _link_token(owner: Account) -> str:
    return sign_in.one_time_link(owner.address).rpartition("/")[2]


def _enrolment_token(meetup: Meetup, organizer: Account) -> str:
    return devices.link_token(devices.open_door(meetup.id, DeviceRole.SCAN, organizer.id))


def _session_id(account: Account) -> int:
    with transaction() as session:
        row = AccountSession(account_id=account.id, token_hash=tokens.uid(), expires_at=now())
        session.add(row)
    return row.id


def _passkey_id(account: Account) -> int:
    with transaction() as session:
        row = Passkey(account_id=account.id, credential_id=tokens.uid(), public_key=b"", name="laptop")
        session.add(row)
    return row.id


def _import_id(program: Program) -> int:
    with transaction() as session:
        counts = dict.fromkeys(("new", "changed", "unchanged", "problem", "ignored", "gone"), 0)
        row = RosterImport(program_id=program.id, file_name="list.csv", file_sha256="0" * 64, counts=counts)
        session.add(row)
    return row.id


def _mail_id() -> int:
    with transaction() as session:
        outbox.enqueue(session, "sign_in", "somebody@example.com", "ko", next=None)
    return db.session.scalars(select(OutboxMail.id).order_by(OutboxMail.id.desc()).limit(1)).one()


def _picture(program: Program, meetup: Meetup) -> str:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), (secrets.randbelow(256), meetup.id % 256, 90)).save(file, "PNG")
    file.seek(0)
    stored = images.store(program.id, file, "account:1")
    with transaction() as session:
        session.get_one(Meetup, meetup.id).cover_id = stored.id
    return stored.sha256


def _backup() -> str:
    """The name of one whose file is gone; the same in every world, since backups are no tenant's."""
    at = now().isoformat()
    return files.note(files.Backup("20260101-000000-00000000", BackupKind.MADE, Step.DONE, None, at)).name


def _brought_in(meetup: Meetup, person: Person, actor: str) -> int:
    """An import of form answers, in which somebody says that they can't come."""
    said = f"{now():%Y-%m-%d %H:%M:%S}Z,{person.name},{person.addresses[0].address},불참"
    file = Source(f"타임스탬프,이름,이메일 주소,참석 여부\n{said}".encode(), "answers.csv")
    hints = Hints(completed_for_all=True)
    return bring_in(meetup.id, file, hints, Choices(), actor, tells=False).import_id
