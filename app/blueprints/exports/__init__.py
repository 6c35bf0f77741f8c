from app.blueprints.exports import (
    adding,
    alerts,
    attendee,
    bulk,
    column_sets,
    companions,
    contacts,
    for_them,
    guests,
    large_files,
    notes,
    orders,
    paper,
    people,
    places,
    revising,
    seats_kept,
    views,
)
from app.blueprints.exports.routes import bp
from app.services.organizing import export_making

bp.record_once(lambda state: export_making.tell_orders(state.app.extensions, orders.of_job))

__all__ = [
    "adding",
    "alerts",
    "attendee",
    "bp",
    "bulk",
    "column_sets",
    "companions",
    "contacts",
    "for_them",
    "guests",
    "large_files",
    "notes",
    "paper",
    "people",
    "places",
    "revising",
    "seats_kept",
    "views",
]
