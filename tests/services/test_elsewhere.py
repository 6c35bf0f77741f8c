"""Answers of a form brought in: their times are the order of the line, and nobody loses a seat by it."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.elsewhere.columns import Choices
from app.domain.elsewhere.fates import FateKind
from app.domain.errors import DomainError
from app.domain.inviting import Fate
from app.domain.registering.registrations import Status
from app.domain.rosters import Hints
from app.domain.seating.modes import Mode
from app.domain.seating.pools import GuestRole
from app.models import (
    AnswerSheet,
    AuditEntry,
    Claim,
    DrawEntry,
    Meetup,
    MeetupInvitation,
    MeetupState,
    OutboxMail,
    Person,
    PersonAddress,
    Registration,
    RegistrationEvent,
    Ticket,
)
from app.services.alumni.rosters import Source
from app.services.auditing import kinds
from app.services.elsewhere import looking, taking_back
from app.services.elsewhere.bringing_in import BroughtIn, bring_in
from app.services.elsewhere.reasons import GAVE_UP
from app.services.elsewhere.taking_back import Stays, TakenBack
from app.services.inviting import answers as answers_of_invited
from app.services.inviting import candidates, invitation_fates, meetup_invitations
from app.services.inviting.meetup_invitations import Choice
from app.services.organizing import attendee, tags
from app.services.personal import own_data, personal_links
from app.services.registering import claim_decisions, eligibility, registrations, tickets
from app.services.seating import approvals, line, reserved_seats, seat_rules, waitlist
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_meetup,
    make_participant,
    make_person,
    make_program,
    make_question,
    make_questions,
    make_registration,
)
from tests.support.draws import by_draw
from tests.support.offers import HOUR, history, later
from tests.support.pools import keep
from tests.support.registering import owed, proof_for, register

ORGANIZER = "account:7"


def meetup_of(capacity: int, **fields: object) -> Meetup:
    program = make_program()
    return make_meetup(program, capacity, cohorts=[make_cohort(program, 3)], **fields)  # type: ignore[arg-type]


def hours_ago(hours: float) -> str:
    return f"{now() - dt.timedelta(hours=hours):%Y-%m-%d %H:%M:%S}Z"


def answers(*rows: tuple[str, str, str], more: str = "") -> Source:
    """(name, address, time) as a form's file; `more`: the heading and value of a further column."""
    heading, _, value = more.partition("=")
    lines = [f"타임스탬프,이름,이메일 주소,{heading}"] + [
        f"{at},{name},{address},{value}" for name, address, at in rows
    ]
    return Source("\n".join(lines).encode(), "answers.csv")


def brought_in(meetup: Meetup, source: Source, *, tells: bool = False, cancels: bool = False) -> BroughtIn:
    end_reading()
    ticked = {"tells": tells, "cancels": cancels}
    return bring_in(meetup.id, source, Hints(completed_for_all=True), Choices(), ORGANIZER, **ticked)


def of(meetup: Meetup, person: Person) -> Registration:
    end_reading()
    query = select(Registration).where(
        Registration.meetup_id == meetup.id, Registration.person_id == person.id
    )
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def line_of(meetup: Meetup) -> list[str]:
    """The names of all who have no seat, in their order."""
    end_reading()
    rows = (
        select(Person.name)
        .join(Registration, Registration.person_id == Person.id)
        .where(Registration.meetup_id == meetup.id, Registration.status != Status.CONFIRMED)
    )
    return list(db.session.scalars(rows.order_by(Registration.rank)))


def _invitation(meetup: Meetup, person: Person) -> MeetupInvitation:
    end_reading()
    here = MeetupInvitation.meetup_id == meetup.id, MeetupInvitation.person_id == person.id
    return db.session.scalars(select(MeetupInvitation).where(*here)).one()


def _acts_about(person: Person) -> list[tuple[str, int | None]]:
    """What their records find of taking back, by act and meetup."""
    end_reading()
    about = AuditEntry.subject.in_(kinds.of_people(db.session.connection(), [person.id]))
    found = select(AuditEntry.act, AuditEntry.meetup_id).where(about).order_by(AuditEntry.id)
    return [(row.act, row.meetup_id) for row in db.session.execute(found)]


