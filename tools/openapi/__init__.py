"""What does each route take and answer? The parts of the OpenAPI document."""
