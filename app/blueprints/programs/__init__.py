from app.blueprints.programs.routes import bp

__all__ = ["bp"]
