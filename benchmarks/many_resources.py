"""What if one patient has thousands of results and of orders? All of them matter to the rule.

Work that compared each result with each order would show: a hundred times it for ten times both.
"""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date, timedelta

from benchmarks.bodies import Call, add, read_call, write_call
from benchmarks.charts import Resource
from benchmarks.contestants import CONTESTANTS, SERVICE
from benchmarks.load import call_in_turn
from benchmarks.results import middle
from benchmarks.servers import serve

COUNTS = (1_000, 3_000, 10_000)
_YEARS_OF_DAYS = 3_650


def make_call(count: int, today: date) -> bytes:
    """Write a call with this many Observations and this many MedicationRequests.

    Results are CRP and PHQ-9 in turn, orders are those of the fixture, and the days of both go
    round ten years. With the patient that is one resource more than the largest request the
    service reads, so one order is left out.
    """
    call = read_call(today)
    markers = _resources(call, "markers")[:1]
    scores = _resources(call, "scores")[:1]
    orders = _resources(call, "medications")
    _empty(call)
    for resource in _repeat([*markers, *scores], count, "effectiveDateTime", today):
        add(call, resource)
    for resource in _repeat(orders, count - 1, "authoredOn", today):
        add(call, resource)
    return write_call(call)


def measure_growth(today: date, rounds: int) -> dict[int, float]:
    """Time the service alone on calls that grow; give CPU ms of one request for each count."""
    bodies = {count: make_call(count, today) for count in COUNTS}
    found: dict[int, list[float]] = {count: [] for count in bodies}
    service = next(each for each in CONTESTANTS if each.name == SERVICE)
    with serve(service, 1, write_call(read_call(today))) as server:
        for number in range(rounds + 1):
            for count, body in bodies.items():
                turn = call_in_turn(server, body, max(bodies) // count)
                if number > 0:  # the first warms up
                    found[count].append(turn.cpu_ms)
    return {count: middle(times) for count, times in found.items()}


def _resources(call: Call, key: str) -> list[Resource]:
    return [entry["resource"] for entry in call["prefetch"][key]["entry"]]


def _empty(call: Call) -> None:
    for value in call["prefetch"].values():
        value.pop("entry", None)


def _repeat(patterns: list[Resource], count: int, dated_by: str, today: date) -> Iterator[Resource]:
    for number in range(count):
        resource = deepcopy(patterns[number % len(patterns)])
        resource["id"] = f"{resource['resourceType'].lower()}-{number}"
        resource[dated_by] = str(today - timedelta(days=number % _YEARS_OF_DAYS))
        yield resource
