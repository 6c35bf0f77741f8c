"""Paths as handed around in `next=`."""

from __future__ import annotations

import pytest

from app.domain.paths import with_parents


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/", ["/", "/"]),
        ("/m/x/proofs?a=/b", ["/m/x/proofs?a=/b", "/m/x", "/m", "/"]),
        ("/m/x/", ["/m/x/", "/m", "/"]),
    ],
)
def test_a_path_and_those_above_it(path: str, expected: list[str]) -> None:
    assert list(with_parents(path)) == expected
