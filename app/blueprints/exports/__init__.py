from app.blueprints.exports import attendee, companions
from app.blueprints.exports.routes import bp

__all__ = ["attendee", "bp", "companions"]
