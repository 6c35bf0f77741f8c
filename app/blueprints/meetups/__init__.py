from app.blueprints.meetups import editing, pictures, states
from app.blueprints.meetups.routes import bp

__all__ = ["bp", "editing", "pictures", "states"]
