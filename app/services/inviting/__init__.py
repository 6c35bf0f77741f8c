"""Invitations to a meetup: choosing people, mailing them, what became of it. Those to the desk: services/staff/invitations.py."""
