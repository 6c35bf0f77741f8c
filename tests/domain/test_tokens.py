from __future__ import annotations

import re

from app.domain import tokens


def test_a_token_says_what_it_is_and_is_never_the_same():
    kinds = (tokens.SIGN_IN, tokens.INVITATION, tokens.ENROLMENT, tokens.DEVICE, tokens.SESSION)
    minted = {tokens.mint(kind) for kind in kinds for _ in range(20)}

    assert len(set(kinds)) == len(kinds)
    assert len(minted) == 100
    assert all(len(token) >= 49 for token in minted)


def test_what_is_stored_of_a_token_is_not_the_token():
    token = tokens.mint(tokens.DEVICE)

    assert token not in tokens.hashed(token)
    assert re.fullmatch(r"[0-9a-f]{64}", tokens.hashed(token))


def test_a_reference_is_readable_aloud():
    assert all(not set(tokens.reference()) & set("01OILU") for _ in range(200))


def test_secrets_for_different_uses_of_one_seed_differ():
    key, seed = b"k", tokens.uid()
    made = {
        tokens.personal_secret(key, seed, 1),
        tokens.personal_secret(key, seed, 2),
        tokens.proof_secret(key, seed),
        tokens.enrolment_token(key, seed),
        tokens.verification_code(key, seed),
        tokens.keyed_hash(key, seed),
    }

    assert len(made) == 6
    assert all(tokens.personal_secret(b"other", seed, 1) != each for each in made)


def test_a_verification_code_has_eight_digits_also_when_it_begins_with_zero():
    codes = [tokens.verification_code(b"k", str(n)) for n in range(2000)]

    assert all(re.fullmatch(r"\d{8}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)
    assert len(set(codes)) > 1990


def test_secrets_are_compared_whole():
    assert tokens.same("abc", "abc")
    assert not tokens.same("abc", "abd")
    assert not tokens.same("abc", "abcd")
    assert not tokens.same("가", "나")
