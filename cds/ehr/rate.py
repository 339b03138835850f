"""Does a client call more often than agreed? A bucket of calls that fills up with time."""

import math
import time
from collections.abc import Callable
from threading import Lock

_BURST_SECONDS = 2.0


class RateLimit:
    """The calls one client may make in one worker. rate: calls a second, in the long run."""

    def __init__(self, rate: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._most = max(1.0, rate * _BURST_SECONDS)
        self._left = self._most
        self._monotonic = monotonic
        self._last = monotonic()
        self._lock = Lock()

    def take(self) -> int:
        """Take one call: 0 where it may be made, else the seconds until the next may be."""
        with self._lock:
            now = self._monotonic()
            self._left = min(self._most, self._left + (now - self._last) * self._rate)
            self._last = now
            if self._left >= 1:
                self._left -= 1
                return 0
            return math.ceil((1 - self._left) / self._rate)
