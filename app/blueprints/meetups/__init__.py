from app.blueprints.meetups import (
    applicants,
    claims,
    drawing,
    editing,
    inviting,
    mail_texts,
    mails,
    moving,
    pictures,
    seat_rules,
    states,
    waitlist,
    walk_in_checks,
)
from app.blueprints.meetups.routes import bp

__all__ = [
    "applicants",
    "bp",
    "claims",
    "drawing",
    "editing",
    "inviting",
    "mail_texts",
    "mails",
    "moving",
    "pictures",
    "seat_rules",
    "states",
    "waitlist",
    "walk_in_checks",
]
