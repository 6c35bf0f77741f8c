"""The code for a weighty act in tests, as a person gets and types it."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.domain import tokens
from app.keys import keys
from app.models import Registration
from app.services.mails import writing
from app.services.personal import personal_links
from tests.support.client import submit
from tests.support.registering import owed


def path_of(registration: Registration) -> str:
    return f"/r/{registration.reference}/{personal_links.secret_of(registration)}"


def mailed_code() -> str:
    """The digits of the newest code that is owed; the worker has written the mail, so their time runs."""
    mail = owed("fresh_code")[-1]
    assert writing.write([mail]).messages
    return tokens.verification_code(keys().link, mail.params["proof"])


def prove_at(client: FlaskClient, page: str) -> TestResponse:
    """Have a code mailed on that page and type it."""
    submit(client, page, {}, action=f"{page}/codes")
    return submit(client, page, {"code": mailed_code()}, action=f"{page}/proof")
