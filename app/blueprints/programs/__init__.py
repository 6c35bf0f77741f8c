from app.blueprints.programs import cohorts, editing, overview
from app.blueprints.programs.blueprint import bp

__all__ = ["bp", "cohorts", "editing", "overview"]
