"""Fixtures of all tests. Every test that takes `app` runs on SQLite and on PostgreSQL, unless marked `one_database`."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from flask import Flask

from app import create_app
from app.db import db
from app.keys import Keys
from app.services.mails.mail_server import SENDER
from app.services.organizing import kept_counts
from config import Settings
from tests.support.client import Browser
from tests.support.compiled import share_compiled_templates
from tests.support.databases import KINDS, Databases, copy_of_template, empty_tables, settings_for
from tests.support.scratch import keep_in_memory
from tests.support.server import Server, free_port, serving
from tests.support.smtp import Sink
from tests.support.warm import Warm
from tests.support.worlds import Worlds

STARTED = pytest.StashKey[Databases]()

keep_in_memory()
share_compiled_templates()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=[*KINDS, "both"], default="both", help="which databases to test on"
    )
    parser.addoption(
        "--every-database", action="store_true", help="what is marked `one_database` on all of them, too"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = kinds(metafunc.config)
        wants_one = metafunc.definition.get_closest_marker("one_database")
        if wants_one and not metafunc.config.getoption("--every-database"):
            chosen = (chosen[crc32(metafunc.function.__name__.encode()) % len(chosen)],)
        metafunc.parametrize("database", chosen, scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a server takes longest: it goes first, so that at the end no long test runs alone."""
    items.sort(key=lambda item: "serve" not in getattr(item, "fixturenames", ()))


def kinds(config: pytest.Config) -> tuple[str, ...]:
    asked: str = config.getoption("--database")
    return KINDS if asked == "both" else (asked,)


class SharedDatabases:
    """With pytest-xdist: the templates are made once, by the process that starts the workers."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput["databases"] = _started(node.config).shared()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "one_database: what it asks of the database the tests of the services ask of both, and what it looks at is done by"
        " the page alone; its name decides which database it gets, by halves; `make soak` tries them all on both",
    )
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(SharedDatabases())


def pytest_unconfigure(config: pytest.Config) -> None:
    if STARTED in config.stash:
        config.stash[STARTED].close()


def _started(config: pytest.Config) -> Databases:
    if STARTED not in config.stash:
        config.stash[STARTED] = Databases(kinds(config))
    return config.stash[STARTED]


@pytest.fixture(scope="session")
def shared_databases(request: pytest.FixtureRequest) -> dict[str, str]:
    """Where the migrated templates are."""
    given: dict[str, dict[str, str]] = getattr(request.config, "workerinput", {})
    return given["databases"] if given else _started(request.config).shared()


@pytest.fixture(scope="session")
def make_database(shared_databases: dict[str, str], tmp_path_factory: Any) -> Callable[[str], str]:
    """A function: the kind of database → the URL of a fresh, migrated one."""
    folder: Path = tmp_path_factory.mktemp("databases")
    return lambda kind: copy_of_template(kind, shared_databases, folder)


@pytest.fixture(scope="session")
def make_app(
    make_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Flask]]:
    """A function: the kind of database → this worker's application on it, made at the first call."""
    made: dict[str, Flask] = {}

    def get(kind: str) -> Flask:
        if kind not in made:
            folder = tmp_path_factory.mktemp(f"data-{kind}")
            made[kind] = create_app(settings_for(make_database(kind), folder))
            made[kind].test_client_class = Browser
        return made[kind]

    kept_counts.AT_ONCE = math.inf  # a busy machine is no reason to show a test what was counted before
    yield get
    for application in made.values():
        with application.app_context():
            db.engine.dispose()


@pytest.fixture
def app(database: str, make_app: Callable[[str], Flask]) -> Iterator[Flask]:
    """The application with empty tables and its context pushed, on each database in turn."""
    application = make_app(database)
    context = application.app_context()
    context.push()
    keys = asdict(application.extensions["keys"])
    yield application
    db.session.remove()
    context.pop()
    empty_tables(application)
    left, application.extensions["keys"] = asdict(application.extensions["keys"]), Keys(**keys)
    application.extensions.pop(SENDER, None)  # a test's own worker has looked it up
    shutil.rmtree(application.config["SETTINGS"].DATA_DIR / "backups", ignore_errors=True)
    assert left == keys, "the application is shared: a test gives it its keys back"


@pytest.fixture(scope="session")
def worlds() -> Worlds:
    """What this worker has built for many tests to begin with."""
    return Worlds()


@pytest.fixture
def settings(app: Flask) -> Settings:
    found: Settings = app.config["SETTINGS"]
    return found


@pytest.fixture
def client(app: Flask) -> Browser:
    """A visitor who asks for English pages; CSRF protection is on, see `tests.support.client.submit`."""
    browser = app.test_client()
    assert isinstance(browser, Browser)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def smtp() -> Iterator[Sink]:
    """A mail server that keeps what it gets."""
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    """This test process's own, out of which servers come."""
    made = Warm()
    yield made
    made.close()


@pytest.fixture
def serve(
    app: Flask, smtp: Sink, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Server]]:
    """A function that starts the real web server and mail worker on the test's database: `serve(WEB_WORKERS=4)`.

    Mails go to `smtp`. `alone=True` leaves the mail worker out. `supervised=True` is `flask serve` itself, for all that
    looks at its processes; it takes three times as long. Other keywords change settings.
    """
    with ExitStack() as running:

        def start(*, alone: bool = False, supervised: bool = False, **changes: Any) -> Server:
            port = free_port()
            own = {"PORT": port, "BASE_URL": f"http://localhost:{port}", "SMTP_URL": smtp.url}
            changed = replace(settings, **({"WORKER_POLL_SECONDS": 0.1} | own | changes))
            db.session.rollback()
            log = tmp_path / f"server-{port}.log"
            warmed = None if supervised else request.getfixturevalue("warm")
            return running.enter_context(serving(changed, log, worker=not alone, warm=warmed))

        yield start
    db.session.rollback()


@pytest.fixture
def live_server(serve: Callable[..., Server]) -> Server:
    """The real server with two web processes and the mail worker."""
    return serve()
