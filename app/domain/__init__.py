"""The rules: plain Python with no framework, no database, no clock and no I/O."""
