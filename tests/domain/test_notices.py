"""A notice and its consents: what makes them whole, and how long they say that data is kept."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

import pytest

from app.domain.meetup_drafts import Unusable
from app.domain.registering import notice_texts
from app.domain.registering.notices import AGE, Consent, ConsentKind, Notice, free_key, require_whole
from app.domain.writing.words import NO_WORDS, Words

PROGRAM = Words("머신러닝 부트캠프", "ML Bootcamp")
READY = notice_texts.notice(PROGRAM)
SPONSOR = dataclasses.replace(
    notice_texts.consent(ConsentKind.THIRD_PARTY, PROGRAM, "third_party"), recipient=Words("예시테크")
)


def problems(notice: Notice) -> dict[str, str]:
    with pytest.raises(Unusable) as refusal:
        require_whole(notice)
    return {where: problem.code for where, problem in refusal.value.problems.items()}


def with_consents(*consents: Consent) -> Notice:
    return dataclasses.replace(READY, consents=consents)


def test_the_ready_made_notice_is_whole_in_both_languages_and_names_the_programme():
    require_whole(READY)

    for locale, name in (("ko", PROGRAM.ko), ("en", PROGRAM.en)):
        assert name in getattr(READY.purpose, locale)
        assert all(getattr(words, locale) for words in (READY.items, READY.refusal))


@pytest.mark.parametrize("kind", list(ConsentKind))
def test_a_ready_made_consent_lacks_only_what_the_organizer_alone_knows(kind: ConsentKind):
    lacking = {
        ConsentKind.THIRD_PARTY: {"recipient"},
        ConsentKind.OTHER: {"label", "purpose", "items", "period"},
    }.get(kind, set())
    notice = with_consents(notice_texts.consent(kind, PROGRAM, "one"))

    found = problems(notice) if lacking else require_whole(notice) or {}

    assert found == {f"consents-0-{name}_ko": f"consent_needs_{name}" for name in lacking}


@pytest.mark.parametrize(
    ("changes", "where", "code"),
    [
        ({"purpose": NO_WORDS}, "purpose_ko", "notice_needs_purpose"),
        ({"items": NO_WORDS}, "items_ko", "notice_needs_items"),
        ({"refusal": NO_WORDS}, "refusal_ko", "notice_needs_refusal"),
        ({"kept_days": 0}, "kept_days", "notice_needs_days"),
        ({"kept_days": 3651}, "kept_days", "notice_needs_days"),
        ({"period": Words(en="x" * 1001)}, "period_en", "text_too_long"),
        ({"consents": (SPONSOR,) * 11}, "consents", "too_many_consents"),
    ],
)
def test_a_notice_with_a_gap_is_refused_at_its_field(changes: dict[str, object], where: str, code: str):
    assert problems(dataclasses.replace(READY, **changes)) == {where: code}  # type: ignore[arg-type]


def test_one_language_is_enough_and_is_shown_in_both():
    notice = dataclasses.replace(READY, purpose=Words("안내 메일"))

    require_whole(notice)

    assert notice.purpose.read("en") == "안내 메일"


def test_a_notice_is_read_back_as_it_was_stored():
    notice = dataclasses.replace(with_consents(SPONSOR), asks_age=True, period=Words("명단은 1년"))

    assert Notice.of(json.loads(json.dumps(notice.stored()))) == notice


def test_data_is_kept_for_days_after_the_day_on_which_the_meetup_ends():
    ends = dt.datetime(2027, 7, 14, 23, 30, tzinfo=dt.UTC)

    assert dataclasses.replace(READY, kept_days=90).kept_until(ends) == dt.date(2027, 10, 12)


def test_the_age_is_a_box_beside_the_consents_only_where_it_is_asked():
    assert with_consents(SPONSOR).boxes == ("third_party",)
    assert dataclasses.replace(with_consents(SPONSOR), asks_age=True).boxes == (AGE, "third_party")


def test_a_second_consent_of_a_kind_gets_a_key_of_its_own():
    assert free_key(ConsentKind.PHOTOS, set()) == "photos"
    assert free_key(ConsentKind.PHOTOS, {"photos", "photos-2"}) == "photos-3"
