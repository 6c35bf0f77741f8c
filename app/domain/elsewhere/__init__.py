"""Answers that an online form collected: whose each row is, what it says, and where it stands in line."""
