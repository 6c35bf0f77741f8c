from app.blueprints.meetups.routes import bp

__all__ = ["bp"]
