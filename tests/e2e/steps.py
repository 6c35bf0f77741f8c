"""What people do in the browser, as functions: the organizer, the alumnus, the staff."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Download, Page

from tests.support.smtp import Sink, text_of

ROSTERS = Path(__file__).parent.parent / "data/rosters"


def links_in(text: str, path: str) -> list[str]:
    """The addresses in a mail whose path begins with `path`."""
    return [url for url in re.findall(r"https?://\S+", text) if urlsplit(url).path.startswith(path)]


def sign_in(page: Page, url: str, smtp: Sink, address: str) -> None:
    """Ask for a link, open the mail, press the button."""
    page.goto(f"{url}/sign-in")
    page.fill("input[name=address]", address)
    page.press("input[name=address]", "Enter")
    mail = smtp.wait_for(address, lambda mail: bool(links_in(text_of(mail), "/sign-in/")))
    page.goto(links_in(text_of(mail), "/sign-in/")[0])
    page.click("main form button[type=submit]")
    page.wait_for_url("**/desk**")


def add_cohorts(page: Page, desk: str, first: int, last: int, first_year: int) -> None:
    page.goto(f"{desk}/cohorts")
    for name, value in (("first", first), ("last", last), ("first_year", first_year)):
        page.fill(f"main input[name={name}]", str(value))
    page.press("main input[name=last]", "Enter")
    page.wait_for_selector(f"a[href$='/cohorts/{last}']")


def import_roster(page: Page, desk: str, file: str, cohort: int) -> str:
    """Upload from a cohort's page, look at the preview, apply; the text of the record."""
    page.goto(f"{desk}/cohorts/{cohort}")
    page.click("a[href*='/rosters/new']")
    page.set_input_files("input[type=file]", ROSTERS / file)
    page.click("main form[enctype] button[type=submit]")
    page.fill("textarea[name=provenance]", "교학팀 명단")
    page.click("form[action$='/application'] button[type=submit]")
    page.wait_for_url("**/imports/*")
    return page.inner_text("main")


def publish_meetup(page: Page, desk: str, *, title: str, seats: int) -> str:
    """Fill in the form, save, publish; the path of the public page."""
    day = dt.date.today() + dt.timedelta(days=20)  # noqa: DTZ011 - any day to come will do
    page.goto(f"{desk}/meetups/new")
    page.fill("input[name=title_ko]", title)
    page.fill("input[name=title_en]", "Alumni evening")
    page.fill("input[name=place_ko]", "예시홀 3층")
    page.fill("input[name=starts]", f"{day}T18:30")
    page.fill("input[name=ends]", f"{day}T21:00")
    page.fill("input[name=capacity]", str(seats))
    page.fill("input[name=contact_address]", "office@example.com")
    page.press("input[name=contact_address]", "Enter")
    page.wait_for_selector("form[action$='/publication']")
    page.click("form[action$='/publication'] button[type=submit]")
    page.wait_for_selector("form[action$='/closure']")
    return urlsplit(page.url).path


def register(page: Page, url: str, slug: str, smtp: Sink, address: str) -> str:
    """The alumnus's way from an address to their registration; the text of its page."""
    page.goto(f"{url}/m/{slug}")
    page.fill("input[name=address]", address)
    page.press("input[name=address]", "Enter")
    fill_in_code(page, smtp, address)
    page.click(f"form[action='/m/{slug}/registrations'] button[type=submit]")
    page.wait_for_url("**/r/**")
    return page.inner_text("main")


def fill_in_code(page: Page, smtp: Sink, address: str) -> None:
    """Type the code that was mailed to the address."""
    page.wait_for_url("**/code")
    mail = smtp.wait_for(address, lambda mail: bool(re.search(r"\d{4} \d{4}", mail["Subject"])))
    code = re.search(r"\d{4} \d{4}", mail["Subject"])
    assert code
    page.fill("input[name=code]", code[0])
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/check")


def open_door(page: Page, meetup: str, *, role: str = "supervise", gate: str | None = None) -> str:
    """Open the door for one phone; the link in the QR code."""
    page.goto(f"{meetup}/door")
    page.check(f"input[name=role][value={role}]")
    if gate:
        page.select_option("select[name=gate]", gate)
    asked = page.locator("input[name=lists]")  # before the first phone only
    if asked.count() and not page.locator("input[name=lists]:checked").count():
        page.check("input[name=lists][value=no]")
    page.click("form[action$='/enrolments'] button[type=submit]")
    link = page.get_attribute(".door-qr [data-copy]", "data-copy")
    assert link
    return link


def open_kiosk(page: Page, meetup: str, *, code: str) -> str:
    """Choose an exit code and open the door for one tablet; the link in its QR code."""
    page.goto(f"{meetup}/door")
    page.click("#kiosk > summary")
    page.fill("#kiosk input[name=code]", code)
    page.click("form[action$='/kiosk-code'] button[type=submit]")
    page.goto(f"{meetup}/door")
    page.click("#kiosk > summary")
    page.click("form[action$='/kiosks'] button[type=submit]")
    link = page.get_attribute(".door-qr [data-copy]", "data-copy")
    assert link
    return link


def export(page: Page, meetup: str, kind: str) -> Path:
    """Order a file of everyone current and take it away."""
    page.goto(f"{meetup}/export")
    page.check(f"input[name=kind][value={kind}]")
    for status in ("confirmed", "waitlisted"):
        page.check(f"input[name=statuses][value={status}]")
    page.fill("input[name=reason]", "명찰")
    with page.expect_download() as begun:
        page.click("main form[data-resubmit] button[type=submit]")
    return _saved(begun.value)


def _saved(download: Download) -> Path:
    assert download.suggested_filename.endswith((".csv", ".xlsx"))
    return Path(download.path())
