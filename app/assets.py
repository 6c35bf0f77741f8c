"""Static files under an address that changes with their content, so that browsers may keep them for good.

The whole tree is served below /static/v-<hash>/, so relative imports between modules and between
style sheets stay as they are in the source.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, send_from_directory

from app import access, headers

YEAR = 31_536_000


@cache
def tree_version(folder: Path) -> str:
    """A hash over the names and contents of all files below `folder`."""
    state = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        state.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return state.hexdigest()[:12]


def init_assets(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    version = tree_version(folder)
    prefix, sealed = f"/static/v-{version}", f"/sealed/v-{version}"

    def asset(path: str) -> str:
        return f"{prefix}/{path}"

    def sealed_asset(path: str) -> str:
        """Like `asset`, but answered with the scanner's Content-Security-Policy: for its worker."""
        return f"{sealed}/{path}"

    @access.public
    def static_file(version: str, path: str) -> Response:
        _current(version)
        return send_from_directory(folder, path, max_age=YEAR)

    @access.public
    def sealed_file(version: str, path: str) -> Response:
        _current(version)
        response = send_from_directory(folder, path, max_age=YEAR)
        headers.scanner_policy(response)
        return response

    def _current(asked: str) -> None:
        if asked != version:
            abort(404)

    app.add_url_rule("/static/v-<version>/<path:path>", "static", static_file)
    app.add_url_rule("/sealed/v-<version>/<path:path>", "sealed", sealed_file)
    app.jinja_env.globals.update(asset=asset, sealed_asset=sealed_asset)
    app.extensions["static_prefix"] = prefix
