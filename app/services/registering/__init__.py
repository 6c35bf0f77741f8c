"""From an address to a registration: proof, answers, consents, claims, tickets, still coming."""
