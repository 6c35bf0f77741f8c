from app.blueprints.exports import (
    alerts,
    attendee,
    bulk,
    companions,
    notes,
    paper,
    people,
    revising,
    seats_kept,
    views,
)
from app.blueprints.exports.routes import bp

__all__ = [
    "alerts",
    "attendee",
    "bp",
    "bulk",
    "companions",
    "notes",
    "paper",
    "people",
    "revising",
    "seats_kept",
    "views",
]
