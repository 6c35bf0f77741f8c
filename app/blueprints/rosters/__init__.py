from app.blueprints.rosters import elsewhere
from app.blueprints.rosters.routes import bp

__all__ = ["bp", "elsewhere"]
