"""The walls that import-linter cannot see: what is used, not only what is imported."""

import ast

from config import ROOT
from tests.house.sources import calls, modules

OF_A_REQUEST = {"request", "session", "g", "url_for", "redirect", "abort", "flash", "render_template"}
WRITERS = ("app/services/", "app/db.py", "app/demo/")
READS_THE_CLOCK = {
    f"{prefix}{name}"
    for prefix in ("datetime.", "dt.datetime.", "date.", "dt.date.", "datetime.datetime.", "datetime.date.")
    for name in ("now", "utcnow", "today")
}
LONGEST_FILE = 300


def test_services_and_models_take_nothing_of_a_request_from_flask() -> None:
    found = []
    for path, tree in [*modules("app/services"), *modules("app/models")]:
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                found += [f"{path}: {name.name}" for name in node.names if name.name in OF_A_REQUEST]
    allowed = {
        # mails are written in words, with links; both from templates and the configured address
        entry
        for entry in found
        if entry.startswith("app/services/mails/")
        and entry.rpartition(" ")[2] in {"render_template", "url_for"}
    }
    assert set(found) - allowed == set()


def test_every_room_is_on_the_map_and_says_what_it_is_for() -> None:
    told = (ROOT / "docs/architecture.md").read_text("utf-8").partition("## Data")[0]
    rooms = [
        path
        for floor in ("app/services", "app/domain")
        for path in sorted((ROOT / floor).iterdir())
        if (path / "__init__.py").exists()
    ]
    unsaid = [
        path.name
        for path in rooms
        if not ast.get_docstring(ast.parse((path / "__init__.py").read_text("utf-8")))
    ]

    assert [path.name for path in rooms if f"{path.name}/" not in told] == []
    assert unsaid == []


def test_only_services_write() -> None:
    found = {
        path for path, tree in modules() if any(calls(tree, "transaction")) and not path.startswith(WRITERS)
    }
    assert found == set()


def test_there_is_one_commit_in_the_application() -> None:
    found = [path for path, tree in modules() for _ in calls(tree, "commit")]
    assert found == ["app/db.py"]


def test_the_domain_and_the_models_never_look_at_the_clock() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in [*modules("app/domain"), *modules("app/models")]
        for call in calls(tree, "now", "utcnow", "today", "time", "monotonic")
        if ast.unparse(call.func) in {"now", "clock.now", "time.time", "time.monotonic"} | READS_THE_CLOCK
    ]
    assert found == []


def test_only_the_clock_module_asks_for_the_time_of_day() -> None:
    found = [
        f"{path}:{call.lineno}"
        for path, tree in modules()
        for call in calls(tree, "now", "utcnow", "today")
        if not path.startswith(("app/clock.py", "app/demo/")) and ast.unparse(call.func) in READS_THE_CLOCK
    ]
    assert found == []


def test_files_stay_small() -> None:
    """Past 300 lines a file wants a reason; migrations are written by a machine."""
    long = {
        path: lines
        for path, tree in modules()
        if not path.startswith("app/migrations/")
        and (lines := max((getattr(node, "end_lineno", 0) for node in tree.body), default=0)) > LONGEST_FILE
    }
    assert long == {}
