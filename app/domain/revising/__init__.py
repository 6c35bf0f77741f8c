"""A list that went out as a file and comes back edited: what somebody changed in it, cell by cell."""
