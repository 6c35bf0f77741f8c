"""Weighty acts at a personal link: whoever has the link alone, as somebody to whom it was forwarded, can't do them.

They take a code that was mailed for this very act a moment ago.
"""

from __future__ import annotations

import datetime as dt
import enum

TRIES = 5
CODE_LIVES = dt.timedelta(minutes=10)  # from its sending
PROVED_FOR = dt.timedelta(minutes=15)


class Purpose(enum.StrEnum):
    """What the code is for. One for another act proves nothing."""

    DOWNLOAD = "download"
    ERASURE = "erasure"
    ADDRESS = "address"  # that they read mail where tickets go now …
    NEW_ADDRESS = "new_address"  # … and where they are to go from now on
