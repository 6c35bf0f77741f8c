"""Every act that the product notes is told in words at the desk."""

import ast
import re

from app.trail_words import ACTS
from tests.house.sources import modules

ACT = re.compile(r"[a-z_]+\.[a-z_]+")
NOUNS = {act.partition(".")[0] for act in ACTS}
FILES = {"meetup.ics", "ticket.png"}


def noted() -> set[str]:
    """Whatever in the services looks like an act on something that acts are noted of, or is handed to the trail."""
    found = set()
    for _, tree in modules("app/services"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACT.fullmatch(node.value):
                found.add(node.value)
    return {act for act in found if act.partition(".")[0] in NOUNS} - FILES


def test_every_act_has_words() -> None:
    assert noted() - set(ACTS) == set()


def test_every_act_that_is_handed_over_as_it_is_has_words() -> None:
    literal = {
        node.args[1].value
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "audit.record"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
    }

    assert literal - set(ACTS) == set()
    assert len(literal) > 70
