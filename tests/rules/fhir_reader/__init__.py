"""Tests of the typed FHIR reader."""
