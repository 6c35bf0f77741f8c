"""The draw: anyone repeats it, nobody steers it, and it is fair within what its terms say."""

from __future__ import annotations

import math
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import DomainError
from app.domain.seating import draw, draw_files
from app.domain.seating.draw import Entry, Share, Terms

VERIFY = Path(__file__).parents[2] / "docs" / "verify_draw.py"
SECRET = "5d" * 32
COHORTS = {1: 101, 2: 140, 3: 152}  # the demo's alumni: 393


def terms(seats: int = 40, shares: Mapping[int, Share] | None = None) -> Terms:
    equal = {ordinal: Share(minimum=8) for ordinal in COHORTS}
    return Terms(
        seats,
        equal if shares is None else shares,
        "KOSPI close of 1 December 2026",
        "2026-11-30T09:00:00Z",
        "2026-12-01T07:00:00Z",
    )


def alumni() -> list[Entry]:
    return [
        Entry(f"{ordinal}{number:05d}", ordinal)
        for ordinal, people in COHORTS.items()
        for number in range(people)
    ]


def publish(
    folder: Path, rules: Terms, entries: Sequence[Entry], value: str = "2,645.27", secret: str = SECRET
) -> draw.Drawn:
    listed = draw.entries_file(entries)
    seed = draw.seed(secret, value, listed)
    drawn = draw.draw(seed, entries, rules)
    result = draw.result_file(drawn, draw.in_line(seed, entries, rules.shares))
    opening = draw.opening_file(secret, value, rules.text())
    files = {"terms.txt": rules.text(), "entries.csv": listed, "opening.txt": opening, "result.csv": result}
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return drawn


def verified(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, VERIFY, folder], capture_output=True, text=True, check=False)


def test_the_published_script_repeats_a_draw_of_393_alumni_from_its_files_alone(tmp_path: Path):
    drawn = publish(tmp_path, terms(), alumni())

    assert verified(tmp_path).stdout == "verified: 40 of 393 entries got a seat\n"
    assert min(Counter(each.cohort for each in drawn.seated).values()) >= 8


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("opening.txt", "2,645.27", "2,645.28"),
        ("opening.txt", "secret 5d", "secret 5e"),
        ("terms.txt", "seats 40", "seats 41"),
        ("entries.csv", "100007,1,1", "100007,2,1"),
        ("result.csv", "waits", "seat"),
    ],
)
def test_whatever_is_changed_after_the_event_does_not_verify(
    tmp_path: Path, file: str, before: str, after: str
):
    publish(tmp_path, terms(), alumni())
    text = (tmp_path / file).read_text()
    assert before in text

    (tmp_path / file).write_text(text.replace(before, after, 1))

    assert verified(tmp_path).returncode != 0


def read(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_bytes().decode() for name in draw_files.NAMES}


def test_our_own_check_repeats_it_too_and_reads_terms_as_they_were_written(tmp_path: Path):
    drawn = publish(tmp_path, terms(), alumni())

    assert draw_files.verify(read(tmp_path)) == drawn
    assert draw_files.terms_of(terms().text()) == terms()


@pytest.mark.parametrize(
    ("file", "before", "after", "code"),
    [
        ("opening.txt", "2,645.27", "2,645.28", "draw_result_differs"),
        ("opening.txt", "secret 5d", "secret 5e", "draw_commitment_broken"),
        ("opening.txt", "secret", "secrets", "draw_file_unreadable"),
        ("terms.txt", "seats 40", "seats 41", "draw_commitment_broken"),
        ("terms.txt", "seats 40", "seats many", "draw_file_unreadable"),
        ("entries.csv", "100007,1,1", "100007,2,1", "draw_result_differs"),
        ("entries.csv", "100007,1,1", "100007,x,1", "draw_file_unreadable"),
        ("result.csv", "waits", "seat", "draw_result_differs"),
    ],
)
def test_our_own_check_says_what_does_not_fit(tmp_path: Path, file: str, before: str, after: str, code: str):
    publish(tmp_path, terms(), alumni())
    files = read(tmp_path)
    assert before in files[file]

    with pytest.raises(DomainError, match=code):
        draw_files.verify(files | {file: files[file].replace(before, after, 1)})


def test_a_cohort_that_the_terms_do_not_name_has_the_usual_share_in_both_checks(tmp_path: Path):
    drawn = publish(tmp_path, terms(), [*alumni(), Entry("990001", 9)])

    assert draw_files.verify(read(tmp_path)) == drawn
    assert verified(tmp_path).stdout == "verified: 40 of 394 entries got a seat\n"


PARTIES = st.lists(
    st.builds(Entry, st.from_regex(r"[A-Z2-9]{8}", fullmatch=True), st.integers(1, 3), st.integers(1, 5)),
    max_size=40,
    unique_by=lambda entry: entry.pseudonym,
)
SHARES = st.fixed_dictionaries(
    {ordinal: st.builds(Share, st.integers(1, 5), st.integers(0, 6)) for ordinal in (1, 2, 3)}
)


