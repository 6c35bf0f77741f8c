from app.blueprints.programs import (
    attendance,
    cohorts,
    correcting,
    dates,
    editing,
    entry,
    erasing,
    joining,
    mail_setup,
    overview,
)
from app.blueprints.programs.blueprint import bp

__all__ = [
    "attendance",
    "bp",
    "cohorts",
    "correcting",
    "dates",
    "editing",
    "entry",
    "erasing",
    "joining",
    "mail_setup",
    "overview",
]
