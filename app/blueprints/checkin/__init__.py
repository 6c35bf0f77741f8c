from app.blueprints.checkin import api, desk, door, settings
from app.blueprints.checkin.routes import bp

__all__ = ["api", "bp", "desk", "door", "settings"]
