from app.blueprints.exports import alerts, attendee, companions, notes, paper, revising, seats_kept
from app.blueprints.exports.routes import bp

__all__ = ["alerts", "attendee", "bp", "companions", "notes", "paper", "revising", "seats_kept"]
