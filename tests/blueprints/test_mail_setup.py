"""An owner sees whether mails get out: the server, a test to chosen addresses, what became of it."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask

from app.mailer import Mailer, parse
from app.models import Role
from app.services.running.worker import Worker
from tests.factories import make_member, make_program, sign_in
from tests.support.client import Browser, submit
from tests.support.smtp import Sink, text_of


def test_the_server_answers_and_tests_arrive_with_their_fates(
    app: Flask, client: Browser, smtp: Sink
) -> None:
    program = make_program(name_en="Bootcamp")
    sign_in(client, make_member(program, Role.OWNER))
    page, before = f"/desk/{program.slug}/mail-setup", app.config["SETTINGS"]
    try:
        app.config["SETTINGS"] = replace(before, SMTP_URL=None)
        assert "No mail server is set" in client.get(page).text
        app.config["SETTINGS"] = replace(before, SMTP_URL=smtp.url)
        assert "The mail server answers." in submit(client, page, action=f"{page}/server").text
        app.config["SETTINGS"] = replace(before, SMTP_URL="smtp://127.0.0.1:9")
        assert "does not answer" in submit(client, page, action=f"{page}/server").text
    finally:
        app.config["SETTINGS"] = before

    refused = submit(client, page, {"addresses": "nobody"}, action=f"{page}/tests")
    assert refused.status_code == 422
    typed = {"addresses": "one@example.com, two@example.com"}
    assert submit(client, page, typed, action=f"{page}/tests").status_code == 303
    mailer = Mailer(parse(smtp.url))
    Worker(mailer).run_once()
    mailer.close()

    assert "nothing to do" in text_of(smtp.wait_for("two@example.com"))
    shown = client.get(page).text
    assert len(re.findall("badge--ok", shown)) == 2
    assert "_dmarc." in shown
    many = {"addresses": " ".join(f"a{n}@example.com" for n in range(5))}
    answers = [submit(client, page, many, action=f"{page}/tests").status_code for _ in range(4)]
    assert answers == [303, 303, 303, 422]
