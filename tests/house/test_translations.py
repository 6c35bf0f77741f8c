"""Korean and English are complete. The English sentence is the message's id."""

import io
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from config import ROOT

PO = ROOT / "app/translations/ko/LC_MESSAGES/messages.po"
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w*)\}")


@cache
def korean() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="ko")


@cache
def in_the_code() -> frozenset[str | tuple[str, ...]]:
    """Every sentence that the code and the templates show: what `make messages` collects."""
    methods, options = parse_mapping_cfg(io.StringIO((ROOT / "babel.cfg").read_text()))
    found = set()
    for _file, _line, message, _comments, _context in extract_from_dir(ROOT, methods, options, KEYWORDS):
        found.add(tuple(message) if isinstance(message, list | tuple) else message)
    return frozenset(found)


def messages() -> list[Message]:
    return [message for message in korean() if message.id]


def test_every_sentence_has_its_korean() -> None:
    ids = {
        tuple(message.id) if isinstance(message.id, list | tuple) else message.id for message in messages()
    }
    known = ids | {one[0] for one in ids if isinstance(one, tuple)}
    assert sorted(map(str, in_the_code() - known)) == []


def test_no_translation_is_empty_or_doubtful() -> None:
    empty = [message.id for message in messages() if not all(_strings(message))]
    doubtful = [message.id for message in messages() if message.fuzzy]
    assert (empty, doubtful) == ([], [])


def test_translations_keep_the_values_that_they_are_given() -> None:
    """A Korean sentence may leave a value out of a plural's singular, but never invents one."""
    wrong = [
        (message.id, text)
        for message in messages()
        for text in _strings(message)
        if _values(text) - _values(" ".join(_ids(message)))
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_what_the_source_says() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, korean())
    compiled.seek(0)
    with PO.with_suffix(".mo").open("rb") as file:
        loaded = {str(message.id): message.string for message in read_mo(file) if message.id}
    wanted = {str(message.id): message.string for message in read_mo(compiled) if message.id}
    assert loaded == wanted


def _ids(message: Message) -> list[str]:
    return list(message.id) if isinstance(message.id, list | tuple) else [message.id]


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string]


def _values(text: str) -> set[str]:
    return {one or other for one, other in PLACEHOLDER.findall(text)}


def test_the_catalogue_compiles_as_make_compiles_it(tmp_path: Path) -> None:
    """A header marked fuzzy makes pybabel skip the whole language and still exit with 0."""
    target = tmp_path / "messages.mo"

    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "compile", "-i", str(PO), "-o", str(target)],
        check=True,
        capture_output=True,
    )

    assert target.stat().st_size > 10_000
