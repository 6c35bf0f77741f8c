"""The door: phones, scans, the ledger's counts, what staff see and do there."""
