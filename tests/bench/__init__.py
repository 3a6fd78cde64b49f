"""`make bench`: how much slower than its floor each thing is, as ratios within one run."""
