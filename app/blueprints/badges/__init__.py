from app.blueprints.badges import printing
from app.blueprints.badges.routes import bp

__all__ = ["bp", "printing"]