def number(table: type) -> int:
    end_reading()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def entry(person: Person, hours: float) -> tuple[str, str, str]:
    return (person.name, person.addresses[0].address, hours_ago(hours))


def test_who_lacks_nothing_but_an_invitation_is_told_apart_from_who_may_not_come(app: Flask) -> None:
    meetup = meetup_of(5, mode=Mode.INVITATION)
    uninvited, elsewhere = make_alumnus(meetup.cohorts[0]), make_alumnus(make_cohort(meetup.program, 9))
    source = answers(entry(uninvited, 2), entry(elsewhere, 1))

    seen = looking.draft(meetup, source, Hints(completed_for_all=True), Choices())

    assert seen.preview is not None
    assert [fate.kind for fate in seen.preview.fates] == [FateKind.NOT_INVITED, FateKind.NOT_ELIGIBLE]


def test_the_line_is_in_the_order_of_all_times_and_whoever_has_a_seat_keeps_it(app: Flask) -> None:
    meetup = meetup_of(1)
    seated, waiting, early, late = (make_alumnus(meetup.cohorts[0]) for _ in range(4))
    for person in (seated, waiting):
        register(meetup, person)
    row = of(meetup, waiting).id
    with transaction() as session:
        session.get_one(Registration, row).created_at = now() - dt.timedelta(hours=2)

    done = brought_in(
        meetup, answers(entry(late, 1), ("유령", "ghost@example.com", hours_ago(4)), entry(early, 3))
    )

    assert done == BroughtIn(seated=0, waiting=2, claims=1)
    assert of(meetup, seated).status is Status.CONFIRMED
    assert line_of(meetup) == ["유령", early.name, waiting.name, late.name]
    registrations.cancel(of(meetup, seated).id)
    assert of(meetup, early).status is Status.CONFIRMED  # a check holds a place in line, and no seat


def test_free_seats_go_to_the_first_by_the_times_with_tickets_and_without_a_mail(app: Flask) -> None:
    meetup = meetup_of(2)
    third, first, second = (make_alumnus(meetup.cohorts[0]) for _ in range(3))

    done = brought_in(meetup, answers(entry(third, 1), entry(first, 3), entry(second, 2)))

    assert done == BroughtIn(seated=2, waiting=1)
    assert [of(meetup, each).status for each in (first, second, third)] == [
        Status.CONFIRMED,
        Status.CONFIRMED,
        Status.WAITLISTED,
    ]
    assert (number(Ticket), number(OutboxMail)) == (2, 0)


def test_those_who_are_told_get_the_mail_of_what_they_have(app: Flask) -> None:
    meetup = meetup_of(1)
    first, second = (make_alumnus(meetup.cohorts[0]) for _ in range(2))

    brought_in(
        meetup,
        answers(entry(first, 3), entry(second, 2), ("유령", "g@example.com", hours_ago(1))),
        tells=True,
    )

    assert set(db.session.scalars(select(OutboxMail.kind))) == {
        "registration_confirmed",
        "registration_waitlisted",
        "registration_pending",
    }


def test_the_same_file_twice_changes_nothing_also_for_who_cancelled_since(app: Flask) -> None:
    meetup = meetup_of(5)
    person, other = make_alumnus(meetup.cohorts[0]), make_alumnus(meetup.cohorts[0])
    file = answers(entry(person, 3), ("유령", "ghost@example.com", hours_ago(2)), entry(other, 1))
    brought_in(meetup, file)
    registrations.cancel(of(meetup, person).id)
    before = (number(Registration), number(Claim), number(Person), line_of(meetup))

    done = brought_in(meetup, file)

    assert done == BroughtIn()
    assert (number(Registration), number(Claim), number(Person), line_of(meetup)) == before


def test_a_check_that_is_approved_gets_what_its_place_gives(app: Flask) -> None:
    meetup = meetup_of(1)
    alumnus = make_alumnus(meetup.cohorts[0])
    brought_in(meetup, answers((alumnus.name, "new-address@example.com", hours_ago(2))))
    check = claim_decisions.waiting(meetup.id, start=0, size=1)[0]

    claim_decisions.link(check.registration_id, alumnus.id, ORGANIZER)

    assert of(meetup, alumnus).status is Status.CONFIRMED


