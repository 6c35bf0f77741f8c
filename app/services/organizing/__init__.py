"""What organizers make and look at: programmes, meetups, attendee lists, files."""
