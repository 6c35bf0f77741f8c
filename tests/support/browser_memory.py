"""What a page and its workers hold in memory, after the garbage is collected."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.browser import until


@dataclass(frozen=True)
class Memory:
    """Bytes, but for `nodes` and `listeners`. `process` is all that the renderer has written to, wasm included."""

    page: int
    workers: int
    process: int
    nodes: int
    listeners: int


class MemoryMeter:
    """DevTools' view of one page. Made before the page opens, so that it meets its workers."""

    def __init__(self, page: Page) -> None:
        browser = page.context.browser
        assert browser
        self._page, self._answers, self._last = page, dict[int, dict[str, Any]](), 0
        self._workers: list[str] = []
        self._browser = browser.new_browser_cdp_session()
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.on("Target.attachedToTarget", self._attached)
        self._session.on("Target.receivedMessageFromTarget", self._heard)
        self._session.send(
            "Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False}
        )

    def read(self) -> Memory:
        for _ in range(3):
            self._session.send("HeapProfiler.collectGarbage")
            for worker in self._workers:
                self._ask(worker, "HeapProfiler.collectGarbage")
        counted = self._session.send("Memory.getDOMCounters")
        return Memory(
            page=self._session.send("Runtime.getHeapUsage")["usedSize"],
            workers=sum(self._ask(worker, "Runtime.getHeapUsage")["usedSize"] for worker in self._workers),
            process=sum(written(pid) for pid in self._renderers()),
            nodes=counted["nodes"],
            listeners=counted["jsEventListeners"],
        )

    def _renderers(self) -> list[int]:
        found = self._browser.send("SystemInfo.getProcessInfo")["processInfo"]
        return [each["id"] for each in found if each["type"] == "renderer"]

    def _attached(self, event: dict[str, Any]) -> None:
        if event["targetInfo"]["type"] == "worker":
            self._workers.append(event["sessionId"])

    def _heard(self, event: dict[str, Any]) -> None:
        answer = json.loads(event["message"])
        if "id" in answer:
            self._answers[answer["id"]] = answer.get("result", {})

    def _ask(self, worker: str, method: str) -> dict[str, Any]:
        self._last += 1
        number, message = self._last, json.dumps({"id": self._last, "method": method})
        self._session.send("Target.sendMessageToTarget", {"sessionId": worker, "message": message})
        until(self._page, lambda: number in self._answers)
        return self._answers.pop(number)


def written(pid: int) -> int:
    """Bytes of a process that are its own."""
    rows = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8").splitlines()
    return 1024 * sum(int(row.split()[1]) for row in rows if row.startswith("Private_Dirty:"))