def test_an_address_that_nobody_proved_becomes_nobody_s(app: Flask) -> None:
    meetup = meetup_of(5)
    person = make_alumnus(meetup.cohorts[0], "김하나")
    listed = person.addresses[0].address
    brought_in(meetup, answers(("김하나", "typo@example.com", hours_ago(3))))
    end_reading()
    (check,) = db.session.scalars(select(Registration).where(Registration.status == Status.PENDING)).all()

    claim_decisions.link(check.id, person.id, ORGANIZER)
    end_reading()

    assert db.session.scalars(select(PersonAddress.address)).all() == [listed]
    assert of(meetup, person).status is Status.CONFIRMED
    assert db.session.scalars(select(OutboxMail.address)).all() == [listed]


def test_who_proved_the_address_of_the_form_meanwhile_brings_it_along(app: Flask) -> None:
    meetup = meetup_of(5)
    person = make_alumnus(meetup.cohorts[0], "김하나")
    brought_in(meetup, answers(("김하나", "new@example.com", hours_ago(3))))
    end_reading()
    (check,) = db.session.scalars(select(Registration).where(Registration.status == Status.PENDING)).all()
    proof_for(meetup, db.session.get_one(Person, check.person_id))

    claim_decisions.link(check.id, person.id, ORGANIZER)
    end_reading()

    assert "new@example.com" in db.session.scalars(select(PersonAddress.address)).all()
    assert of(meetup, person).address == "new@example.com"


def test_answers_come_in_where_a_title_is_a_question(app: Flask) -> None:
    meetup = meetup_of(5)
    make_questions(meetup, make_question("q1"))
    person = make_alumnus(meetup.cohorts[0])

    brought_in(meetup, answers(entry(person, 1), more="q1번 질문=채식"))

    assert db.session.scalars(select(AnswerSheet.answers)).one() == {"q1": "채식"}


def test_who_may_not_come_is_left_out(app: Flask) -> None:
    meetup = meetup_of(5)
    dropout = make_participant(meetup.cohorts[0])

    assert brought_in(meetup, answers(entry(dropout, 1))) == BroughtIn()


def test_who_was_moved_to_the_front_stays_there(app: Flask) -> None:
    meetup = meetup_of(0)
    first, favoured, early = (make_alumnus(meetup.cohorts[0]) for _ in range(3))
    for person in (first, favoured):
        register(meetup, person)
    waitlist.move(of(meetup, favoured).id, 1, "speaks", ORGANIZER)

    brought_in(meetup, answers(entry(early, 5)))

    assert line_of(meetup) == [favoured.name, early.name, first.name]


def test_where_organizers_choose_they_apply_and_in_a_draw_they_enter(app: Flask) -> None:
    chosen, drawn = meetup_of(5, mode=Mode.APPROVAL), meetup_of(5)
    seat_rules.save(drawn.id, by_draw(), ORGANIZER)
    people = {meetup: make_alumnus(meetup.cohorts[0]) for meetup in (chosen, drawn)}

    done = [brought_in(meetup, answers(entry(person, 1))) for meetup, person in people.items()]

    assert done == [BroughtIn(applied=1), BroughtIn(applied=1)]
    assert {of(meetup, person).status for meetup, person in people.items()} == {Status.APPLIED}
    assert db.session.scalars(select(DrawEntry.registration_id)).all() == [of(drawn, people[drawn]).id]


def test_a_preview_tells_who_applies_and_who_has_a_reserved_seat_among_applicants(app: Flask) -> None:
    meetup = meetup_of(5, mode=Mode.APPROVAL)
    guest, other = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    keep(meetup, reserved=1)
    reserved_seats.assign(meetup.id, guest.id, GuestRole.GUEST, ORGANIZER)
    source = answers(entry(other, 2), entry(guest, 1))

    seen = looking.draft(meetup, source, Hints(completed_for_all=True), Choices())
    done = brought_in(meetup, source)

    assert (seen.applying, seen.seated) == ({2}, {3})
    assert done == BroughtIn(seated=1, applied=1)
    assert of(meetup, guest).status is Status.CONFIRMED


