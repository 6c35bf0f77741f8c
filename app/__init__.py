"""Dongmun: the registration desk and the door of cohort-based programmes."""

from __future__ import annotations

from flask import Flask

from config import ROOT, Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Without `settings`, they are read from the environment."""
    from app import access, assets, blueprints, cli, db, errors, extensions, headers, i18n, logs, web

    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=None)
    app.static_folder = str(ROOT / "static")
    web.configure(app, settings or Settings.from_environment())
    logs.init_logs(app)
    web.warn(app.config["SETTINGS"])
    db.init_db(app)
    headers.init_headers(app)  # before whatever may refuse a request: refusals carry its id, too
    extensions.csrf.init_app(app)
    extensions.migrate.init_app(app, db.db, directory=str(ROOT / "app/migrations"), render_as_batch=True)
    i18n.init_i18n(app)
    web.init_guard(app)
    errors.init_errors(app)
    assets.init_assets(app)
    blueprints.register(app)
    cli.register(app)
    access.check_declared(app)
    return app
