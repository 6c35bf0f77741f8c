"""`flask serve`: the web server and the worker as one command."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable

import click
from flask import Flask, current_app

from app.files import keep_private
from app.supervisor import Child, Supervisor
from config import ROOT, Settings


def register(app: Flask) -> None:
    app.cli.add_command(serve)


@click.command()
@click.option("--worker/--no-worker", default=True, help="Also run the worker (mails, clean-up).")
def serve(*, worker: bool) -> None:
    """Run the web server and the worker until SIGTERM or Ctrl-C."""
    raise SystemExit(supervise(current_app._get_current_object(), worker=worker))  # type: ignore[attr-defined]


def supervise(app: Flask, *, worker: bool = True, when_up: Callable[[], bool] | None = None) -> int:
    """Start what an installation consists of and tend it; the exit code.

    `when_up` is called until it returns true: for what has to wait until the server listens.
    """
    keep_private()
    settings: Settings = app.config["SETTINGS"]
    require_free_port(settings)
    os.chdir(ROOT)
    children = [Child("web", [sys.executable, "-m", "app.http_server"])]
    if worker:
        children.append(Child("worker", [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]))
    return Supervisor(children, when_up=when_up).run()


def require_free_port(settings: Settings) -> None:
    """Say so in plain words when the port is taken, instead of failing over and over."""
    try:
        family, *_, address = socket.getaddrinfo(settings.HOST, settings.PORT, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(_why(error, settings)) from error


def _why(error: OSError, settings: Settings) -> str:
    where = f"{settings.HOST}:{settings.PORT}"
    if error.errno == errno.EADDRINUSE:
        return f"port {settings.PORT} is taken by another program; choose another, as in PORT={settings.PORT + 1}"
    if error.errno == errno.EACCES:
        return f"not allowed to listen on {where}; choose a PORT above 1023"
    return f"cannot listen on {where}: check HOST and PORT"
