"""What attendees are to each other: introductions, and who sits with whom."""
