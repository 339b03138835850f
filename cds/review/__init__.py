"""Clinicians look at past decisions here, judge them, and see how the service behaves."""
