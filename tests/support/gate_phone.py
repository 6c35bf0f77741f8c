"""A volunteer with a staff phone at a gate: what they do with it, tap by tap."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator

from tests.support.browser import to_the_door, until
from tests.support.staff_phone import StaffPhone

ANSWERED = {"ok", "already", "refused", "unknown", "waiting"}


class GatePhone(StaffPhone):
    """A staff phone whose volunteer scans, types, taps on the list, searches, lets walk-ins in and takes back."""

    def enrol(self, link: str, name: str, camera: Path) -> None:
        """As a volunteer does with the organizer's QR; then wait until the phone can do without the server."""
        page = self.start(camera)
        page.goto(link)
        page.fill("input[name=name]", name)
        page.click("main form button[type=submit]")
        page.wait_for_url("**/door/meetup-*")
        self.ready()
        to_the_door(page)
        self.kept()
        until(page, lambda: self.part("list-rows").locator("button").count() > 0)

    def reopen(self, slug: str, camera: Path, *, offline: bool = False) -> None:
        """The browser was closed and is opened again."""
        self.context.close()
        self.start(camera, offline=offline)
        self.page.goto(f"{self.origin}/door/{slug}")
        self.ready()

    def part(self, name: str) -> Locator:
        return self.page.locator(f"[data-part={name}]")

    @property
    def waiting(self) -> int:
        return self.seen[-1].waiting if self.seen else 0

    @property
    def inside(self) -> int:
        """How many are in by what this phone shows; -1 where it shows no number."""
        text = self.part("count-in").text_content() or ""
        return int(text) if text.isdigit() else -1

    def verdict(self) -> str:
        """Wait for the answer to the last scan; its colour."""
        until(self.page, lambda: self.part("verdict").get_attribute("data-verdict") in ANSWERED)
        return self.part("verdict").get_attribute("data-verdict") or ""

    def types(self, code: str) -> str:
        """Type a ticket's code, at the list into its search field; the verdict's colour."""
        self.tap()
        field = self.part("typed-input")
        if not field.is_visible():
            self.close_sheet()
            if self.part("list-input").is_visible():
                field = self.part("list-input")
            else:
                self.page.click("[data-open-panel=typed]")
        field.fill(code)
        field.press("Enter")
        return self.verdict()

    def taps(self, name: str) -> None:
        """Find the person on the list and let them in by one tap; the row turns green."""
        self.tap()
        self.close_sheet()
        self.part("list-input").fill(name)
        row = self.part("list-rows").locator("button", has_text=name)
        row.click()
        until(self.page, lambda: "person--ok" in (row.get_attribute("class") or ""))

    def searches(self, name: str) -> str:
        """Ask the server for a name, tap on the person; the verdict's colour."""
        self.tap()
        self.close_sheet()
        self.page.click(".door__actions [data-open-panel=search]")
        self.part("search-input").fill(name)
        self.part("search-results").locator("button", has_text=name).click()
        return self.verdict()

    def walk_in(self, name: str, cohort: int | None) -> str:
        """Somebody who is not on the list; the sheet's complaint, or "" where they are in."""
        self.tap()
        self.part("list-input").fill(name)
        self.part("list-walkin").click()
        if self.part("walkin-other").is_visible():
            self.part("walkin-other").click()
        self.part("walkin-name").fill(name)
        self.page.check(f"input[name=walkin-cohort][value='{cohort or 'none'}']", force=True)
        self.part("walkin-submit").click()
        return self._walked_in()

    def over_the_seats(self) -> str:
        """Yes, also beyond the seats."""
        self.part("walkin-over").click()
        return self._walked_in()

    def _walked_in(self) -> str:
        error = self.part("walkin-error")
        until(
            self.page,
            lambda: self.part("verdict").get_attribute("data-verdict") == "ok" or bool(error.text_content()),
        )
        return error.text_content() or ""

    def takes_back(self, reason: str) -> None:
        """Undo the check-in whose green is on the screen."""
        self.part("undo-green").click()
        self.part("undo-reason").fill(reason)
        self.part("undo-submit").click()
        until(self.page, lambda: self.part("verdict").get_attribute("data-verdict") == "neutral")

    def fewer(self) -> None:
        """One of the party that is on the screen stays outside for now."""
        self.part("party-fewer").click()

    def to(self, tab: str) -> None:
        """To the list or to the scanner."""
        self.tap()
        self.close_sheet()
        self.part(f"tab-{tab}").click()

    def close_sheet(self) -> None:
        if (sheet := self.page.locator(".sheet:visible")).count():
            sheet.locator("[data-close-panel]").click()
