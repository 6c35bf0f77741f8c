"""A meetup's fee (회비) by bank transfer: what is owed until when, by whose name, and what a bank's list says of it."""
