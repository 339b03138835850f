"""What happens when clients call? One after another on a connection, over one or more of them."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass

from benchmarks.bodies import with_new_instance
from benchmarks.processes import cpu_seconds_of
from benchmarks.servers import Server


@dataclass(frozen=True, slots=True)
class Round:
    """One round on one connection: CPU of the server for each request, and each one's time."""

    cpu_ms: float
    latencies_ms: tuple[float, ...]


def call_in_turn(server: Server, body: bytes, requests: int) -> Round:
    """Send requests one after the other, each a call of its own.

    All are signed before, and each is made before its time begins. Errors: NotRunningError for any
    that fails.
    """
    signed = [server.contestant.headers() for _ in range(requests)]
    latencies = []
    before = cpu_seconds_of(server.pid)
    with closing(server.connect()) as connection:
        for headers in signed:
            call = with_new_instance(body)
            start = time.perf_counter()
            server.post(connection, call, headers)
            latencies.append((time.perf_counter() - start) * 1000)
    used = cpu_seconds_of(server.pid) - before
    return Round(used / requests * 1000, tuple(latencies))


def throughput(server: Server, body: bytes, connections: int, seconds: float) -> float:
    """Give requests answered in a second, with a number of connections that never rest.

    Each connection ends with the answer it waits for, and its time counts to there.
    """
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as clients:
        ends = start + seconds
        running = [clients.submit(_call_until, server, body, ends) for _ in range(connections)]
        answered = sum(each.result() for each in running)
    return answered / (time.perf_counter() - start)


def _call_until(server: Server, body: bytes, ends: float) -> int:
    answered = 0
    with closing(server.connect()) as connection:
        while answered == 0 or time.perf_counter() < ends:
            server.post(connection, with_new_instance(body), server.contestant.headers())
            answered += 1
    return answered
