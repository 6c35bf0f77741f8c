from app.blueprints.meetups import applicants, drawing, editing, pictures, seat_rules, states, waitlist
from app.blueprints.meetups.routes import bp

__all__ = ["applicants", "bp", "drawing", "editing", "pictures", "seat_rules", "states", "waitlist"]
