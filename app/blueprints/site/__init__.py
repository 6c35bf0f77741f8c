from app.blueprints.site.routes import bp

__all__ = ["bp"]
