"""Who gets a seat, when, and in which order."""
