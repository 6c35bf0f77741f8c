"""Static files under an address that changes with their content, so that browsers may keep them for good.

The whole tree is served below /static/v-<hash>/, so relative imports between modules and between
style sheets stay as they are in the source.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Assets:
    """Where each static file is served, at this version of the tree."""

    folder: Path
    version: str

    def asset(self, path: str) -> str:
        return f"/static/v-{self.version}/{path}"

    def sealed_asset(self, path: str) -> str:
        """Like `asset`, but answered with the scanner's Content-Security-Policy: for its worker.

        Below /door/, as a worker's own files are kept by the service worker in whose scope it lies.
        """
        return f"/door/sealed/v-{self.version}/{path}"

    def paths(self, *patterns: str) -> list[str]:
        """The files that fit, as paths in the tree. A pattern that nothing fits is a mistake."""
        found = [sorted(self.folder.glob(pattern)) for pattern in patterns]
        if not all(found):
            raise FileNotFoundError(f"no static file fits one of {patterns}")
        return [str(path.relative_to(self.folder)) for paths in found for path in paths]


def init_assets(app: Flask) -> None:
    folder = Path(app.static_folder or "")
    assets = Assets(folder, tree_version(folder))

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
        if asked != assets.version:
            abort(404)

    app.add_url_rule("/static/v-<version>/<path:path>", "static", static_file)
    app.add_url_rule("/door/sealed/v-<version>/<path:path>", "sealed", sealed_file)
    app.jinja_env.globals.update(asset=assets.asset, sealed_asset=assets.sealed_asset)
    app.jinja_env.filters["asset"] = (
        assets.asset
    )  # of a constant it is done once, when the template is compiled
    app.extensions["assets"] = assets
    app.extensions["static_prefix"] = assets.asset("").rstrip("/")
