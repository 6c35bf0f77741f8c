"""Answers that were collected elsewhere, by an online form or another service: looked at, then brought in."""