@pytest.mark.parametrize(
    ("state", "code"),
    [(MeetupState.DRAFT, "form_before_publishing"), (MeetupState.CALLED_OFF, "meetup_called_off")],
)
def test_only_a_meetup_that_takes_place_takes_them(app: Flask, state: MeetupState, code: str) -> None:
    meetup = meetup_of(5, state=state)

    with pytest.raises(DomainError) as refused:
        brought_in(meetup, answers(entry(make_alumnus(meetup.cohorts[0]), 1)))

    assert refused.value.code == code


def test_who_says_no_in_a_later_file_keeps_the_place_until_the_organizer_cancels_it(app: Flask) -> None:
    meetup = meetup_of(1)
    first, second, third = (make_alumnus(meetup.cohorts[0], name) for name in ("가나", "다라", "마바"))
    brought_in(meetup, _said((first, 5, "참석"), (second, 4, "참석"), (third, 3, "참석")))
    later = _said((first, 5, "참석"), (first, 1, "불참"), (third, 3, "참석"), (third, 2, "불참"))

    kept = brought_in(meetup, later)
    before = [of(meetup, person).status for person in (first, second, third)]
    done = brought_in(meetup, later, cancels=True)
    again = brought_in(meetup, later, cancels=True)

    assert (kept.given_up, done.given_up, again.given_up) == (0, 2, 0)
    assert before == [Status.CONFIRMED, Status.WAITLISTED, Status.WAITLISTED]
    assert [of(meetup, person).status for person in (first, second, third)] == [
        Status.CANCELLED,
        Status.CONFIRMED,
        Status.CANCELLED,
    ]
    assert history(of(meetup, first))[-1] == (Status.CANCELLED, ORGANIZER, GAVE_UP)
    assert tickets.current(of(meetup, first).id) is None
    gone = {of(meetup, first).id, of(meetup, third).id}
    assert {mail.registration_id for mail in owed("registration_cancelled")} == gone


def test_a_no_from_before_they_said_yes_here_gives_nothing_up(app: Flask) -> None:
    meetup = meetup_of(1)
    person = make_alumnus(meetup.cohorts[0], "가나")
    register(meetup, person)

    done = brought_in(meetup, _said((person, 2, "불참")), cancels=True)

    assert done.given_up == 0
    assert of(meetup, person).status is Status.CONFIRMED


def test_who_says_no_is_kept_as_saying_so_and_no_invitation_goes_to_them(app: Flask) -> None:
    meetup = meetup_of(5)
    away, invited, silent = (make_alumnus(meetup.cohorts[0]) for _ in range(3))
    everybody = Choice(frozenset({meetup.cohorts[0].id}), frozenset())
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({invited.id})), "", ORGANIZER)
    file = _said((away, 2, "불참"), (invited, 1, "불참"))

    done = brought_in(meetup, file)
    again = brought_in(meetup, file)
    number_invited = meetup_invitations.invite(meetup.id, everybody, "", ORGANIZER)

    assert (done, again) == (BroughtIn(declined=2), BroughtIn())
    assert number_invited == 1
    fates = {each.person_id: each.fate for each in invitation_fates.of_meetup(db.session(), meetup)}
    assert fates == {away.id: Fate.DECLINED, invited.id: Fate.DECLINED, silent.id: Fate.QUEUED}
    assert owed("invitation_declined") == []


def test_who_said_no_and_was_never_invited_counts_nowhere_as_invited(app: Flask) -> None:
    meetup = meetup_of(5)
    away, invited = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({invited.id})), "", ORGANIZER)
    brought_in(meetup, _said((away, 2, "불참"), (invited, 1, "불참")))
    end_reading()

    found = invitation_fates.overview(meetup)
    listed = invitation_fates.batches(meetup.id, found.stands)

    assert (found.total, found.uninvited, found.counts[Fate.DECLINED]) == (1, 1, 2)
    assert [sum(each.counts.values()) for each in listed] == [1]
    told = own_data.collect(away.id, "en")["invitations"]
    assert [set(each) for each in told] == [{"meetup", "address", "said_elsewhere_at"}]
    assert told[0]["said_elsewhere_at"] == _invitation(meetup, away).declined_at
    assert "mailed_at" in own_data.collect(invited.id, "en")["invitations"][0]


