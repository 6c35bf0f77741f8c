"""Names: shown as typed, found however they are typed; particles; cells safe for Excel; addresses."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.domain.paths import local_path
from app.domain.writing.addresses import address_key, clean_address, is_address, valid_key
from app.domain.writing.korean import josa
from app.domain.writing.names import choseong, clean_name, masked, matches, name_key, query_key, search_key
from app.domain.writing.spreadsheet_cells import guard, unguard


def finds(typed: str, name: str, *others: str) -> bool:
    return matches(query_key(typed), search_key(name, others))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  김  하나 ", "김 하나"), (unicodedata.normalize("NFD", "김하나"), "김하나"), ("김\u202e하나\u2066", "김하나"),
        ("Zoë\tMüller", "Zoë Müller"), ("a\x00b\x1b", "ab"), ("\u3164\u200b\ufeff", ""), ("山田\u3000花子", "山田 花子"), ("\u200d", ""),
    ],
)  # fmt: skip
def test_a_name_is_kept_as_typed_without_what_cannot_be_seen(typed, kept):
    assert clean_name(typed) == kept


@given(st.text())
def test_cleaning_a_clean_name_changes_nothing(text):
    assert clean_name(clean_name(text)) == clean_name(text)


def test_case_spaces_and_composition_make_no_other_name():
    assert name_key("Park  Ji-Won") == name_key("park ji-won")
    assert name_key(unicodedata.normalize("NFD", "김 하나")) == name_key("김하나")


def test_leading_consonants():
    assert choseong("김하나") == "ㄱㅎㄴ"
    assert choseong("Park Ji-won (박지원)") == "ㅂㅈㅇ"


@pytest.mark.parametrize(
    "typed",
    ["ㄱㅎㄴ", "ㅎㄴ", "\u1100\u1112\u1102", "ㄱ ㅎ", "ﾡﾾ", "김ㅎ", "하나", "김하나", "김 하나", "하나 김"],
)
def test_a_hangul_name_is_found_by_consonants_in_any_encoding_and_by_parts(typed):
    assert finds(typed, "김하나")


@pytest.mark.parametrize(("typed", "name"), [("ㄳ", "김서준"), ("ㄵ", "나준"), ("ㅄ", "박선우")])
def test_consonants_that_a_keyboard_joined_are_taken_apart(typed, name):
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kimminsu", "김민수"), ("gim minsu", "김민수"), ("Minsu Kim", "김민수"), ("lee hyunwoo", "이현우"), ("yi", "이산"), ("rhee", "이산"),
        ("Park", "박지원"), ("bak jiwon", "박지원"), ("choi young", "최영"), ("choe", "최영"), ("jung", "정은"), ("jeong eun", "정은"),
        ("chung", "정은"), ("Yoon Suk-yeol", "윤석열"), ("roh moo hyun", "노무현"), ("namkoong won", "남궁원"), ("huh jun", "허준"),
        ("lim", "임현"), ("muller", "Zoë Müller"), ("Müller Zoë", "Zoë Müller"), ("o'neil", "Jean-Luc O'Neil"), ("nguyen", "Nguyễn Thị Mai"),
        ("花子", "山田 花子"), ("박지원", "Park Ji-won (박지원)"), ("PARK JIWON", "Park Ji-won (박지원)"),
    ],
)  # fmt: skip
def test_a_name_is_found_by_the_spellings_that_people_use(typed, name):
    assert finds(typed, name)


@pytest.mark.parametrize(
    "typed", ["zzzz", "zz", "z", "j", "jj", "ng", "kkkk", "gs", "zaza", "zizi", "jjjjung", "aaaa", "mmmin"]
)
@pytest.mark.parametrize("name", ["배지정", "서준우", "정은", "강민수", "김아인", "황영진"])
def test_a_slip_of_the_finger_finds_nobody(typed, name):
    assert not finds(typed, name)


@given(
    st.text("bcdfghjklmnpqrstvxz", min_size=1, max_size=5),
    st.text("가나다라김이박최정하민수우준영황광", min_size=1, max_size=5),
)
def test_consonants_in_latin_letters_find_no_hangul_name(typed, name):
    assert not finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [("ng", "Ng Wei"), ("NG", "Wei Ng"), ("sm", "John Smith"), ("zo", "Zoë Müller"), ("M", "M")],
)
def test_a_latin_name_is_found_by_the_letters_that_begin_it(typed, name):
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("leeeunji", "이은지"),
        ("lee eunji", "이은지"),
        ("kim min-su", "김민수"),
        ("gimminsu", "김민수"),
        ("wooseok", "우석"),
        ("gwang", "광수"),
    ],
)
def test_doubled_letters_of_real_spellings_are_no_slip(typed, name):
    assert finds(typed, name)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ㄴㅎㄱ", "김하나"),
        ("박", "김하나"),
        ("us4242", "우하늘"),
        ("choi", "김민수"),
        ("lee", "박지원"),
        ("smith", "김민수"),
    ],
)
def test_other_people_are_not_found(typed, name):
    assert not finds(typed, name)


def test_another_name_of_theirs_finds_them_too():
    assert finds("grace", "김하나", "Grace Kim")


def test_digits_addresses_and_nothing_are_told_apart():
    assert (query_key("010-1234").kind, query_key("010-1234").value) == ("digits", "0101234")
    assert (query_key("Hana@Exa").kind, query_key("Hana@Exa").value) == ("address", "hana@exa")
    assert query_key(" % ").kind == "empty"


@given(st.text(), st.text())
def test_any_search_is_safe_for_like_and_any_key_fits_its_column(name, typed):
    query = query_key(typed)

    assert not any(sign in part for part in query.alternatives for sign in "%_\\")
    assert len(search_key(name)) <= 1000


@given(st.text("가나다라김이박최정하민수우준영", min_size=1, max_size=5))
def test_every_hangul_name_is_found_by_itself_and_its_consonants(name):
    assert finds(name, name)
    assert finds(choseong(name), name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김민수", "김*수"),
        ("김민", "김*"),
        ("남궁민수", "남**수"),
        ("봄", "*"),
        ("Zoë Müller", "Z*ë M****r"),
        ("(박지원)", "(박*원)"),
        ("", ""),
    ],
)
def test_a_masked_name(name, shown):
    assert masked(name) == shown


@pytest.mark.parametrize(
    ("word", "pair", "text"),
    [
        ("명단", "을/를", "명단을"), ("기수", "을/를", "기수를"), ("명단", "은/는", "명단은"), ("서울", "(으)로", "서울로"), ("부산", "으로/로", "부산으로"),
        ("제주", "(으)로", "제주로"), ("3", "이/가", "3이"), ("2", "이/가", "2가"), ("10", "은/는", "10은"), ("7", "(으)로", "7로"), ("QR", "을/를", "QR을"),
        ("QR", "(으)로", "QR로"), ("CSV", "을/를", "CSV를"), ("Excel", "(으)로", "Excel로"), ("Slack", "이/가", "Slack이"), ("Kakao", "와/과", "Kakao와"),
        ("김하나", "이에요/예요", "김하나예요"), ("“밋업”", "과/와", "“밋업”과"), ("山田", "은/는", "山田은(는)"), ("", "이/가", "이(가)"),
        (unicodedata.normalize("NFD", "명단"), "을/를", unicodedata.normalize("NFD", "명단") + "을"),
    ],
)  # fmt: skip
def test_the_particle_fits_the_word(word, pair, text):
    assert josa(word, pair) == text


@given(st.text())
@example("'=1")
@example("''")
@example("'0101")
@example("'Aisha")
def test_a_guarded_cell_comes_back_as_it_was(text):
    assert unguard(guard(text)) == text


@given(st.text(st.sampled_from("'=+-@0123456789.:/년월일 eE\t\r＝１"), max_size=8))
def test_guarding_is_undone_whatever_the_signs(text):
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "＝"))


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+82 10", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠a", " =1", "0101234", "010-1234-5678", "1234567890123456", "3-1", "3/1",
     "1E5", "2e10", "Mar-3", "3월 1일", "1 1/2", "(5)", "1.50", "3:30", "true", "2023-06-01"],
)  # fmt: skip
def test_what_excel_would_run_or_mangle_is_prefixed(cell):
    assert guard(cell) == "'" + cell


@pytest.mark.parametrize(
    "cell",
    [
        "김하나",
        "hana@example.com",
        "GMB20-0001",
        "3기",
        "2022",
        "'Aisha",
        "O'Neil",
        "수료",
        "",
        "12",
        "March",
        "0",
    ],
)
def test_ordinary_cells_stay_as_they_are(cell):
    assert (guard(cell), unguard(cell)) == (cell, cell)


MONTHS = st.sampled_from(
    [
        "Mar",
        "ｍar",
        "m\uff41r",
        "ſep",
        "MAY",
        "true",
        "TRUE",
        "ｔrue",
        "오전",
        "오후",
        "오",
        "가",
        "옥",
        "Kim",
        "K",
    ]
)


@given(st.builds("{}{}".format, MONTHS, st.text("-/ .3시분e", max_size=4)) | st.text())
@example("m\uff41r 3")
@example("오전 3시")
def test_the_quick_way_to_an_ordinary_cell_is_the_long_ways(text):
    assume(text and not text.startswith("'") and not text[0].isspace())
    by_the_long_way = guard(" " + text) != " " + text  # no cell that begins so is seen to be ordinary at once
    assert (guard(text) != text) == by_the_long_way


LETTERS = st.text("abAB0.!'*+_{~-@xn", max_size=12)


@given(st.builds("{}@{}".format, LETTERS, LETTERS | st.just("xn--bb-eka.EXAMPLE")))
@example("Hana.Kim+gate@Example.COM")
@example("a@xn--bcher-kva.example")
def test_the_quick_way_to_a_plain_address_key_is_the_long_ways(text):
    assert address_key(text) == (valid_key(text) or clean_address(text).casefold())


def test_one_address_has_one_key():
    assert (
        address_key(" Hana@EXAMPLE.com\u200b") == address_key("mailto:hana@example.com") == "hana@example.com"
    )


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("a@lab.example", True),
        ("a@b.test", True),
        ("한글@한국.kr", True),
        ("a@b", False),
        ("a b@c.com", False),
        ("", False),
    ],
)
def test_addresses_of_example_domains_are_addresses(text, valid):
    assert is_address(text) is valid


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil", "https://evil.example", "/a\nb", "", None, "javascript:x", "\\\\x"],
)
def test_a_way_back_never_leads_off_the_site(target):
    assert local_path(target) is None


def test_a_way_back_keeps_its_query():
    assert local_path("/m/spring?lang=ko") == "/m/spring?lang=ko"
