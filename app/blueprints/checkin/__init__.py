from app.blueprints.checkin import (
    api,
    desk,
    door,
    live,
    offline,
    people,
    rehearsals,
    releases,
    settings,
    shell,
    ticks,
    walk_ins,
)
from app.blueprints.checkin.routes import bp

__all__ = [
    "api",
    "bp",
    "desk",
    "door",
    "live",
    "offline",
    "people",
    "rehearsals",
    "releases",
    "settings",
    "shell",
    "ticks",
    "walk_ins",
]
