from app.blueprints.rosters.routes import bp

__all__ = ["bp"]
