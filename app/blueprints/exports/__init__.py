from app.blueprints.exports import attendee
from app.blueprints.exports.routes import bp

__all__ = ["attendee", "bp"]
