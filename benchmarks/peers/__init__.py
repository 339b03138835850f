"""What is timed beside the service? Floors, and other ways to build it; none a dependency."""
