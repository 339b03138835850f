"""Tests of the client systems: who may call, and their FHIR servers."""
