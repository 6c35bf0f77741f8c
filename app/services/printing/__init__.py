"""What is printed for a meetup: whose, by which design, when."""
