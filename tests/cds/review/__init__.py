"""Tests of the review pages and their figures."""
