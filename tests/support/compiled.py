"""Templates compiled once for all processes of a test run: each server that a test starts would do it anew for the pages it
shows, and all of them take six seconds of work. What runs is what the template's text gives; Jinja compares it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

from flask import Flask
from jinja2 import FileSystemBytecodeCache

FOLDER = "DONGMUN_TESTS_COMPILED"


def share_compiled_templates() -> None:
    """Applications that this process makes from now on, and those of its children that ask for it too, share a folder."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="dongmun-compiled-")
        atexit.register(_remove, os.environ[FOLDER], os.getpid())
    Flask.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(os.environ[FOLDER])}


def _remove(folder: str, owner: int) -> None:
    """Only by the process that made it."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
