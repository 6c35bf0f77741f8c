"""Pictures of numbers: what is drawn where, in a box of 1000 × 1000 that a page stretches to its room."""
