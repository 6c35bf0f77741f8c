from app.blueprints.checkin import api, desk, door
from app.blueprints.checkin.routes import bp

__all__ = ["api", "bp", "desk", "door"]
