from app.blueprints.accounts import account, invitations, people, signing_in
from app.blueprints.accounts.blueprint import bp

__all__ = ["account", "bp", "invitations", "people", "signing_in"]
