"""Does the service still do what it did? Counts of each day, judged against the days before."""
