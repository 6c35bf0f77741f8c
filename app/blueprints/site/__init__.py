from app.blueprints.site import helping, outbox
from app.blueprints.site.routes import bp

__all__ = ["bp", "helping", "outbox"]
