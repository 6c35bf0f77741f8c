from app.blueprints.trail import reviewing
from app.blueprints.trail.routes import bp

__all__ = ["bp", "reviewing"]
