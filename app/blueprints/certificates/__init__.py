from app.blueprints.certificates import checking
from app.blueprints.certificates.routes import bp

__all__ = ["bp", "checking"]
