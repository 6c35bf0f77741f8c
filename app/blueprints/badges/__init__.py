from app.blueprints.badges import extras, printing
from app.blueprints.badges.routes import bp

__all__ = ["bp", "extras", "printing"]
