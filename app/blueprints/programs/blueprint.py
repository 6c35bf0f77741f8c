"""The blueprint of programmes, and how its pages write a cohort and the word for alumni."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from app import access
from app.i18n import current_locale
from app.models import Cohort, Program, Role

bp = Blueprint("programs", __name__)


def may(role: Role) -> bool:
    """Whether the member of this request has at least that role."""
    mine = access.current_role()
    return mine is not None and mine.includes(role)


@bp.app_template_global("cohort_name")
def cohort_name(cohort: Cohort) -> str:
    """3기 · 2022, followed by the cohort's own name where it has one that says more."""
    ordinal = _("Cohort %(n)s", n=cohort.ordinal)
    own = cohort.name_ko or cohort.name_en if current_locale() == "ko" else cohort.name_en or cohort.name_ko
    parts = [ordinal, str(cohort.year) if cohort.year else "", own if own != ordinal else ""]
    return " · ".join(part for part in parts if part)


@bp.app_template_global("alumni_word")
def alumni_word(program: Program) -> str:
    """How the programme calls those who completed it."""
    return program.alumni_term.value if current_locale() == "ko" else _("Alumni")
