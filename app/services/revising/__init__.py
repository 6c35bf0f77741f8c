"""Lists of attendees that went out as files and come back edited: looked at, then brought in."""
