"""The reasons that stand in the history of who registered elsewhere; whoever shows them has words for each."""

BROUGHT_IN = "registered elsewhere"
GAVE_UP = "cancelled elsewhere"
