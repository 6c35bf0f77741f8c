from app.blueprints.exports.routes import bp

__all__ = ["bp"]
