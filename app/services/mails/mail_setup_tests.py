"""The mail by which an owner sees whether mails arrive."""

from __future__ import annotations

from app.services.mails import erasures
from app.services.mails.letters import Kind

TEST = "setup_test"


KINDS = {TEST: Kind(erasures.write, erasures.load)}
