"""What stands where on paper: sizes, labels, words that fit. Lengths are millimetres, type sizes points."""
