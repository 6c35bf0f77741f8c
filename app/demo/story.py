"""What the demo's meetups say."""

from __future__ import annotations

import dataclasses
import datetime as dt
from zoneinfo import ZoneInfo

from app.domain.meetup_drafts import Draft, TalkDraft
from app.domain.registering import notice_texts
from app.domain.registering.answers import Answer
from app.domain.registering.notices import ConsentKind, Notice
from app.domain.registering.questions import Condition, Option, Question, QuestionKind
from app.domain.writing.words import Words

ZONE = ZoneInfo("Asia/Seoul")
COMMON = {
    "zone": "Asia/Seoul",
    "host_name": "머신러닝 부트캠프 운영팀",
    "contact_address": "office@example.com",
}
WEEK = {
    "host_event_ko": "예시 AI 위크",
    "host_event_en": "Example AI Week",
    "host_event_url": "https://week.example/",
}

REUNION_KO = """\
온라인에서만 만나던 1기부터 3기까지, 처음으로 **한자리에** 모여요.

- 동문 네 분이 요즘 하는 일을 들려드려요.
- 특별 손님과 이야기 나누는 시간이 있어요.
- 끝나고 다 함께 사진을 찍어요.

콘퍼런스 위크 안에서 열려요. 위크 입장은 주최 측에 따로 신청해 주세요.
"""
REUNION_EN = """\
Cohorts 1 to 3 have only met online. This is the first evening **in one room**.

- Four alumni tell what they are working on.
- A special guest joins for a conversation.
- We end with a group photo.

The meetup is part of a conference week that has its own registration. Please sign up there as well.
"""


def local(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    """A wall-clock time in the demo's zone."""
    return dt.datetime.combine(day, dt.time(hour, minute))


def notice(ready_made: Notice) -> Notice:
    """The ready-made notice, with two things that people may refuse."""
    program = Words("머신러닝 부트캠프", "Machine Learning Bootcamp")
    photos = notice_texts.consent(ConsentKind.PHOTOS, program, "photos")
    sponsor = dataclasses.replace(
        notice_texts.consent(ConsentKind.THIRD_PARTY, program, "third_party"),
        recipient=Words("예시테크 주식회사 (후원사)", "Example Tech Inc. (sponsor)"),
    )
    return dataclasses.replace(ready_made, consents=(photos, sponsor))


def questions() -> tuple[Question, ...]:
    """Whether they stay for the photo, what they want to talk about, what they are proud of."""
    stays = Question(
        key="q1",
        kind=QuestionKind.CHOICE,
        label=Words("끝까지 계실 수 있나요?", "Can you stay to the end?"),
        options=(
            Option("o1", Words("네, 단체 사진까지요", "Yes, for the group photo")),
            Option("o2", Words("먼저 가야 해요", "I have to leave early")),
        ),
        required=True,
    )
    leaves = Question(
        key="q2",
        kind=QuestionKind.TEXT,
        label=Words("몇 시쯤 가시나요?", "When do you leave?"),
        only_if=Condition("q1", ("o2",)),
    )
    about = Question(
        key="q3",
        kind=QuestionKind.CHOICES,
        label=Words("어떤 이야기를 나누고 싶으세요?", "What would you like to talk about?"),
        options=tuple(
            Option(f"o{number}", Words(ko, en))
            for number, (ko, en) in enumerate(
                (
                    ("이직과 커리어", "Careers"),
                    ("논문", "Papers"),
                    ("창업", "Founding"),
                    ("사이드 프로젝트", "Side projects"),
                ),
                start=1,
            )
        ),
    )
    return stays, leaves, about


def answers(chance: int) -> dict[str, Answer]:
    """What somebody answers to these."""
    about: list[str] = [f"o{number}" for number in range(1, 5) if chance >> number & 1]
    leaves: dict[str, Answer] = {"q1": "o2", "q2": "8시쯤"} if chance % 5 == 0 else {"q1": "o1"}
    return leaves | ({"q3": about} if about else {})


def reunion(day: dt.date, cohorts: frozenset[int]) -> Draft:
    """The open meetup: 40 seats inside a larger conference week, four talks and a special guest."""
    return Draft(
        **COMMON,  # type: ignore[arg-type]
        **WEEK,  # type: ignore[arg-type]
        slug="reunion",
        title_ko="동문 밋업: 다시, 한자리에",
        title_en="Alumni meetup: together again",
        description_ko=REUNION_KO,
        description_en=REUNION_EN,
        place_ko="예시 컨벤션센터 2층 세미나실",
        place_en="Example Convention Centre, seminar room, 2F",
        place_address="서울 강남구 예시로 1",
        map_url="https://map.example/convention-centre",
        starts=local(day, 18, 30),
        ends=local(day, 21),
        capacity=40,
        asks_phone=True,
        cohort_ids=cohorts,
        talks=(
            talk("other", 18, 30, "입장과 인사", "Doors open"),
            talk("talk", 19, 0, "작은 모델로 큰 병원 돕기", "Small models for large hospitals", "김하늘", "예시의료원"),
            talk("talk", 19, 20, "창고 로봇이 길을 찾는 법", "How warehouse robots find their way", "이도윤", "예시로보틱스"),
            talk("talk", 19, 40, "퇴근 후의 오픈소스", "Open source after work", "Park Ji-won", "예시소프트"),
            talk("talk", 20, 0, "연구실에서 창업까지", "From the lab to a company", "최서윤", "예시랩"),
            talk("special_guest", 20, 20, "특별 손님과의 대화", "A conversation with our special guest", "정다온", "예시대학교"),
            talk("other", 20, 50, "단체 사진", "Group photo"),
        ),
    )  # fmt: skip


def workshop(day: dt.date, cohorts: frozenset[int]) -> Draft:
    """The full meetup with a waitlist."""
    return Draft(
        **COMMON,  # type: ignore[arg-type]
        slug="paper-night",
        title_ko="논문 읽는 밤",
        title_en="Paper reading night",
        description_ko="한 편을 골라 함께 읽고 이야기해요. 자리가 적어 일찍 차요.",
        description_en="We pick one paper, read it together and talk. Few seats, quickly taken.",
        place_ko="예시도서관 3층",
        place_en="Example Library, 3F",
        starts=local(day, 19),
        ends=local(day, 21, 30),
        capacity=16,
        cohort_ids=cohorts,
    )


def first_meetup(day: dt.date, cohorts: frozenset[int]) -> Draft:
    """The past meetup with arrivals."""
    return Draft(
        **COMMON,  # type: ignore[arg-type]
        slug="first-meetup",
        title_ko="첫 동문 모임",
        title_en="The first alumni gathering",
        description_ko="처음 얼굴을 보는 자리. 와 주셔서 고마워요.",
        description_en="The first time we saw each other's faces. Thank you for coming.",
        place_ko="예시카페 2층",
        place_en="Example Café, 2F",
        starts=local(day, 14),
        ends=local(day, 17),
        capacity=40,
        cohort_ids=cohorts,
    )


def talk(
    kind: str, hour: int, minute: int, ko: str, en: str, speaker: str = "", affiliation: str = ""
) -> TalkDraft:
    return TalkDraft(
        kind=kind,
        clock=dt.time(hour, minute),
        title_ko=ko,
        title_en=en,
        speaker=speaker,
        affiliation=affiliation,
    )
