"""The sentences of "Ready?": whether a phone or tablet is ready for the door, and what to do where it isn't."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

READY: dict[str, LazyString] = {
    "ready_name_camera": _l("Camera"),
    "ready_name_sound": _l("Sound"),
    "ready_name_server": _l("Server"),
    "ready_name_list": _l("Tickets"),
    "ready_name_names": _l("List of people"),
    "ready_name_shell": _l("This page"),
    "ready_name_storage": _l("Memory"),
    "ready_name_waiting": _l("Waiting scans"),
    "ready_name_clock": _l("Clock"),
    "ready_name_battery": _l("Battery"),
    "ready_name_awake": _l("Screen"),
    "ready_name_home": _l("Home screen"),
    "ready_try_camera": _l("Try the camera"),
    "ready_play": _l("Play a sound"),
    "ready_yes": _l("Ready for the door"),
    "ready_look": _l("Things to look at: {count}"),
    "ready_untried": _l("Not tried yet"),
    "ready_camera_live": _l("Works"),
    "ready_camera_idle": _l("Tap “Try the camera” and allow it when the phone asks."),
    "ready_camera_none": _l("No picture"),
    "ready_list": _l("{count}, as of {time}"),
    "ready_list_none": _l("Not on this phone yet"),
    "ready_list_none_then": _l("Stay connected for a moment: it comes by itself."),
    "ready_list_old_then": _l("Connect once before the doors open, so that the latest changes are on it."),
    "ready_names": _l("{count} people"),
    "ready_server_then": _l(
        "The phone goes on by its own list and keeps its scans. Find a place with a network before the doors open."
    ),
    "ready_waiting": _l("{count} not sent yet"),
    "ready_waiting_none": _l("None"),
    "ready_waiting_then": _l("Stay connected and leave the page open until none wait."),
    "ready_shell_kept": _l("Also opens without a network"),
    "ready_shell_coming": _l("Being kept on the phone"),
    "ready_shell_none": _l("Opens only with the server"),
    "ready_shell_none_then": _l(
        "This browser, or an address without https, keeps no pages. Don't close or reload this page at the door."
    ),
    "ready_storage_none": _l("Keeps nothing"),
    "ready_storage_none_then": _l(
        "In a private window scans are lost when the page is closed. Open this page in a normal window of Safari or Chrome."
    ),
    "ready_storage_used": _l("{used} MB in use"),
    "ready_storage_kept": _l("Keeps scans"),
    "ready_storage_full_then": _l("The phone is nearly full. Make room: delete a video or two."),
    "ready_storage_lent_then": _l(
        "A phone that runs out of room may clear it. Leave the page open until no scans wait."
    ),
    "ready_clock_unknown": _l("Not compared yet"),
    "ready_clock_unknown_then": _l("Once the server has answered, its time counts."),
    "ready_clock_right": _l("Right"),
    "ready_clock_off": _l("{minutes} min off"),
    "ready_clock_off_then": _l("Set the phone's time to automatic. Scans are put right all the same."),
    "ready_battery": _l("{percent} %"),
    "ready_battery_charging": _l("{percent} %, charging"),
    "ready_battery_unknown": _l("The browser doesn't tell"),
    "ready_battery_unknown_then": _l("Look at the top of the screen."),
    "ready_battery_low_then": _l("Charge it, or bring a power bank: filming takes a lot."),
    "ready_sound_off": _l("Off"),
    "ready_sound_off_then": _l("Turn it on in the settings: then you hear a refusal without looking."),
    "ready_sound_untried": _l("Tap “Play a sound” and listen."),
    "ready_sound_played": _l("Played"),
    "ready_sound_played_then": _l("Heard nothing? Turn the volume up and silent mode off."),
    "ready_sound_none": _l("Not played"),
    "ready_sound_none_then": _l("The browser let no sound out. Tap again; else watch the colours."),
    "ready_awake": _l("Stays on"),
    "ready_awake_none": _l("May go dark"),
    "ready_awake_none_then": _l("Set the phone's screen to stay on for 10 minutes or more."),
    "ready_awake_refused_then": _l(
        "The phone refused, perhaps to save power. Turn power saving off, or set the screen to stay on longer."
    ),
    "ready_awake_lost_then": _l(
        "The phone stopped keeping it on, perhaps to save power. This page asks again by itself; if this stays, turn power saving off."
    ),
    "ready_home": _l("Not on the home screen"),
    "ready_home_then": _l(
        "iPhones forget a page like this after 7 days without use. Days ahead of the meetup: tap Share, then “Add to Home Screen”, open it there and scan a new door QR inside."
    ),
}

# What reads otherwise on a tablet that guests use themselves.
READY_TABLET: dict[str, LazyString] = READY | {
    "ready_camera_idle": _l("Tap “Try the camera” and allow it when the tablet asks."),
    "ready_list_none": _l("Not on this tablet yet"),
    "ready_server_then": _l(
        "The tablet goes on by its own list and keeps its scans. Find a place with a network before the doors open."
    ),
    "ready_shell_coming": _l("Being kept on the tablet"),
    "ready_storage_full_then": _l("The tablet is nearly full. Make room: delete a video or two."),
    "ready_storage_lent_then": _l(
        "A tablet that runs out of room may clear it. Leave the page open until no scans wait."
    ),
    "ready_clock_off_then": _l("Set the tablet's time to automatic. Scans are put right all the same."),
    "ready_battery_low_then": _l("Plug it in: filming takes a lot."),
    "ready_sound_off_then": _l("Turn it on below: then guests hear that they were read."),
    "ready_awake_none_then": _l("Set the tablet's screen to stay on, or turn on Guided Access (iPad)."),
    "ready_awake_refused_then": _l(
        "The tablet refused, perhaps to save power. Turn power saving off and plug it in."
    ),
    "ready_awake_lost_then": _l(
        "The tablet stopped keeping it on, perhaps to save power. This page asks again by itself; if this stays, turn power saving off and plug it in."
    ),
    "ready_home_then": _l(
        "iPads forget a page like this after 7 days without use. Days ahead of the meetup: tap Share, then “Add to Home Screen”, open it there and scan a new tablet QR inside."
    ),
}
