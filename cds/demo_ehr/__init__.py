"""A small FHIR server over the demo patients, so that a client needs one process to try us."""
