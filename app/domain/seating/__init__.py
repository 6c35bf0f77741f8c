"""Rules of seats, of the line and of the draw."""
