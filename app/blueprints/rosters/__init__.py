from app.blueprints.rosters import elsewhere, elsewhere_imports, host_list
from app.blueprints.rosters.routes import bp

__all__ = ["bp", "elsewhere", "elsewhere_imports", "host_list"]
