from app.blueprints.installation import accounts, backups, mail
from app.blueprints.installation.blueprint import bp

__all__ = ["accounts", "backups", "bp", "mail"]
