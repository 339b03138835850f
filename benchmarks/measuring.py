"""How is a run measured? Everybody at once, in turns, so that a busy moment touches all alike."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack

from benchmarks.bodies import SIGNED_SIZE
from benchmarks.contestants import CONTESTANTS, SIGNED_CONTESTANTS, Contestant
from benchmarks.gathered import Gathered, Key
from benchmarks.load import call_in_turn, throughput
from benchmarks.plan import Plan, Rounds
from benchmarks.processes import forget_peak, usage_of
from benchmarks.results import LOADS, load_key, middle
from benchmarks.servers import NotRunningError, Server, serve

MOST_REQUESTS = 1_000
_WARMING = 3
_LEAST_ROUNDS = 3
_SLOW_MS = 600  # from here on too few requests fit into a turn for a rate


def measure(bodies: Mapping[str, bytes], first: bytes, plan: Plan) -> Gathered:
    """Time every contestant on every body, by size from the smallest, first with one worker.

    first: the call that a server answers before anything is timed.
    """
    gathered = Gathered()
    with ExitStack() as running:
        servers = _start_all(running, CONTESTANTS, 1, first, gathered)
        _warm(servers, bodies, plan.rounds, gathered)
        _time(servers, bodies, plan.rounds, gathered)
        _rate(servers, bodies, plan, gathered, 1)
    with ExitStack() as running:
        servers = _start_all(running, CONTESTANTS, 2, first, gathered)
        gathered.cold_starts |= {each.contestant.name: each.cold_start_seconds for each in servers}
        _rate(servers, bodies, plan, gathered, 2)
    return gathered


def measure_signed(body: bytes, first: bytes, rounds: Rounds) -> Gathered:
    """Time the service with and without signed calls beside its evaluation alone, one worker.

    first: the call that a server answers before anything is timed.
    """
    gathered, bodies = Gathered(), {SIGNED_SIZE: body}
    with ExitStack() as running:
        servers = _start_all(running, SIGNED_CONTESTANTS, 1, first, gathered)
        _warm(servers, bodies, rounds, gathered)
        _time(servers, bodies, rounds, gathered)
    return gathered


def tell(progress: str) -> None:
    """Say on standard error how far the run is."""
    sys.stderr.write(f"bench: {progress}\n")
    sys.stderr.flush()


def _start_all(
    running: ExitStack,
    contestants: Sequence[Contestant],
    workers: int,
    first: bytes,
    gathered: Gathered,
) -> list[Server]:
    servers = []
    for contestant in contestants:
        tell(f"starting {contestant.name}, {workers} worker(s)")
        try:
            servers.append(running.enter_context(serve(contestant, workers, first)))
        except NotRunningError as error:
            gathered.missing.setdefault(contestant.name, str(error))
            tell(f"{contestant.name} is left out: {error}")
    return servers


def _warm(
    servers: Sequence[Server], bodies: Mapping[str, bytes], rounds: Rounds, gathered: Gathered
) -> None:
    """See every card, learn how long each takes, and read the peak of memory meanwhile.

    A larger body has the higher peak, so one server serves for all sizes, the smallest first.
    """
    for server in servers:
        tell(f"warming {server.contestant.name}")
        forget_peak(server.pid)
        idle = usage_of(server.pid).resident
        for size, body in bodies.items():
            key = (size, server.contestant.name)
            try:
                server.check(body)
                warm = call_in_turn(server, body, _WARMING)
            except NotRunningError as error:
                gathered.leave_out(key, str(error))
                tell(f"{server.contestant.name} is left out at {size}: {error}")
                continue
            wanted = rounds.turn_seconds * 1000 / min(warm.latencies_ms)
            gathered.requests[key] = max(1, min(MOST_REQUESTS, round(wanted)))
            gathered.extra_memory[key] = usage_of(server.pid).peak - idle
            gathered.rounds[key] = []


def _time(
    servers: Sequence[Server], bodies: Mapping[str, bytes], rounds: Rounds, gathered: Gathered
) -> None:
    """Let everybody answer on one connection, round after round."""

    def take_turn(server: Server, key: Key, body: bytes) -> None:
        turn = call_in_turn(server, body, gathered.requests[key])
        gathered.rounds[key].append(turn)

    for number in range(rounds.most):
        if number >= _LEAST_ROUNDS and gathered.is_after(rounds.until):
            tell("the machine is slow, so there are no more rounds")
            return
        tell(f"round {number + 1} of {rounds.most}")
        _each(servers, bodies, gathered, take_turn)


def _rate(
    servers: Sequence[Server],
    bodies: Mapping[str, bytes],
    plan: Plan,
    gathered: Gathered,
    workers: int,
) -> None:
    """Count requests in a second, at each number of connections."""
    for number in range(plan.throughput_rounds):
        if number > 0 and gathered.is_after(plan.rates_until):
            tell("the machine is slow, so there are no more rounds of throughput")
            return
        tell(f"throughput with {workers} worker(s), round {number + 1} of {plan.throughput_rounds}")
        for connections in sorted({load[0] for load in LOADS}):

            def count(server: Server, key: Key, body: bytes, clients: int = connections) -> None:
                if middle(gathered.latencies(key)) <= _SLOW_MS:
                    rate = throughput(server, body, clients, plan.throughput_seconds)
                    load = load_key(clients, workers)
                    gathered.rates.setdefault((key, load), []).append(rate)

            _each(servers, bodies, gathered, count)


def _each(
    servers: Sequence[Server],
    bodies: Mapping[str, bytes],
    gathered: Gathered,
    act: Callable[[Server, Key, bytes], None],
) -> None:
    """Let everybody act on every body in turn: for each size, one contestant after the other."""
    for size, body in bodies.items():
        for server in servers:
            key = (size, server.contestant.name)
            if key in gathered.requests:
                try:
                    act(server, key, body)
                except NotRunningError as error:
                    gathered.leave_out(key, str(error))
                    tell(f"{server.contestant.name} is left out at {size}: {error}")
