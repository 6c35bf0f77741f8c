"""What a roster can say about a person, and the words that head such a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Field(StrEnum):
    NAME = "name"
    ADDRESS = "address"
    COHORT = "cohort"
    COMPLETED = "completed"
    PHONE = "phone"
    CERTIFICATE = "certificate"
    NOTE = "note"
    OTHER_NAME = "other_name"


MAX_LENGTH: Mapping[Field, int] = MappingProxyType(
    {
        Field.NAME: 100, Field.ADDRESS: 254, Field.COHORT: 100, Field.COMPLETED: 100,
        Field.PHONE: 40, Field.CERTIFICATE: 64, Field.NOTE: 1000, Field.OTHER_NAME: 100,
    }
)  # fmt: skip
LONGEST_HEADER = 60
EXACT, PART, WITHIN, WEAK = 4, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`whole` words head the column alone, `stems` also inside a longer heading; `weak` ones
    say it only if the cells agree; a heading with a `never` stem is something else."""

    whole: frozenset[str]
    stems: tuple[str, ...]
    weak: frozenset[str]
    never: tuple[str, ...]


def _words(whole: str, stems: str = "", weak: str = "", never: str = "") -> Vocabulary:
    stem_words = tuple(stems.split())
    return Vocabulary(
        frozenset(whole.split()) | frozenset(stem_words),
        stem_words,
        frozenset(weak.split()),
        tuple(never.split()),
    )


VOCABULARY: Mapping[Field, Vocabulary] = MappingProxyType(
    {
        Field.NAME: _words(
            (
                "참가자명 참가자 수강생명 수강생 학생명 회원명 교육생명 교육생 신청자명 신청자 수료생 "
                "수료자 실명 본명 성명한글 한글 姓名 氏名"
            ),
            stems="이름 성명 성함 name",
            never=(
                "영문 영어 english roman 다른 이전 개명 former other 닉네임 별명 nick username 회사 "
                "company 기관 소속 학교 school "
                "파일 file 과정 course program 기수 cohort batch 팀 team 예금 입금 depositor 보호자 "
                "추천 행사 event sheet "
                "first last given family surname 여부"
            ),
        ),
        Field.OTHER_NAME: _words(
            "영문 한자 englishname",
            stems=(
                "영문이름 영문명 영문성명 성명영문 이름영문 영어이름 영어성명 한자이름 한자명 "
                "개명전이름 이전이름 다른이름 "
                "englishname nameenglish nameinenglish romanizedname formername othername"
            ),
            never="여부",
        ),
        Field.ADDRESS: _words(
            "메일주소 전자우편주소 emailaddress",
            stems="이메일 메일 email mail 전자우편 전자메일",
            never="수신 동의 consent 여부 발송 opt newsletter 광고",
        ),
        Field.COHORT: _words(
            "기 intake generation gen class",
            stems="기수 cohort batch 몇기 수강회차",
            weak="회차 차수 연도 년도 year 수강연도 수강년도 수료연도 수료년도 참여연도 입학년도",
            never="여부 name",
        ),
        Field.COMPLETED: _words(
            "수료 이수 졸업 completed complete graduated graduate",
            stems=(
                "수료여부 이수여부 졸업여부 수료유무 이수유무 수료상태 이수상태 수료결과 수료구분 "
                "수료이수 완료여부 과정완료 completion graduation"
            ),
            weak="status 상태 완료 결과 result 최종결과 구분 pass passed finished 합격여부",
            never=(
                "번호 일자 날짜 date 일시 수료증 이수증 기수 연도 년도 년월 year number 참석 참가 "
                "attend rsvp 출석 동의 결제 입금 payment "
                "수료생 수료자 예정 수료일 이수일 수료율 rate"
            ),
        ),
        Field.PHONE: _words(
            "전화 hp tel cell contact contactnumber",
            stems="연락처 전화번호 휴대폰 휴대전화 핸드폰 phone mobile telephone cellphone 모바일",
            never="비상 보호자 emergency 동의 여부 회사 직장 office 인증 수신",
        ),
        Field.CERTIFICATE: _words(
            "수료증 certno certificate",
            stems=(
                "수료번호 수료증번호 이수번호 이수증번호 증서번호 졸업번호 certificateno "
                "certificatenumber certificateid"
            ),
            weak=(
                "학번 학생번호 교육생번호 회원번호 수험번호 studentid studentno studentnumber memberid "
                "발급번호"
            ),
            never="발급일 date 일자 여부",
        ),
        Field.NOTE: _words(
            "note notes 기타 참고", stems="비고 메모 특이사항 참고사항 remark comment", never="여부 동의"
        ),
    }
)
_SURNAME_HEADINGS = frozenset(["성", "성씨", "lastname", "surname", "familyname"])


def _parts(heading: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", heading)).casefold()
    folded = folded.replace("e-mail", "email").replace("e mail", "email")
    return [part for part in re.split(r"[\W_]+", folded) if part]


def compact(heading: str) -> str:
    """A heading without case, spaces and punctuation."""
    return "".join(_parts(heading))


def heads_surname(heading: str) -> bool:
    """A column of surnames: the name is then spread over two columns, and must be asked for."""
    return compact(heading) in _SURNAME_HEADINGS


def heading_score(heading: str, field: Field) -> int:
    """How surely a heading names a field: 0 not at all, 1 only if the cells agree, 4 exactly."""
    if not heading.strip() or len(heading) > LONGEST_HEADER or "@" in heading:
        return 0
    vocabulary, whole, parts = VOCABULARY[field], compact(heading), _parts(heading)
    if whole in vocabulary.whole:
        return EXACT
    if any(stem in whole for stem in vocabulary.never):
        return 0
    if any(part in vocabulary.whole for part in parts):
        return PART
    if any(stem in whole for stem in vocabulary.stems):
        return WITHIN
    return WEAK if whole in vocabulary.weak or any(part in vocabulary.weak for part in parts) else 0
