"""Every kind of subject that acts are about belongs to a meetup or is said not to, and is told in words at the desk."""

import ast
import re
from collections.abc import Iterator

from app.db import db
from app.services.auditing.kinds import NAMING, OF_MEETUP, OF_PROGRAM
from app.trail_kinds import AT_MEETUP, KINDS
from app.trail_words import ACTS
from tests.house.sources import calls, modules

ALL = {*OF_MEETUP, *OF_PROGRAM, "meetup"}
SUBJECT = re.compile(r"([a-z_]+):")


def recorded() -> Iterator[tuple[str, ast.Call]]:
    for path, tree in modules("app/services"):
        for call in calls(tree, "record", "_record", "_note"):
            yield path, call


def written() -> set[str]:
    """The kinds of subject that are written as text: f"registration:{number}"."""
    found = set()
    for _, tree in modules("app/services"):
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(first := node.values[0], ast.Constant):
                found |= set(SUBJECT.findall(str(first.value))[:1]) if len(node.values) == 2 else set()
    return found & set(db.metadata.tables)


def test_every_kind_is_of_a_meetup_or_said_to_be_of_the_programme() -> None:
    assert written() - ALL == set()
    assert set(OF_MEETUP) & set(OF_PROGRAM) == set()
    assert len(written()) > 5


def test_what_has_a_meetup_is_not_said_to_be_of_the_programme() -> None:
    tables = db.metadata.tables
    wrong = {
        kind
        for kind in OF_PROGRAM & set(tables)
        if {"meetup_id", "registration_id"} & set(tables[kind].c.keys())
    }

    assert wrong == set()


def test_every_kind_has_words() -> None:
    assert set(KINDS) == ALL
    assert set(AT_MEETUP) <= set(OF_MEETUP)


def test_every_act_on_many_is_found_by_each_of_its_people() -> None:
    missing = set()
    for path, call in recorded():
        names = {word.arg: word.value for word in call.keywords}
        listed = names.get("registrations", names.get("seats_of"))
        if listed is None or (isinstance(listed, ast.Call) and ast.unparse(listed.func) == "len"):
            continue
        act = call.args[1] if len(call.args) > 1 else None
        if isinstance(act, ast.Constant) and act.value not in NAMING:
            missing.add(f"{path}: {act.value}")

    assert missing == set()
    assert set(NAMING) <= set(ACTS)
