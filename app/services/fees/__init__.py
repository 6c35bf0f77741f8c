"""The fee of a meetup: its terms, what came in, what goes on unpaid, what goes back."""
