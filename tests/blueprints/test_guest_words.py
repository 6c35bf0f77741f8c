"""A role has one word wherever it is told, and no other role has it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app import guest_words
from app.blueprints.badges import words as badge_words
from app.blueprints.exports.adding import KINDS
from app.blueprints.meetups.seat_pools import guest_role
from app.blueprints.rsvp import own_data_words
from app.domain.printing.designs import ExtraKind
from app.domain.registering.adding import ROLES, Kind
from app.domain.seating.pools import GuestRole


@pytest.mark.parametrize(("locale", "special"), [("ko", "내빈"), ("en", "Special guest")])
def test_one_word_says_a_role_at_the_desk_on_badges_and_in_ones_own_data(
    app: Flask, locale: str, special: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        words = {role: str(word) for role, word in guest_words.ROLES.items()}

        assert words[GuestRole.GUEST_OF_HONOUR] == special
        assert len(set(words.values())) == len(GuestRole)
        assert {role: guest_role(role) for role in GuestRole} == words
        assert {kind: str(KINDS[kind]) for kind in ROLES} == {
            kind: words[role] for kind, role in ROLES.items()
        }
        assert str(KINDS[Kind.STAFF]) == str(badge_words.EXTRAS[ExtraKind.STAFF])
        told = {role: str(own_data_words.VALUES[role]).capitalize() for role in GuestRole}
        assert told == words
