from app.blueprints.rsvp.routes import bp

__all__ = ["bp"]
