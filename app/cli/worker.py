"""`flask worker`: sends mails and cleans up until it is asked to stop."""

from __future__ import annotations

import signal
import threading

import click
from flask import Flask, current_app

from app.files import keep_private
from app.services.running.worker import Worker, transport_for


def register(app: Flask) -> None:
    app.cli.add_command(worker)


@click.command()
@click.option("--once", is_flag=True, help="Send what is due now, then end.")
def worker(*, once: bool) -> None:
    """Send owed mails and clean up, until SIGTERM or Ctrl-C; the mail under way is finished."""
    keep_private()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sender = Worker(transport_for(current_app.config["SETTINGS"]), stop)
    if not once:
        sender.run()
        return
    while sender.run_once() and not stop.is_set():
        pass