@given(PARTIES, SHARES, st.integers(18, 30), st.binary(min_size=32, max_size=32))
def test_seats_are_kept_minimums_are_reserved_and_nobody_overtakes_in_their_cohort(
    entries: list[Entry], shares: dict[int, Share], seats: int, random: bytes
):
    rules = terms(seats, shares)
    seed = draw.seed(random.hex(), "1", draw.entries_file(entries))

    drawn = draw.draw(seed, entries, rules)

    line = draw.in_line(seed, entries, shares)
    taken = sum(each.seats for each in drawn.seated)
    assert sorted([*drawn.seated, *drawn.waiting]) == sorted(entries)
    assert taken <= seats
    for ordinal, share in shares.items():
        own = [each for each in line if each.cohort == ordinal]
        got = [each for each in own if each in drawn.seated]
        assert got == own[: len(got)]
        if len(got) < len(
            own
        ):  # somebody waits: the next one would not have fitted into what is left of the share
            assert sum(each.seats for each in got) + own[len(got)].seats > share.minimum
    if drawn.waiting:
        assert taken + drawn.waiting[0].seats > seats


def test_of_single_people_each_cohort_gets_its_minimum_and_all_seats_go():
    for _ in range(50):
        seed = secrets.token_hex(32)

        seated = draw.draw(seed, alumni(), terms(shares={1: Share(1, 20), 2: Share(5, 2), 3: Share()})).seated

        assert len(seated) == 40
        assert Counter(each.cohort for each in seated)[1] >= 20


def test_ten_thousand_draws_of_393_give_everybody_of_a_cohort_the_same_chance():
    """Chi-square of how often each was drawn; its bound is passed by a fair draw but once in 100,000 runs, and
    the seeds are fixed. Within a cohort all are alike, so `draws × seats / people` is what each expects."""
    entries, rules, draws = alumni(), terms(), 10_000
    often: Counter[Entry] = Counter()

    for turn in range(draws):
        often.update(draw.draw(f"fair {turn}", entries, rules).seated)

    assert often.total() == draws * rules.seats
    for ordinal, people in COHORTS.items():
        got = [often[each] for each in entries if each.cohort == ordinal]
        expected = sum(got) / people
        chance = expected / draws
        # The counts are binomial, not Poisson: their variance is smaller by 1 - chance.
        spread = sum((each - expected) ** 2 for each in got) / (expected * (1 - chance))
        freedom = people - 1
        assert freedom - 4.26 * math.sqrt(2 * freedom) < spread < freedom + 4.75 * math.sqrt(2 * freedom)


def test_the_first_seat_goes_by_weight():
    """One seat: weight over the sum of weights is exactly the chance. Bound: 4.42 standard deviations (1 in 100,000)."""
    entries = [Entry("AAAAAA", 1), Entry("BBBBBB", 2), Entry("CCCCCC", 3)]
    rules = terms(1, {1: Share(1), 2: Share(2), 3: Share(5)})
    draws = 10_000

    first = Counter(draw.draw(f"weight {turn}", entries, rules).seated[0].cohort for turn in range(draws))

    for ordinal, share in rules.shares.items():
        chance = share.weight / 8
        assert abs(first[ordinal] - draws * chance) < 4.42 * math.sqrt(draws * chance * (1 - chance))


def test_the_commitment_fits_one_secret_and_one_set_of_terms():
    one, other = terms(), terms(seats=41)

    told = {draw.commitment(s, t.text()) for s in (SECRET, "5e" * 32) for t in (one, other)}

    assert len(told) == 4


def test_a_public_value_counts_by_its_digits_alone():
    seen = {draw.digits(each) for each in ("2,645.27", "2645.27", " ２，６４５．２７ ", "2 645,27")}

    assert seen == {"264527"}
    with pytest.raises(DomainError, match="draw_value_without_digits"):
        draw.digits("not yet known")


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (terms(20), "draw_minimum_over_seats"),
        (terms(shares={1: Share(0)}), "draw_weight_out_of_range"),
        (terms(shares={1: Share(21)}), "draw_weight_out_of_range"),
        (Terms(40, {}, " ", "2026-11-30T09:00:00Z", "2026-12-01T07:00:00Z"), "draw_value_unnamed"),
        (Terms(40, {}, "a\nseats 400", "2026-11-30T09:00:00Z", "2026-12-01T07:00:00Z"), "draw_value_unnamed"),
        (
            Terms(40, {}, "a\u2028seats 400", "2026-11-30T09:00:00Z", "2026-12-01T07:00:00Z"),
            "draw_value_unnamed",
        ),
        (Terms(40, {}, "KOSPI", "2026-11-30T09:00:00Z", "2026-11-30T09:00:00Z"), "draw_known_too_early"),
    ],
)
def test_terms_that_cannot_be_kept_or_read_in_one_way_are_refused(rules: Terms, code: str):
    with pytest.raises(DomainError, match=code):
        rules.require_sound()