def test_at_a_meetup_that_is_by_invitation_since_a_no_lets_nobody_register(app: Flask) -> None:
    meetup = meetup_of(5)
    away, invited = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({invited.id})), "", ORGANIZER)
    brought_in(meetup, _said((away, 2, "불참"), (invited, 1, "불참")))
    with transaction() as session:
        session.get_one(Meetup, meetup.id).mode = Mode.INVITATION

    pairs = eligibility.entitled(db.session(), [meetup.id], [away.id, invited.id])
    reach = candidates.reach(db.session(), db.session.get_one(Meetup, meetup.id))

    assert pairs == {(meetup.id, invited.id)}
    assert (reach.invited, reach.others) == (1, 1)


def test_who_said_since_that_they_can_come_after_all_is_not_kept_as_saying_no(app: Flask) -> None:
    meetup = meetup_of(5)
    person = make_alumnus(meetup.cohorts[0])
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({person.id})), "", ORGANIZER)
    invitation = db.session.scalars(select(MeetupInvitation.id)).one()
    answers_of_invited.decline(invitation)
    answers_of_invited.undo_decline(invitation)

    assert brought_in(meetup, _said((person, 1, "불참"))) == BroughtIn()


def test_at_a_meetup_by_invitation_a_no_lets_nobody_register_who_was_not_invited(app: Flask) -> None:
    meetup = meetup_of(5, mode=Mode.INVITATION)

    done = brought_in(meetup, _said((make_alumnus(meetup.cohorts[0]), 1, "불참")))

    assert (done, number(MeetupInvitation)) == (BroughtIn(), 0)


def test_whose_place_was_cancelled_for_their_no_is_not_invited_anew(app: Flask) -> None:
    meetup = meetup_of(5)
    person = make_alumnus(meetup.cohorts[0])
    brought_in(meetup, answers(entry(person, 5)))

    done = brought_in(meetup, _said((person, 1, "불참")), cancels=True)

    assert done == BroughtIn(given_up=1, declined=1)


def _said(*rows: tuple[Person, int, str]) -> Source:
    """Whether they come, so many hours ago."""
    lines = ["타임스탬프,이름,이메일 주소,참석 여부"]
    for person, hours, word in rows:
        lines.append(f"{hours_ago(hours)},{person.name},{person.addresses[0].address},{word}")
    return Source("\n".join(lines).encode(), "answers.csv")


def test_who_waits_reads_that_an_import_put_others_before_them_and_a_check_is_mailed_again(
    app: Flask,
) -> None:
    meetup = meetup_of(0)
    here, elsewhere = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    register(meetup, here)
    before = line.place_of(of(meetup, here))

    brought_in(meetup, answers(entry(elsewhere, 5), ("하늘", "unknown@example.com", hours_ago(4))))

    place = line.place_of(of(meetup, here))
    assert (before.place, before.brought_in) == (1, 0)
    assert (place.place, place.later, place.brought_in) == (2, 0, 1)
    assert line.place_of(of(meetup, elsewhere)).brought_in == 0
    check = db.session.scalars(select(Registration).where(Registration.status == Status.PENDING)).one()
    page = app.test_client().get(personal_links.url_of(of(meetup, here)), headers={"Accept-Language": "ko"})
    assert "설문으로 먼저 신청한 분" in page.text
    attendee.mail_again(check.id, ORGANIZER)
    assert [mail.registration_id for mail in owed("registration_pending")] == [check.id]


