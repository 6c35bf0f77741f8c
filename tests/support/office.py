"""LibreOffice without a screen: opens a list as a person would, types into some cells, and saves it.

`edit` starts this file once more with the system's own Python, which alone has LibreOffice's bridge.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SYSTEM_PYTHON = "/usr/bin/python3"
SAVE = {
    "xlsx": ("Calc MS Excel 2007 XML", ""),
    "csv": ("Text - txt - csv (StarCalc)", "44,34,76,1,,0,false,true,false"),
}
OPEN = {"xlsx": "", "csv": "44,34,76,1,,0,false,false"}  # commas, quotes, UTF-8; cells as they are guessed
PATIENCE = 60


def edit(source: Path, target: Path, edits: dict[tuple[str, str], str]) -> None:
    """Type each text into the cell of this row (by its first cell) and this heading. The names' ends say the formats."""
    order = {
        "source": str(source),
        "target": str(target),
        "edits": [[row, heading, text] for (row, heading), text in edits.items()],
    }
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            [SYSTEM_PYTHON, __file__, profile],
            input=json.dumps(order),
            text=True,
            capture_output=True,
            timeout=3 * PATIENCE,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(done.stderr)


def _main() -> None:
    profile, order = sys.argv[1], json.load(sys.stdin)
    pipe = Path(profile).name
    office = subprocess.Popen(
        [
            "soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    try:
        desktop = _desktop(pipe)
        _work(desktop, order)
        desktop.terminate()
        office.wait(PATIENCE)
    finally:
        office.kill()


def _desktop(pipe: str) -> Any:
    import uno  # type: ignore[import-not-found]

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def _work(desktop: Any, order: dict[str, Any]) -> None:
    source, target = Path(order["source"]), Path(order["target"])
    filters = {"FilterOptions": OPEN[source.suffix[1:]]}
    if source.suffix == ".csv":
        filters["FilterName"] = SAVE["csv"][0]
    document = desktop.loadComponentFromURL(source.as_uri(), "_blank", 0, _properties(Hidden=True, **filters))
    sheet = document.Sheets.getByIndex(0)
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    width, height = cursor.RangeAddress.EndColumn + 1, cursor.RangeAddress.EndRow + 1
    headings = {sheet.getCellByPosition(column, 0).String: column for column in range(width)}
    rows = {sheet.getCellByPosition(0, row).String: row for row in range(1, height)}
    for row, heading, text in order["edits"]:
        sheet.getCellByPosition(headings[heading], rows[row]).setString(text)
    name, options = SAVE[target.suffix[1:]]
    document.storeToURL(target.as_uri(), _properties(FilterName=name, FilterOptions=options))
    document.close(True)


def _properties(**values: Any) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]

    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


if __name__ == "__main__":
    _main()
