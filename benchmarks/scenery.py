"""What the bench's world looks like: invented people, and a meetup with a page like a real one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.clock import now
from app.models import Cohort, Meetup, MeetupState, Program, Talk

FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = (
    "민준",
    "서연",
    "도윤",
    "하은",
    "시우",
    "지유",
    "주원",
    "수아",
    "예준",
    "다은",
    "건우",
    "채원",
    "은우",
)
DESCRIPTION = """세 기수의 동문이 **처음으로** 한자리에 모입니다. 발표 네 편과 특별 손님, 단체 사진이 준비되어 있어요.

- 입장은 시작 30분 전부터예요.
- 저녁 식사와 음료가 준비되어 있어요.
- 주차는 어려우니 대중교통을 이용해 주세요.
"""
TALKS = (
    "작은 모델로 큰 일 하기",
    "연구실에서 현장으로",
    "데이터가 없을 때 하는 일",
    "추천이 틀릴 때",
    "특별 손님과의 대화",
)


def meetup_of(program: Program, cohorts: Sequence[Cohort], slug: str, capacity: int, taken: int) -> Meetup:
    """A page like a real one, with a programme of talks."""
    start = now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
    meetup = Meetup(
        program_id=program.id,
        slug=slug,
        state=MeetupState.PUBLISHED,
        title_ko="동문 밋업",
        title_en="Alumni meetup",
        description_ko=DESCRIPTION,
        place_ko="서울 강남구 예시홀 3층",
        place_en="Example Hall, Seoul",
        place_address="서울 강남구 예시로 1",
        host_event_ko="머신러닝 주간",
        host_event_en="Machine Learning Week",
        host_name="동문회 운영진",
        contact_address="office@example.com",
        starts_at=start,
        ends_at=start + dt.timedelta(hours=3),
        zone="Asia/Seoul",
        capacity=capacity,
        published_at=now(),
        next_rank=taken + 1,
    )
    meetup.cohorts = list(cohorts)
    meetup.talks = [
        Talk(position=n, starts_at=start, title_ko=title, speaker=name_of(n), affiliation="예시연구소")
        for n, title in enumerate(TALKS)
    ]
    return meetup


def name_of(number: int) -> str:
    return FAMILY[number % len(FAMILY)] + GIVEN[number // len(FAMILY) % len(GIVEN)]


def address_of(person: int) -> str:
    return f"alumnus{person}@example.com"
