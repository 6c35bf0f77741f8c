"""What attendees are to each other: introductions."""
