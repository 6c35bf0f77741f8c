"""`flask develop`: what `make run` runs. Never used by an installation that serves real people."""

from __future__ import annotations

import os
import socket
import sys
from typing import NoReturn
from urllib.parse import urlencode

import click
from flask import Flask, current_app, url_for
from flask_migrate import upgrade
from sqlalchemy import Select, func, select

from app import lan
from app.cli.demo import require_debug_mode
from app.cli.serve import require_free_port, supervise
from app.clock import now
from app.db import db, end_reading
from app.domain.registering.registrations import SEATED
from app.files import keep_private
from app.models import Account, Meetup, MeetupState, Program, Registration
from app.services.staff import accounts, sign_in
from config import Settings

ON_PHONES = """
  Scan this with a phone in the same network. It warns, since nobody but this machine vouches for the
  certificate: choose "Advanced" and "Proceed" (Safari: "Show Details", "visit this website").
  The camera works then. What such a certificate cannot do: a phone that does not trust it installs no
  service worker, so the scanner keeps working while its page is open, but does not open without the
  network. With a real certificate all of it works: docs/deployment.md.

  같은 네트워크의 휴대폰으로 이 QR을 스캔하세요. 이 컴퓨터가 직접 만든 인증서라 경고가 뜹니다.
  "고급" → "계속 이동"(사파리: "세부사항 보기" → "이 웹 사이트 방문")을 누르면 카메라를 쓸 수 있습니다.
  다만 이런 인증서로는 오프라인 설치(서비스 워커)가 되지 않아, 네트워크 없이 페이지를 새로 열 수는 없습니다.
"""
FIRST_OWNER = "owner@example.com"


def register(app: Flask) -> None:
    app.cli.add_command(develop)


@click.command()
@click.pass_context
def develop(context: click.Context) -> None:
    """Migrate, load the demo into an empty database, serve, and print where to look."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.config["SETTINGS"]
    require_debug_mode()
    keep_private()
    if settings.LAN and not settings.TLS_CERTIFICATE:
        _start_over_for_the_network(settings)
    require_free_port(settings)
    upgrade()
    context.invoke(app.cli.commands["demo"].commands["load"], if_empty=True)  # type: ignore[attr-defined]
    text = links(app)
    db.engine.dispose()
    raise SystemExit(supervise(app, when_up=lambda: _announce(settings, text)))


def _start_over_for_the_network(settings: Settings) -> NoReturn:
    """Become the same command with the settings that serve this network; never returns."""
    try:
        address = lan.own_address()
    except lan.NoNetwork as error:
        raise click.ClickException(
            "LAN=1 needs a network that phones can reach, and this machine is on none"
        ) from error
    certificate, key = lan.certificate_for(address, settings.DATA_DIR / "lan")
    environment = os.environ | {
        "HOST": "0.0.0.0",  # noqa: S104 - that is what was asked for
        "BASE_URL": f"https://{address}:{settings.PORT}",
        "TLS_CERTIFICATE": str(certificate),
        "TLS_KEY": str(key),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "develop"]
    os.execve(sys.executable, command, environment)  # noqa: S606 - ourselves


def links(app: Flask) -> str:
    """The four places to look at: a meetup, the desk and the door (each signed in once), the mails."""
    with app.test_request_context(base_url=app.config["SETTINGS"].base_url):
        found = db.session.execute(_worth_a_look()).first()
        places = {"Outbox": url_for("site.outbox", _external=True), "Desk": _signed_in()}
        if found:
            program, slug = found
            places["Meetup"] = url_for("rsvp.show", slug=slug, _external=True)
            places["Door"] = _signed_in(url_for("checkin.door", program=program, slug=slug))
        end_reading()
    rows = [(name, places.get(name, "no meetup yet")) for name in ("Meetup", "Desk", "Door", "Outbox")]
    once = "  Desk and Door sign you in, once each. Ctrl-C stops it."
    return "\n".join(["", *(f"  {name:<8}{place}" for name, place in rows), "", once, ""])


def _worth_a_look() -> Select[str, str]:
    """Published meetups by their slugs: those to come first, among them those with free seats, the next first."""
    taken = (
        select(func.count())
        .where(Registration.meetup_id == Meetup.id, Registration.status.in_(SEATED))
        .scalar_subquery()
    )
    return (
        select(Program.slug, Meetup.slug)
        .join(Meetup, Meetup.program_id == Program.id)
        .where(Meetup.state == MeetupState.PUBLISHED)
        .order_by(Meetup.ends_at < now(), taken >= Meetup.capacity, Meetup.starts_at)
        .limit(1)
    )


def _signed_in(path: str | None = None) -> str:
    """A link that signs the first founder in once, and leads on to `path`."""
    address = db.session.scalars(
        select(Account.address).where(Account.is_founder).order_by(Account.id)
    ).first()
    if address is None:
        address = accounts.create_owner(FIRST_OWNER).address
    link = sign_in.one_time_link(address)
    return f"{link}?{urlencode({'next': path})}" if path else link


def _announce(settings: Settings, text: str) -> bool:
    """Print `text` as soon as the server listens; whether that has happened."""
    try:
        socket.create_connection((settings.HOST, settings.PORT), timeout=0.2).close()
    except OSError:
        return False
    click.echo(text)
    if settings.LAN:
        click.echo(lan.terminal_qr(settings.base_url))
        click.echo(ON_PHONES)
    return True
