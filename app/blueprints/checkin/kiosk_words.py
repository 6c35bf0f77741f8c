"""The sentences of a self check-in tablet. Both languages are on its page at once."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from app.blueprints.checkin.ready_words import READY_TABLET

WORDS: dict[str, LazyString] = READY_TABLET | {
    "title": _l("Self check-in"),
    "hold": _l("Hold your QR ticket here"),
    "hold_more": _l("On your phone or on paper, a hand's breadth from the screen"),
    "checking": _l("One moment please"),
    "ok": _l("Welcome!"),
    "ok_person": _l("{name}"),
    "table": _l("Table {table}"),
    "ok_more": _l("You are checked in. Please come in."),
    "party_in_now": _l("How many of you are here?"),
    "party_fewer": _l("One fewer"),
    "party_more": _l("One more"),
    "party_left": _l("{inside} of {size} in. Hold up the ticket again for the rest."),
    "staff": _l("Please come to our staff"),
    "staff_more": _l("They will gladly help you at once."),
    "practice": _l("Practice ticket"),
    "practice_more": _l("It opens no door and wasn't counted. Hold your own ticket here."),
    "start": _l("Start self check-in"),
    "start_more": _l("If the tablet asks whether it may use the camera, choose “Allow”."),
    "trouble": _l("Please come to our staff: the camera is resting."),
    "again": _l("Try again"),
    "by_staff": _l("Staff"),
    "code": _l("Exit code"),
    "code_hint": _l("The organizer chose it on the door's page."),
    "code_wrong": _l("That isn't the code. Try again."),
    "code_wait": _l("Too many wrong codes. Try again in {seconds} seconds."),
    "code_none": _l("This browser can't check the code. Open the page with an https address."),
    "unlock": _l("Unlock"),
    "back": _l("Back to self check-in"),
    "unlocked": _l("Unlocked"),
    "unlocked_more": _l("You can leave this page now. After a minute without a touch it locks itself again."),
    "camera": _l("Camera"),
    "camera_number": _l("Camera {number}"),
    "sound": _l("Sound"),
    "camera_denied": _l(
        "The camera is blocked. Allow it for this page in the browser's settings, then try again."
    ),
    "camera_none": _l("No camera found. A USB scanner works here too."),
    "camera_busy": _l("Another app is using the camera. Close it and try again."),
    "camera_insecure": _l(
        "This browser gives no camera here. Open the page in Safari or Chrome with an https address."
    ),
    "camera_failed": _l("The camera did not start. Try again."),
    "camera_reader": _l("The QR reader did not start. Try again to load the page anew."),
    "ready": _l("Ready?"),
    "ready_line_yes": _l("Ready for guests: camera, list and sound work."),
    "ready_line_no": _l("Not ready yet: {missing}"),
    "ready_line_camera": _l("camera"),
    "ready_line_list": _l("list"),
    "ready_line_sound": _l("sound (touch the screen once)"),
    "link_on": _l("Connected"),
    "link_off": _l("No connection"),
    "link_asking": _l("Connecting…"),
    "ended_title": _l("This tablet no longer checks anybody in"),
    "ended_over": _l("This door has ended. Thank you for your help!"),
    "ended_left": _l(
        "Scans that the server has not received: {count}. They stay on this tablet, encrypted, and are sent once it gets a new door QR for this door. Don't clear the browser's data until then."
    ),
    "ended_sending": _l(
        "Scans that the server has not received: {count}. They are sent as soon as the server answers: leave this page open until then."
    ),
    "ended_sent": _l("All scans of this tablet have been sent. You can close this page."),
}
