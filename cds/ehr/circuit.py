"""Is it worth asking this server now? After several failures it is left alone for a while."""

import time
from threading import Lock

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 10.0


class Circuit:
    """Counts failures in a row. Open: nothing is asked, so that a dead server holds no thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._open_until = 0.0

    def is_closed(self) -> bool:
        """Whether the server may be asked."""
        with self._lock:
            return time.monotonic() >= self._open_until

    def note(self, *, worked: bool) -> None:
        """Note that the server answered, or that it did not. What it answered does not matter."""
        with self._lock:
            self._failures = 0 if worked else self._failures + 1
            if self._failures >= FAILURES_TO_OPEN:
                self._open_until = time.monotonic() + OPEN_SECONDS
                self._failures = 0
