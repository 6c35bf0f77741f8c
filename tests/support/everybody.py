"""What a page is to people who see little, who have a keyboard and nothing else, or a small phone and large thumbs."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Locator, Page

# Told are rules that a page breaks, and where: all that axe has looked at would be a hundred times as much.
VIOLATIONS = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.map(
  ({ id, nodes }) => `${id} at ${JSON.stringify(nodes.slice(0, 3).map(({ target }) => target))}`)"""
AT_THE_DOOR = 56  # px: whoever taps stands in a queue
MAIN_BUTTON = 44  # px, anywhere
TOO_SMALL = """least => {
  const found = [];
  for (const each of document.querySelectorAll("button, summary, select, input, a[href]")) {
    const { width, height } = (each.closest("label") ?? each).getBoundingClientRect();
    if (!each.checkVisibility({ visibilityProperty: true }) || each.closest("[inert]") || (width <= 1 && height <= 1)) continue;
    const main = each.matches(".button:not(.button--small)") ? MAIN : least;
    if (Math.round(Math.min(width, height)) < Math.max(main, least)) found.push(`${each.tagName} ${each.textContent.trim() || each.name} ${width} × ${height}`);
  }
  return found;
}""".replace("MAIN", str(MAIN_BUTTON))
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS = """() => {
  const { activeElement: focused } = document, style = getComputedStyle(focused);
  const { x, y, width, height } = focused.getBoundingClientRect();
  return {
    name: focused.dataset.part ?? focused.dataset.openPanel ?? (focused.hasAttribute("data-close-panel") ? "close" : focused.tagName),
    text: focused.textContent.trim(),
    lit: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    there: width > 0 && y + height > 0 && y < innerHeight && x + width > 0 && x < innerWidth,
  };
}"""
PLACES = """() => {
  const seen = new Set();
  for (const each of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")) {
    const there = each.tabIndex >= 0 && !each.disabled && each.checkVisibility({ visibilityProperty: true }) && !each.closest("[inert]");
    if (there) seen.add(each.type === "radio" ? each.name : each);
  }
  return seen.size;
}"""


class Screens:
    """A page whose every state is looked at: `look(name)`; what is amiss is in `found`."""

    def __init__(self, page: Page, *, least: int | None = AT_THE_DOOR) -> None:
        self.page, self.least = page, least
        self.looked: list[str] = []
        self.found: list[str] = []

    def look(self, screen: str) -> None:
        self.looked.append(screen)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        self.found += [f"{screen}: {each}" for each in self.page.evaluate(VIOLATIONS)]
        if self.least:
            self.found += [f"{screen}: small {each}" for each in self.page.evaluate(TOO_SMALL, self.least)]
        if (wider := self.page.evaluate(WIDER)) > 0:
            self.found.append(f"{screen}: {wider} px wider than the screen")

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-part={name}]")


class Keyboard:
    """Hands that know the tab key, the arrows, Enter and Escape. Where the focus can't be seen is in `dark`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dark: list[str] = []

    def at(self) -> str:
        return str(self.look()["name"])

    def look(self) -> dict[str, Any]:
        """Where the focus is; nobody can work with one that doesn't show."""
        focus: dict[str, Any] = self.page.evaluate(FOCUS)
        if focus["name"] != "BODY" and not (focus["lit"] and focus["there"]):
            self.dark.append(f"{focus['name']} {focus['text'][:30]}")
        return focus

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """As fast as people type; what comes faster is a scanner."""
        self.page.keyboard.type(text, delay=100)

    def to(self, name: str, text: str = "", key: str = "Tab") -> None:
        """Tab on to that part of the page, wherever the focus is now."""
        passed = []
        for _ in range(self.page.evaluate(PLACES) + 3):
            focus = self.look()
            if focus["name"] == name and text in focus["text"]:
                return
            passed.append(focus["name"])
            self.press(key)
        raise AssertionError(f"no way to {name} {text} by {key}: {passed}")

    def round(self) -> int:
        """Tab from where the focus is once around; how many places that takes. A trap never comes back."""
        places, start, stops = int(self.page.evaluate(PLACES)), self.look(), 0
        for _ in range(places + 3):
            self.press("Tab")
            at = self.look()
            if at["name"] != "BODY":
                stops += 1
            # By what it is called: a list that is drawn anew meanwhile keeps its rows, not their elements.
            if (at["name"], at["text"]) == (start["name"], start["text"]):
                return stops
        raise AssertionError(f"{stops} stops and not back, {places} places")
