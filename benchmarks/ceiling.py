"""The ceiling: what Flask does here at best, without any of what makes a product.

A look-up and a committed UPDATE, and a static string; on the same server with the same processes and
threads, and the same engine rules (write gate, BEGIN IMMEDIATE, WAL, synchronous=FULL).
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from typing import Any

from flask import Flask, request
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer
from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    insert,
    make_url,
    select,
    update,
)

from app.db import sqlite_module, teach
from config import Settings

admission = Table(
    "admission",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("code", String(40), unique=True, nullable=False),
    Column("admitted_at", DateTime),
)
LOOK_UP = select(admission.c.id).where(admission.c.code == bindparam("given"))
ADMIT = update(admission).where(admission.c.id == bindparam("found")).values(admitted_at=bindparam("at"))


def engine_for(url: str, threads: int) -> Engine:
    """An engine with the application's own rules."""
    options: dict[str, Any] = {"pool_size": threads + 2, "max_overflow": 8}
    if make_url(url).get_backend_name() == "sqlite":
        options["module"] = sqlite_module()
    engine = create_engine(url, **options)
    teach(engine)
    return engine


def prepare(url: str, codes: Sequence[str]) -> None:
    """Make the table and a row for each code."""
    engine = engine_for(url, 1)
    with engine.connect().execution_options(writer=True) as connection, connection.begin():
        admission.metadata.create_all(connection)
        connection.execute(insert(admission), [{"code": code} for code in codes])
    engine.dispose()


def create_app(settings: Settings) -> Flask:
    app = Flask("ceiling")
    engine = engine_for(settings.database_url, settings.WEB_THREADS)

    @app.get("/")
    def static_string() -> str:
        return "ok"

    @app.post("/admissions")
    def admit() -> dict[str, int]:
        code, at = request.get_json()["code"], dt.datetime.now(dt.UTC).replace(tzinfo=None)
        with engine.connect().execution_options(writer=True) as connection, connection.begin():
            found = connection.execute(LOOK_UP, {"given": code}).scalar_one()
            connection.execute(ADMIT, {"found": found, "at": at})
        return {"id": found}

    return app


if os.environ.get("CEILING"):  # in the server's processes
    app = create_app(Settings.from_environment())


def main() -> None:
    """Serve on the settings' port with the settings' processes and threads, as app.http_server does."""
    settings = Settings.from_environment()
    os.environ["CEILING"] = "1"
    MPServer(
        "benchmarks.ceiling:app",
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        address=settings.HOST,
        port=settings.PORT,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        backlog=2048,
        log_level=LogLevels.warning,
    ).serve()


if __name__ == "__main__":
    main()
