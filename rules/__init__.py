"""Pure clinical logic: facts in, findings out. Knows no HTTP, clock, environment or logging."""
