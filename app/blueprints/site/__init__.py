from app.blueprints.site import outbox
from app.blueprints.site.routes import bp

__all__ = ["bp", "outbox"]
