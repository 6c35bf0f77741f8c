"""Everything in one file, and back in one transaction."""
