"""Which change came after which? One file for each, never changed once released."""
