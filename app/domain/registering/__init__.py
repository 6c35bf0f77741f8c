"""Rules of registering."""
