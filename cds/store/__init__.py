"""What is written down, and for how long? Decisions, feedback and used tokens in one database."""
