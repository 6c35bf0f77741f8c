from app.blueprints.exports import alerts, attendee, companions
from app.blueprints.exports.routes import bp

__all__ = ["alerts", "attendee", "bp", "companions"]
