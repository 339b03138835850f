"""Tests of what leaves the service in exports."""
