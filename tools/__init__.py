"""What do the make targets run besides the service? Scripts for those who work on it."""