def test_an_import_is_taken_back_without_a_mail_and_the_same_file_brings_it_in_anew(app: Flask) -> None:
    meetup = meetup_of(1)
    seated, waiting, away = (make_alumnus(meetup.cohorts[0]) for _ in range(3))
    before = make_alumnus(meetup.cohorts[0])
    file = answers(entry(seated, 3), entry(waiting, 2), ("유령", "ghost@example.com", hours_ago(1)))
    done = brought_in(meetup, file)
    no = brought_in(meetup, _said((away, 1, "불참")))
    register(meetup, before)
    mails = number(OutboxMail)

    taken = [taking_back.take_back(meetup.id, each.import_id, ORGANIZER) for each in (done, no, done, no)]

    assert taken == [TakenBack(registrations=3), TakenBack(declined=1), TakenBack(), TakenBack()]
    assert of(meetup, before).status is Status.CONFIRMED  # the freed seat goes on
    assert [mail.registration_id for mail in owed("registration_promoted")] == [of(meetup, before).id]
    assert number(OutboxMail) == mails + 1
    assert number(MeetupInvitation) == 0
    assert taking_back.recent(meetup.id) == []
    assert brought_in(meetup, file) == BroughtIn(waiting=2, claims=1)


def test_what_a_taken_back_import_made_is_gone_and_its_ids_are_nobody_s(app: Flask) -> None:
    meetup = meetup_of(1)
    make_questions(meetup, make_question("q1"))
    seated = make_alumnus(meetup.cohorts[0])
    tables = (Registration, RegistrationEvent, AnswerSheet, Claim, Ticket, Person, PersonAddress)
    before = [number(each) for each in tables]
    file = answers(entry(seated, 3), ("유령", "ghost@example.com", hours_ago(1)), more="q1번 질문=채식")
    done = brought_in(meetup, file)
    between = [number(each) for each in tables]
    ids = set(db.session.scalars(select(Registration.id)))

    taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert [number(each) for each in tables] == before
    assert all(there > were for there, were in zip(between, before, strict=True))
    brought_in(meetup, file)
    assert ids.isdisjoint(db.session.scalars(select(Registration.id)))


def test_whoever_is_known_otherwise_finds_in_their_records_that_an_import_was_taken_back(app: Flask) -> None:
    meetup = meetup_of(1)
    came, away = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    done = brought_in(meetup, answers(entry(came, 3), ("유령", "ghost@example.com", hours_ago(1))))
    no = brought_in(meetup, _said((away, 1, "불참")))

    for each in (done, no):
        taking_back.take_back(meetup.id, each.import_id, ORGANIZER)

    assert _acts_about(came) == [(taking_back.ONE_UNDONE, meetup.id)]
    assert _acts_about(away) == [(answers_of_invited.FORGOTTEN, meetup.id)]
    of_meetup = AuditEntry.act == taking_back.UNDONE, AuditEntry.meetup_id == meetup.id
    told = db.session.scalars(select(AuditEntry).where(*of_meetup).order_by(AuditEntry.id)).all()
    assert [(len(each.details["registrations"]), each.details["declined"]) for each in told] == [
        (2, 0),
        (0, 1),
    ]


def test_a_person_of_an_earlier_meetup_is_still_there_when_their_list_check_is_taken_back(app: Flask) -> None:
    meetup = meetup_of(1)
    guest = make_person(meetup.program, "유령", "g@example.com")
    make_registration(make_meetup(meetup.program, 5), guest)
    done = brought_in(meetup, answers(("유령", "g@example.com", hours_ago(1))))

    taken = taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert (done.claims, taken.registrations) == (1, 1)
    end_reading()
    assert [each.address for each in db.session.get_one(Person, guest.id).addresses] == ["g@example.com"]


def test_a_draw_is_held_without_whom_a_taken_back_import_had_entered(app: Flask) -> None:
    meetup = meetup_of(1)
    seat_rules.save(meetup.id, by_draw(), ORGANIZER)
    done = brought_in(meetup, answers(entry(make_alumnus(meetup.cohorts[0]), 1)))
    entered = number(DrawEntry)

    taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert (entered, number(DrawEntry)) == (1, 0)


def test_whose_place_was_cancelled_for_their_no_stays_as_one_who_cannot_come(app: Flask) -> None:
    meetup = meetup_of(5)
    seated, away = (make_alumnus(meetup.cohorts[0]) for _ in range(2))
    brought_in(meetup, answers(entry(seated, 5)))
    done = brought_in(meetup, _said((seated, 1, "불참"), (away, 1, "불참")), cancels=True)

    taken = taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert (done.given_up, done.declined) == (1, 2)
    assert taken == TakenBack(declined=1)
    assert of(meetup, seated).status is Status.CANCELLED
    assert _invitation(meetup, seated).declined_at is not None


