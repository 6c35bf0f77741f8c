"""What people do for themselves at their personal link."""
