from app.blueprints.rosters import elsewhere, host_list
from app.blueprints.rosters.routes import bp

__all__ = ["bp", "elsewhere", "host_list"]
