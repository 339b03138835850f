"""Pages for people: the evidence ledger, and in the demo profile a place to try the service."""
