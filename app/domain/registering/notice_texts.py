"""Ready-made notices and consents, for organizers to edit. They describe what this software does with
the data of a registration, and promise nothing that it doesn't keep; whether they suit a programme is for its lawyer to say.
"""

from __future__ import annotations

from app.domain.registering.notices import Consent, ConsentKind, Notice
from app.domain.writing.words import Words

KEPT_DAYS = 90
_REFUSAL = Words(
    "동의하지 않아도 돼요. 동의하지 않아도 참가 신청과 참석에 불이익이 없어요.",
    "You may refuse. Refusing changes nothing about your registration or your place.",
)


def notice(program: Words) -> Notice:
    """What registering for a programme's meetup needs."""
    ko, en = program.read("ko"), program.read("en")
    return Notice(
        purpose=Words(
            f"{ko} 밋업의 참가 자격 확인, 신청 접수와 자리 배정, 안내 메일 발송, 입장 확인",
            f"To check who may come to this meetup of {en}, take registrations and give seats, "
            "send mails about it, and let people in",
        ),
        items=Words(
            "이름, 기수, 이메일 주소, 신청·참석 기록, 직접 적은 전화번호와 답변",
            "Name, cohort, e-mail address, registration and attendance, and a phone number and answers if you give them",
        ),
        refusal=Words(
            "개인정보를 제공하지 않을 수 있어요. 다만 그러면 참가 자격을 확인할 수 없어 신청을 받지 못해요.",
            "You may choose not to give us your data. We then can't tell whether you may come, so you can't register.",
        ),
        kept_days=KEPT_DAYS,
    )


def consent(kind: ConsentKind, program: Words, key: str) -> Consent:
    """A consent of that kind; what only the organizer knows, such as a sponsor's name, is left empty."""
    ko, en = program.read("ko"), program.read("en")
    words = _CONSENTS[kind]
    filled = {
        name: Words(text.ko.replace("{programme}", ko), text.en.replace("{programme}", en))
        for name, text in words.items()
    }
    return Consent(key=key, kind=kind, refusal=_REFUSAL, **filled)


_CONSENTS: dict[ConsentKind, dict[str, Words]] = {
    ConsentKind.PHOTOS: {
        "label": Words("사진·영상에 나와도 괜찮아요", "You may photograph and film me"),
        "purpose": Words(
            "{programme} 밋업의 기록과 홍보 (홈페이지, 소셜 미디어)",
            "To record and show meetups of {programme} (website, social media)",
        ),
        "items": Words("사진과 영상에 담긴 모습", "Your appearance in photographs and films"),
        "period": Words(
            "게시하는 동안 (누구든지 언제든 내려 달라고 할 수 있어요)",
            "While they are shown; anybody can ask for one to be taken down at any time",
        ),
    },
    ConsentKind.MARKETING: {
        "label": Words("다음 소식도 메일로 받을게요", "Mail me about what comes next"),
        "purpose": Words(
            "{programme}의 다음 밋업과 과정 소식 안내", "News of coming meetups and courses of {programme}"
        ),
        "items": Words("이름, 이메일 주소", "Name, e-mail address"),
        "period": Words(
            "동의를 철회할 때까지, 길어야 이 밋업의 개인정보를 파기하는 날까지",
            "Until you withdraw your consent, at the longest until this meetup's personal data is destroyed",
        ),
    },
    ConsentKind.THIRD_PARTY: {
        "label": Words("후원사에 제 정보를 전해도 괜찮아요", "You may pass my data on to the sponsor"),
        "purpose": Words("채용·행사 안내", "To tell you about jobs and events"),
        "items": Words("이름, 이메일 주소", "Name, e-mail address"),
        "period": Words("제공한 날부터 1년", "1 year from when they get it"),
    },
    ConsentKind.SENSITIVE: {
        "label": Words("식단 정보를 써도 괜찮아요 (민감정보)", "You may use what I eat (sensitive data)"),
        "purpose": Words("식사 준비", "To prepare the food"),
        "items": Words(
            "식단, 알레르기 (건강이나 신념을 드러낼 수 있는 민감정보)",
            "Diet and allergies: sensitive data, which may reveal health or belief",
        ),
        "period": Words(
            "동의를 철회할 때까지, 길어야 이 밋업의 개인정보를 파기하는 날까지",
            "Until you withdraw your consent, at the longest until this meetup's personal data is destroyed",
        ),
    },
    ConsentKind.OTHER: {"label": Words(), "purpose": Words(), "items": Words(), "period": Words()},
}
