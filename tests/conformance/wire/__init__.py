"""Does a running service keep the standard? Seen from outside, over HTTP, and nothing else.

`make conformance URL=https://…` asks a service that runs somewhere; without URL, and in the tests
of the repository, one is started.
"""
