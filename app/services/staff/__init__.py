"""Accounts of organizers: signing in, sessions, memberships."""
