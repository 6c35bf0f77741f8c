from app.blueprints.meetups import applicants, editing, pictures, seat_rules, states, waitlist
from app.blueprints.meetups.routes import bp

__all__ = ["applicants", "bp", "editing", "pictures", "seat_rules", "states", "waitlist"]
