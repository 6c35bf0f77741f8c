from app.blueprints.checkin.routes import bp

__all__ = ["bp"]
