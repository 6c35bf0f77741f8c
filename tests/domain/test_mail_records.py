"""What DNS says of who may send in a domain's name, as the standards read it."""

from __future__ import annotations

import pytest

from app.domain import mail_records
from app.domain.mail_records import Finding

NAME = "meet.school.example"


@pytest.mark.parametrize(
    ("texts", "finding"),
    [
        (["v=spf1 include:mail.example ~all"], Finding.GOOD),
        (["something else", "V=SPF1 -all"], Finding.GOOD),
        (["v=spf10 -all"], Finding.MISSING),
        ([], Finding.MISSING),
        (["v=spf1 -all", "v=spf1 ~all"], Finding.SEVERAL),
        (["v=spf1 +all"], Finding.OPEN),
        (["v=spf1 mx all"], Finding.OPEN),
        (None, Finding.UNKNOWN),
    ],
)
def test_of_spf_there_is_one_and_it_lets_not_everybody_send(
    texts: list[str] | None, finding: Finding
) -> None:
    assert mail_records.spf(NAME, texts).finding is finding


@pytest.mark.parametrize(
    ("texts", "finding"),
    [
        (["v=DKIM1; k=rsa; p=MIGf MA0G"], Finding.GOOD),
        (["k=rsa; p=MIGfMA0G"], Finding.GOOD),
        (["v=DKIM1; p="], Finding.REVOKED),
        (["v=spf1 -all"], Finding.MISSING),
        (None, Finding.UNKNOWN),
    ],
)
def test_a_dkim_key_is_there_revoked_or_missing(texts: list[str] | None, finding: Finding) -> None:
    assert mail_records.dkim(NAME, texts).finding is finding


@pytest.mark.parametrize(
    ("texts", "finding"),
    [
        (["v=DMARC1; p=quarantine"], Finding.GOOD),
        (["v=DMARC1;p=none; rua=mailto:reports@school.example"], Finding.WATCHES),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], Finding.SEVERAL),
        (["p=reject"], Finding.MISSING),
        (None, Finding.UNKNOWN),
    ],
)
def test_a_policy_protects_watches_or_is_missing(texts: list[str] | None, finding: Finding) -> None:
    assert mail_records.dmarc(NAME, texts).finding is finding


def test_a_policy_of_the_domain_above_counts_too_but_none_of_a_whole_country() -> None:
    assert mail_records.dmarc_names("a.b.school.example") == [
        "_dmarc.a.b.school.example",
        "_dmarc.b.school.example",
        "_dmarc.school.example",
    ]
    assert mail_records.dmarc_names("localhost") == ["_dmarc.localhost"]


def test_a_domain_that_says_it_takes_no_mail_has_no_way_back() -> None:
    assert mail_records.mx(NAME, ["."]).finding is Finding.MISSING
    assert mail_records.mx(NAME, ["mx.example."]).finding is Finding.GOOD


@pytest.mark.parametrize("text", ["s1", "google", "k1.mail", "2026-01_a"])
def test_selectors_are_short_names(text: str) -> None:
    assert mail_records.is_selector(text)


@pytest.mark.parametrize("text", ["", "-a", "a b", "a/b", "é", "a" * 64, "a."])
def test_nothing_else_is_asked_for(text: str) -> None:
    assert not mail_records.is_selector(text)
