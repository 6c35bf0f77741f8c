from app.blueprints.programs import cohorts, dates, editing, entry, erasing, joining, mail_setup, overview
from app.blueprints.programs.blueprint import bp

__all__ = ["bp", "cohorts", "dates", "editing", "entry", "erasing", "joining", "mail_setup", "overview"]
