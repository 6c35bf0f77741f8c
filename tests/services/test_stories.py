"""The story of a meetup: who agreed, who takes a photo down, who lets their words be shown."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from flask import Flask
from PIL import Image as Pictures
from sqlalchemy import select, update

from app.clock import now
from app.db import db, end_reading, transaction
from app.domain.erasure import Asked
from app.domain.errors import DomainError
from app.domain.writing.words import Words
from app.models import (
    AuditEntry,
    Image,
    Meetup,
    MeetupState,
    Program,
    Registration,
    Status,
    Story,
    StoryPhoto,
    StoryQuote,
    Talk,
)
from app.services.organizing import certificates, images, stories, story_photos, tags
from app.services.personal import erasure, own_data, personal_links
from app.services.registering import consents
from tests.factories import (
    make_alumnus,
    make_cohort,
    make_consent,
    make_meetup,
    make_member,
    make_notice,
    make_registration,
    sign_in,
)
from tests.support.client import Browser, submit

pytestmark = pytest.mark.usefixtures("app")
ACTOR = "account:1"


def held(**fields: Any) -> Meetup:
    over = now() - dt.timedelta(days=1)
    values = {"starts_at": over - dt.timedelta(hours=3), "ends_at": over} | fields
    meetup = make_meetup(cohorts=[make_cohort()], **values)
    stories.save(meetup.id, Words("다 같이 **즐거웠어요**.", ""), ACTOR)
    return meetup


def picture(shade: int = 90) -> io.BytesIO:
    """A photograph with a place in its metadata."""
    made, file = Pictures.new("RGB", (2000, 1500), (shade, 80, 160)), io.BytesIO()
    exif = made.getexif()
    exif[0x010F] = "Spy camera"
    made.save(file, "JPEG", exif=exif)
    file.seek(0)
    return file


def photo_of(meetup: Meetup) -> StoryPhoto:
    end_reading()
    return story_photos.photos(meetup.id, hidden=True)[-1]


def with_photo(meetup: Meetup, shade: int = 90) -> StoryPhoto:
    story_photos.add_photo(meetup, picture(shade), Words("단체 사진", "All of us"), ACTOR, agreed=True)
    return photo_of(meetup)


def test_the_page_is_there_once_published_and_gone_once_taken_back(client: Browser):
    meetup = held()
    with_photo(meetup)
    page = f"/m/{meetup.slug}/story"
    before = client.get(page).status_code

    stories.publish(meetup.id, True, ACTOR)
    shown, leads = client.get(page), client.get(f"/m/{meetup.slug}").text
    stories.publish(meetup.id, False, ACTOR)

    assert (before, shown.status_code, client.get(page).status_code) == (404, 200, 404)
    assert "<strong>즐거웠어요</strong>" in shown.text
    assert 'loading="lazy"' in shown.text
    assert f'href="{page}"' in leads
    assert f'href="{page}"' not in client.get(f"/m/{meetup.slug}").text


def test_a_meetup_that_is_not_over_or_says_nothing_is_not_told():
    early = make_meetup(cohorts=[make_cohort()])
    stories.save(early.id, Words("곧", ""), ACTOR)
    silent = held()
    stories.save(silent.id, Words(), ACTOR)

    with pytest.raises(DomainError, match="story_too_soon"):
        stories.publish(early.id, True, ACTOR)
    with pytest.raises(DomainError, match="story_empty"):
        stories.publish(silent.id, True, ACTOR)


def test_a_photo_without_the_word_that_its_people_agreed_is_refused_and_not_kept():
    meetup = held()

    with pytest.raises(DomainError, match="photo_unconfirmed"):
        story_photos.add_photo(meetup, picture(), Words(), ACTOR, agreed=False)

    assert db.session.scalars(select(Image)).all() == []


def test_a_photo_is_made_anew_large_and_small_without_its_metadata():
    photo = with_photo(held())

    for image, most in ((photo.image, 1600), (photo.small, 640)):
        data = images.path_of(image.sha256).read_bytes()
        assert max(image.width, image.height) == most
        assert b"Spy" not in data


def test_strangers_get_photos_of_a_published_story_only_and_none_that_is_hidden(client: Browser):
    meetup = held()
    photo = with_photo(meetup)
    address = f"/images/{photo.small.sha256}.webp"
    draft = client.get(address).status_code

    stories.publish(meetup.id, True, ACTOR)
    told = client.get(address)
    story_photos.ask_down(meetup, photo.uid, "", "192.0.2.1")

    assert (draft, told.status_code, client.get(address).status_code) == (404, 200, 404)
    assert told.headers["Cache-Control"] == "public, max-age=300"


def test_anybody_takes_a_photo_down_at_once_by_a_press_and_not_by_opening_the_page(client: Browser):
    meetup = held()
    photo = with_photo(meetup)
    stories.publish(meetup.id, True, ACTOR)
    form = f"/m/{meetup.slug}/story/photos/{photo.uid}/removal"

    client.get(form)
    still = photo_of(meetup).hidden_at
    answer = submit(client, form, {"words": "제가 나와요"})

    taken = photo_of(meetup)
    assert (still, answer.status_code, taken.asked_words) == (None, 200, "제가 나와요")
    assert taken.hidden_at is not None
    assert photo.uid not in client.get(f"/m/{meetup.slug}/story").text


def test_one_place_cannot_take_every_photo_down():
    meetup = held()
    photo = with_photo(meetup)
    for _ in range(story_photos.ASKS_PER_DAY):
        story_photos.ask_down(meetup, "nothing", "", "192.0.2.7")

    with pytest.raises(DomainError, match="too_many_removals"):
        story_photos.ask_down(meetup, photo.uid, "", "192.0.2.7")
    story_photos.ask_down(meetup, photo.uid, "", "192.0.2.8")

    assert photo_of(meetup).hidden_at is not None


NUMBER = "900101-1234567"


def test_no_text_of_a_story_keeps_a_resident_number():
    meetup = held()
    photo, speaker = with_photo(meetup), make_registration(meetup)
    for typed in (
        lambda: stories.save(meetup.id, Words(NUMBER, ""), ACTOR),
        lambda: story_photos.add_photo(meetup, picture(), Words("", NUMBER), ACTOR, agreed=True),
        lambda: stories.add_quote(meetup.id, speaker.reference, "", NUMBER, ACTOR),
        lambda: story_photos.restore(meetup.id, photo.id, NUMBER, ACTOR),
        lambda: story_photos.ask_down(meetup, photo.uid, NUMBER, "192.0.2.1"),
    ):
        with pytest.raises(DomainError, match="resident_number_typed"):
            typed()


def test_a_photo_that_is_also_the_seal_of_certificates_can_be_removed():
    meetup = held()
    photo = with_photo(meetup)
    certificates.save(meetup.id, certificates.Design(is_on=True, seal_id=photo.image_id), ACTOR)

    story_photos.remove_photo(meetup.id, photo.id, ACTOR)

    end_reading()
    assert story_photos.photos(meetup.id, hidden=True) == []
    assert db.session.get(Image, photo.image_id) is not None


def test_only_a_reason_brings_a_photo_back_and_the_trail_keeps_it():
    meetup = held()
    photo = with_photo(meetup)
    story_photos.ask_down(meetup, photo.uid, "", "192.0.2.1")

    with pytest.raises(DomainError, match="restore_needs_reason"):
        story_photos.restore(meetup.id, photo.id, " ", ACTOR)
    story_photos.restore(meetup.id, photo.id, "사진 속 분께 확인했어요", ACTOR)

    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "photo.restored")).one()
    assert (photo_of(meetup).hidden_at, entry.reason) == (None, "사진 속 분께 확인했어요")


def test_removing_a_photo_deletes_its_files_but_not_those_that_something_else_shows():
    meetup, other = held(), held()
    photo, same, alone = with_photo(meetup), with_photo(other), with_photo(meetup, 200)
    with transaction() as session:
        session.get_one(Meetup, meetup.id).cover_id = photo.image_id
    paths = {name: images.path_of(each.image.sha256) for name, each in (("kept", photo), ("gone", alone))}
    small = images.path_of(photo.small.sha256)

    story_photos.remove_photo(meetup.id, photo.id, ACTOR)
    story_photos.remove_photo(meetup.id, alone.id, ACTOR)

    assert (paths["kept"].exists(), paths["gone"].exists(), small.exists()) == (True, False, True)
    assert same.small.sha256 == photo.small.sha256


def test_a_speaker_is_quoted_while_they_let_it(client: Browser):
    meetup = held()
    speaker = make_registration(meetup)
    stories.add_quote(meetup.id, f" {speaker.reference.lower()}", "작은 모델", "함께라서 배웠어요.", ACTOR)
    stories.publish(meetup.id, True, ACTOR)
    own = f"/r/{speaker.reference}/{personal_links.secret_of(speaker)}/quotes"
    page = f"/m/{meetup.slug}/story"

    asked = "함께라서" in client.get(page).text
    opened = client.get(own).status_code, "함께라서" in client.get(page).text
    quote = stories.quotes_of(speaker.id)[0]
    submit(client, own, {"approved": "yes"}, action=f"{own}/{quote.id}")
    agreed = "함께라서" in client.get(page).text
    stories.decide_quote(speaker.id, quote.id, False)

    assert (asked, opened, agreed) == (False, (200, False), True)
    assert "함께라서" not in client.get(page).text


def test_nobody_decides_for_somebody_else():
    meetup = held()
    speaker, other = make_registration(meetup), make_registration(meetup)
    stories.add_quote(meetup.id, speaker.reference, "", "말", ACTOR)

    with pytest.raises(DomainError, match="no_such_quote"):
        stories.decide_quote(other.id, stories.quotes_of(speaker.id)[0].id, True)
    with pytest.raises(DomainError, match="no_such_speaker"):
        stories.add_quote(meetup.id, "NOBODY00", "", "말", ACTOR)


def test_beside_the_photos_stand_those_who_came_and_did_not_agree():
    meetup = held()
    make_notice(meetup, consents=(make_consent("photos"),))
    cohort = make_cohort()
    came = make_registration(meetup, make_alumnus(cohort, "강싫어"), admitted_at=now())
    make_registration(meetup, make_alumnus(cohort, "조안옴"))

    assert stories.unwilling(db.session.get_one(Meetup, meetup.id)) == stories.Unwilling(["강싫어"], 0, 0)
    assert stories.unwilling(held()) is None
    assert came.admitted_at is not None


def test_erasing_somebody_takes_their_words_and_their_name_out_of_a_text():
    meetup = held()
    speaker = make_registration(meetup, make_alumnus(make_cohort(), "남궁하늘"))
    stories.save(meetup.id, Words("남궁하늘 님이 말했어요.", ""), ACTOR)
    stories.add_quote(meetup.id, speaker.reference, "", "제 말", ACTOR)
    told = own_data.collect(speaker.person_id, "ko")["registrations"][0]["quotes"]
    with transaction() as session:  # the text is of the same programme
        person = session.get_one(Registration, speaker.id).person
        person.program_id = session.get_one(Meetup, meetup.id).program_id

    erasure.erase(speaker.person_id, ACTOR, Asked.MAIL)
    end_reading()

    assert told[0]["your_words"] == "제 말"
    assert db.session.scalars(select(StoryQuote)).all() == []
    words = db.session.scalars(select(Story.words_ko).where(Story.meetup_id == meetup.id)).one()
    assert words == "··· 님이 말했어요."


def test_the_desk_says_why_a_photo_was_not_added(app: Flask, client: Browser):
    meetup = held(state=MeetupState.PUBLISHED)
    with transaction() as session:
        program = session.get_one(Meetup, meetup.id).program
    sign_in(client, make_member(program))
    page = f"/desk/{program.slug}/meetups/{meetup.slug}/story"

    answer = submit(client, page, {"photo": (picture(), "us.jpg")}, action=f"{page}/photos")

    assert answer.status_code == 422
    assert "everybody who can be recognised agreed" in answer.text


def organizing(client: Browser, meetup: Meetup) -> str:
    """Signed in; where the story is at the desk."""
    with transaction() as session:
        program = session.get_one(Meetup, meetup.id).program
    sign_in(client, make_member(program))
    return f"/desk/{program.slug}/meetups/{meetup.slug}/story"


def test_several_photos_come_at_once_and_of_a_bad_one_the_page_says_which(app: Flask, client: Browser):
    meetup = held(state=MeetupState.PUBLISHED)
    page = organizing(client, meetup)
    good = [(picture(shade), f"{shade}.jpg") for shade in (10, 20)]
    fields = {"agreed": "yes", "caption_ko": "단체 사진"}

    added = submit(client, page, fields | {"photo": good}, action=f"{page}/photos")
    some = [(picture(30), "30.jpg"), (io.BytesIO(b"no picture"), "broken.jpg"), (picture(40), "40.jpg")]
    refused = submit(client, page, fields | {"photo": some}, action=f"{page}/photos")
    many = submit(
        client,
        page,
        fields | {"photo": [(io.BytesIO(b"x"), "x.jpg") for _ in range(11)]},
        action=f"{page}/photos",
    )

    assert added.status_code == 303
    assert (refused.status_code, many.status_code) == (422, 422)
    assert "broken.jpg: " in refused.text
    assert "1 photo before it is added." in refused.text
    assert "Choose one to 10 photos." in many.text
    assert [photo.caption.ko for photo in story_photos.photos(meetup.id)] == ["단체 사진"] * 3


def test_a_caption_is_changed_without_adding_the_photo_again(app: Flask, client: Browser):
    meetup = held(state=MeetupState.PUBLISHED)
    photo = with_photo(meetup)
    page = organizing(client, meetup)

    submit(
        client, page, {"caption_ko": "뒤풀이", "caption_en": ""}, action=f"{page}/photos/{photo.id}/caption"
    )

    assert photo_of(meetup).caption == Words("뒤풀이", "")
    with pytest.raises(DomainError, match="resident_number_typed"):
        story_photos.describe(meetup.id, photo.id, Words("900101-1234567", ""), ACTOR)
    with pytest.raises(DomainError, match="no_such_photo"):
        story_photos.describe(held().id, photo.id, Words("", ""), ACTOR)


def test_speakers_are_offered_to_be_quoted(app: Flask, client: Browser):
    meetup = held(state=MeetupState.PUBLISHED)
    tagged, named, other = (
        make_registration(meetup, make_alumnus(meetup.cohorts[0], name))
        for name in ("강연사", "남궁발표", "손님")
    )
    tags.change(meetup.id, [tagged.id], ACTOR, add=["연사"])
    with transaction() as session:
        session.add(Talk(meetup_id=meetup.id, position=0, title_ko="이야기", speaker="외부인, 남궁발표"))
    page = client.get(organizing(client, meetup)).text

    offered = [
        each.reference for each in (tagged, named, other) if f'<option value="{each.reference}">' in page
    ]
    assert offered == [tagged.reference, named.reference]
    looks = db.session.scalars(select(AuditEntry.act).where(AuditEntry.act == "attendees.listed")).all()
    assert len(looks) == 1, "names were shown"
    with transaction() as session:
        gone = update(Registration).where(Registration.id == tagged.id)
        session.execute(gone.values(status=Status.CANCELLED))
    assert f'<option value="{tagged.reference}">' not in client.get(organizing(client, meetup)).text


def test_a_photo_too_many_leaves_no_picture_behind(monkeypatch: pytest.MonkeyPatch):
    meetup = held()
    with_photo(meetup)
    monkeypatch.setattr(story_photos, "MOST_PHOTOS", 1)
    kept = len(db.session.scalars(select(Image)).all())

    with pytest.raises(DomainError, match="too_many_photos"):
        with_photo(meetup, shade=200)

    end_reading()
    assert len(db.session.scalars(select(Image)).all()) == kept


def test_the_list_of_who_did_not_agree_says_how_many_more_there_are(
    client: Browser, monkeypatch: pytest.MonkeyPatch
):
    meetup = held()
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))
    monkeypatch.setattr(
        stories, "unwilling", lambda _meetup: stories.Unwilling([f"사람{n}" for n in range(305)], 0, 0)
    )
    page = f"/desk/{db.session.get_one(Program, meetup.program_id).slug}/meetups/{meetup.slug}/story"

    assert "and 5 more" in client.get(page).text


def test_companions_who_were_asked_nothing_and_who_was_erased_are_told_apart_from_who_agreed(
    client: Browser,
):
    meetup = held()
    make_notice(meetup, consents=(make_consent("photos"),))
    cohort = make_cohort(db.session.get_one(Program, meetup.program_id))
    came = {"admitted_at": now(), "admitted_count": 3}
    agreed = make_registration(meetup, make_alumnus(cohort, "김좋아"), companions=2, **came)
    consents.change(agreed.id, {"photos": True})
    sign_in(client, make_member(db.session.get_one(Program, meetup.program_id)))
    page = f"/desk/{db.session.get_one(Program, meetup.program_id).slug}/meetups/{meetup.slug}/story"

    with_companions = client.get(page).text
    erasure.erase(agreed.person_id, "person", Asked.LINK)
    erased = client.get(page).text

    assert "Everybody who came agreed." not in with_companions
    assert "Everybody who came on a registration of their own agreed." in with_companions
    assert "2 companions came in. Companions are asked nothing" in with_companions
    assert "Of 1 who came, name and consents are destroyed" in erased
    assert "agreed." not in erased.partition("Who did not agree to photos")[2]
    assert "erased)" not in erased
