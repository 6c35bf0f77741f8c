"""The demo: an invented programme with three cohorts and three meetups, lived through the real services.

Only `make run` loads it, and only into an empty database. All people are invented and all addresses
lie in domains reserved for examples, so no mail can reach anyone.
"""