def test_a_no_that_somebody_says_themselves_is_not_taken_back_with_an_import(app: Flask) -> None:
    meetup = meetup_of(5)
    again, once, kept = (make_alumnus(meetup.cohorts[0]) for _ in range(3))
    people = frozenset({again.id, once.id, kept.id})
    meetup_invitations.invite(meetup.id, Choice(frozenset(), people), "", ORGANIZER)
    done = brought_in(meetup, _said((again, 1, "불참"), (once, 1, "불참"), (kept, 1, "불참")))
    answers_of_invited.undo_decline(_invitation(meetup, again).id)
    answers_of_invited.decline(_invitation(meetup, again).id)
    answers_of_invited.undo_decline(_invitation(meetup, once).id)

    taken = taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert taken == TakenBack(declined=1)
    assert _invitation(meetup, again).declined_at is not None
    assert _invitation(meetup, kept).declined_at is None


def test_an_import_that_was_taken_back_takes_nothing_back_of_the_next(app: Flask) -> None:
    meetup = meetup_of(5)
    away = make_alumnus(meetup.cohorts[0])
    meetup_invitations.invite(meetup.id, Choice(frozenset(), frozenset({away.id})), "", ORGANIZER)
    file = _said((away, 1, "불참"))
    first = brought_in(meetup, file)
    taking_back.take_back(meetup.id, first.import_id, ORGANIZER)
    second = brought_in(meetup, file)

    taken = taking_back.take_back(meetup.id, first.import_id, ORGANIZER)

    assert second.declined == 1
    assert taken == TakenBack()
    assert _invitation(meetup, away).declined_at is not None
    found = taking_back.find(meetup.id, first.import_id)
    assert found is not None
    assert found.is_undone
    assert taking_back.declining(db.session(), found) == []
    assert [each.id for each in taking_back.recent(meetup.id)] == [second.import_id]


def test_whom_somebody_told_or_touched_since_stays(app: Flask) -> None:
    meetup = meetup_of(0)
    untouched, told, tagged, cancelled, came_here = (make_alumnus(meetup.cohorts[0]) for _ in range(5))
    people = (untouched, told, tagged, cancelled, came_here)
    done = brought_in(meetup, answers(*(entry(each, 1) for each in people)))
    attendee.mail_again(of(meetup, told).id, ORGANIZER)
    tags.change(meetup.id, [of(meetup, tagged).id], ORGANIZER, add=["연사"])
    registrations.cancel(of(meetup, cancelled).id)
    proof_for(meetup, came_here)

    found = taking_back.find(meetup.id, done.import_id)
    assert found is not None
    why = {each.name: each.stays for each in taking_back.written(db.session(), found)}
    taken = taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert why == {
        untouched.name: None,
        told.name: Stays.TOLD,
        tagged.name: Stays.TOUCHED,
        cancelled.name: Stays.ENDED,
        came_here.name: Stays.SEEN,
    }
    assert taken == TakenBack(registrations=1)
    assert [of(meetup, each).status for each in (told, tagged, came_here)] == [Status.WAITLISTED] * 3


def test_whom_a_taken_back_import_had_among_applicants_nobody_chose_against(app: Flask) -> None:
    meetup = meetup_of(5, mode=Mode.APPROVAL)
    done = brought_in(meetup, answers(entry(make_alumnus(meetup.cohorts[0]), 1)))

    taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert approvals.not_selected(meetup.id, 9) == []


def test_an_import_can_be_taken_back_for_two_hours_and_at_its_own_meetup(app: Flask) -> None:
    meetup, other = meetup_of(5), meetup_of(5)
    done = brought_in(meetup, answers(entry(make_alumnus(meetup.cohorts[0]), 1)))

    assert taking_back.find(other.id, done.import_id) is None
    with later(2 * HOUR), pytest.raises(DomainError) as refused:
        taking_back.take_back(meetup.id, done.import_id, ORGANIZER)

    assert refused.value.code == "import_stands"
