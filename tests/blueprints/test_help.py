"""Help: every screen of the desk leads to a topic that there is, and no topic speaks of a button that there isn't."""

from __future__ import annotations

import pytest
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from app import help_topics
from app.help_topics import LABEL, OF_SCREENS, TEXTS, TOPICS
from app.i18n import LOCALES
from config import ROOT
from tests.access.routes import routes
from tests.factories import make_member, make_program, sign_in

pytestmark = pytest.mark.one_database
SHORT = 1600
DESK = ("member", "founder")


def labels() -> set[str]:
    """Every sentence of the product, as the catalogue has it."""
    with (ROOT / "app/translations/ko/LC_MESSAGES/messages.po").open("rb") as file:
        return {each.id for each in read_po(file) if isinstance(each.id, str)}


def test_every_topic_is_written_in_every_language_and_nothing_else_lies_there() -> None:
    assert {path.name for path in TEXTS.iterdir()} == {
        f"{topic}.{locale}.md" for topic in TOPICS for locale in LOCALES
    }


def test_every_screen_of_the_desk_leads_to_a_topic_and_every_topic_from_one() -> None:
    screens = {route.endpoint for route in routes() if route.method == "GET" and route.rule.startswith(DESK)}

    assert {help_topics.topic_of(each) for each in screens} == set(OF_SCREENS.values()) == set(TOPICS)
    beginnings = {each for each in OF_SCREENS if not any(screen.startswith(each) for screen in screens)}
    assert beginnings == set(), "screens that are no more"


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_short_and_names_buttons_that_there_are(topic: str) -> None:
    texts = [(TEXTS / f"{topic}.{locale}.md").read_text() for locale in LOCALES]
    named = [LABEL.findall(text) for text in texts]

    assert sorted(named[0]) == sorted(named[1]), "the languages say the same"
    assert set(named[0]) - labels() == set()
    assert [len(text) for text in texts if len(text) > SHORT] == []
    assert all(text.startswith("# ") for text in texts)


@pytest.mark.parametrize(("language", "button"), [("ko", "명단 가져오기"), ("en", "Import a roster")])
def test_a_page_names_buttons_as_they_are_in_its_language(
    client: FlaskClient, language: str, button: str
) -> None:
    page = client.get("/help/roster-files", headers={"Accept-Language": language})

    assert f"<strong>{button}</strong>" in page.text
    assert "[[" not in page.text
    assert "/help/seats" in page.text


def test_the_desk_leads_to_help_about_the_screen(client: FlaskClient) -> None:
    program = make_program()
    sign_in(client, make_member(program))

    assert 'href="/help/first-meetup"' in client.get(f"/desk/{program.slug}").text
    assert 'href="/help/roster-files"' in client.get(f"/desk/{program.slug}/cohorts").text


def test_there_is_no_help_about_nothing(client: FlaskClient) -> None:
    assert client.get("/help/nothing").status_code == 404
    assert "/help/door" in client.get("/help").text
