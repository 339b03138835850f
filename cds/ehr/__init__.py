"""The client systems: who may call, how a call proves it, and their FHIR servers."""
