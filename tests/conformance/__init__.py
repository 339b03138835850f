"""Does the service keep the published standard? Each test names the requirement it proves."""
