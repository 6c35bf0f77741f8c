"""What a meetup says about personal data and asks of those who register, at the desk."""

from app.blueprints.asking import notices, question_pages, question_set_pages
from app.blueprints.asking.blueprint import bp

__all__ = ["bp", "notices", "question_pages", "question_set_pages"]
