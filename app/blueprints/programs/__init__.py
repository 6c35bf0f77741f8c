from app.blueprints.programs import cohorts, editing, entry, erasing, joining, mail_setup, overview
from app.blueprints.programs.blueprint import bp

__all__ = ["bp", "cohorts", "editing", "entry", "erasing", "joining", "mail_setup", "overview"]
