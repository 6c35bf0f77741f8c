"""What `make bench` runs: our figures beside those of a bare Flask application on the same machine."""
