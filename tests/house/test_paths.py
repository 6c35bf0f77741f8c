"""What a document names is there: a path in a document or a docstring that leads nowhere misleads."""

from __future__ import annotations

import re

from config import ROOT

NAMED = re.compile(
    r"(?<![\w./])((?:app|tests|docs|templates|static|deploy|scripts|benchmarks)/[\w./-]*[\w/])"
)
MADE_LATER = {"docs/pictures/overview.png"}


def test_every_path_that_a_document_names_exists() -> None:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("app/**/*.py")]

    lost = {
        f"{document.relative_to(ROOT)}: {path}"
        for document in documents
        for path in NAMED.findall(document.read_text("utf-8"))
        if not (ROOT / path).exists() and path not in MADE_LATER
    }

    assert sorted(lost) == []
