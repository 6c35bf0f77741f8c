"""Reading the project's own sources, for the tests of the house rules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from config import ROOT


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def modules(folder: str = "app") -> Iterator[tuple[str, ast.Module]]:
    """Every Python file below `folder`: its path in the project and its syntax tree."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield str(path.relative_to(ROOT)), parsed(path)


def texts(*patterns: str) -> Iterator[tuple[str, str]]:
    """Every text file that matches: its path in the project and its content."""
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            if path.is_file() and path.name != ".git":  # what a linked worktree has in its place
                yield str(path.relative_to(ROOT)), path.read_text()


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Calls of functions or methods with one of these names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and called(node) in names:
            yield node


def called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""
