"""What keeps the scanner on a phone: its service worker with the list of files, and the web app manifest."""

from __future__ import annotations

import json
from functools import cache

from flask import Response, current_app, url_for
from flask_babel import gettext as _

from app import access
from app.assets import Assets
from app.blueprints.checkin.routes import bp
from app.i18n import current_locale

SCOPE = "/door/"
VERSION_HEADER = "Dongmun-Shell"
ICONS = (
    ("icon", 192, "any"),
    ("icon", 512, "any"),
    ("maskable", 192, "maskable"),
    ("maskable", 512, "maskable"),
)
# The page's own files, and those that its worker loads.
PAGE_FILES = ("css/**/*.css", "js/door/*.js", "icons/*", "vendor/zxing-wasm-*/dist/reader/*.wasm")
WORKER_FILES = ("js/door/decoder-worker.js", "js/door/treatments.js", "vendor/zxing-wasm-*/dist/es/**/*.js")


@bp.get("/door/sw.js")
@access.public
def service_worker() -> Response:
    """The same text for every door; it changes with any static file, and browsers compare it byte by byte."""
    return Response(_text(_assets()), mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


@bp.get("/door/<slug>/app.webmanifest")
@access.public
def app_manifest(slug: str) -> Response:
    """To put the scanner on the home screen. Tells nothing of the meetup, nor whether there is one."""
    assets, page = _assets(), url_for("checkin.scanner", slug=slug)
    body = {
        "id": page,
        "name": _("Dongmun: Door"),
        "short_name": _("Door"),
        "lang": current_locale(),
        "start_url": page,
        "scope": SCOPE,
        "display": "standalone",
        "background_color": "#0d1413",
        "theme_color": "#0d1413",
        "icons": [
            {
                "src": assets.asset(f"icons/{name}-{size}.png"),
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": purpose,
            }
            for name, size, purpose in ICONS
        ],
    }
    return Response(json.dumps(body, ensure_ascii=False), mimetype="application/manifest+json")


def marked(response: Response) -> Response:
    """Say of which version of the files this page is: the service worker keeps it with those only."""
    response.headers[VERSION_HEADER] = _assets().version
    return response


def files(assets: Assets) -> list[str]:
    """Everything that the scanner loads, by its address."""
    page = [assets.asset(path) for path in assets.paths(*PAGE_FILES)]
    return page + [assets.sealed_asset(path) for path in assets.paths(*WORKER_FILES)]


@cache
def _text(assets: Assets) -> str:
    listed = json.dumps({"version": assets.version, "files": files(assets)})
    return f"const SHELL = {listed};\n{(assets.folder / 'js/door/service-worker.js').read_text()}"


def _assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found
