"""Every refusal has a sentence, in both languages."""

import ast
import re

from flask import Flask
from flask_babel import force_locale

from app.refusals import SENTENCES
from tests.house.sources import called, modules


def refusal_classes() -> set[str]:
    """`DomainError` and what is made from it, by name."""
    names = {"DomainError"}
    for _ in range(3):
        for _path, tree in modules():
            for node in ast.walk(tree):
                if isinstance(node, ast.ClassDef):
                    bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                    if bases & names:
                        names.add(node.name)
    return names


def raised_codes() -> dict[str, set[str]]:
    """Each code that is written out where a refusal is made → the names of the values given with it."""
    classes, found = refusal_classes(), {}
    for _path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node) in classes and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.setdefault(code.value, set()).update(word.arg or "**" for word in node.keywords)
    return found


def test_every_refusal_has_a_sentence() -> None:
    assert set(raised_codes()) - set(SENTENCES) == set()


def test_a_sentence_names_only_values_that_its_refusal_gives(app: Flask) -> None:
    raised = raised_codes()
    wrong = {}
    for locale in ("ko", "en"):
        with force_locale(locale):
            for code, sentence in SENTENCES.items():
                wanted = set(re.findall(r"%\((\w+)\)", str(sentence)))
                given = raised.get(code, {"**"})
                if "**" not in given and wanted - given:
                    wrong[locale, code] = wanted - given
    assert wrong == {}


def test_every_sentence_is_there_in_korean(app: Flask) -> None:
    with force_locale("ko"):
        missing = [code for code, sentence in SENTENCES.items() if not re.search("[가-힣]", str(sentence))]
    assert missing == []
