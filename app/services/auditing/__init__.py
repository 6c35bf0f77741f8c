"""The audit trail: sealed against changes, searched, and reviewed by the programme's owners."""
