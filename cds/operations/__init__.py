"""Running the service: health, version and the request log."""
