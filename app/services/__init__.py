"""Use cases: one function, one transaction, one audit entry. Services never see a request."""
