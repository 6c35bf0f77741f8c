"""What organizers write to many people of a meetup: to whom it goes, when, what became of it."""
