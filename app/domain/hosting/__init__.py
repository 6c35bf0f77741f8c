"""The list of whoever hosts the larger event around a meetup, beside our own."""
