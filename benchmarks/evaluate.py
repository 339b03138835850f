"""How many times the floor does POST /evaluate cost, in CPU per request? Prints a table.

Service and floor run in the same rounds on the same bodies, so that only their ratio counts: the
milliseconds belong to the machine. The larger body is a fixture with unrelated results added.
"""

import copy
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import msgspec

from benchmarks.served import Server, serve

PATIENTS = Path(__file__).parent.parent / "fixtures" / "patients"
ROUNDS = 5
ROUND_BYTES = 20_000_000  # enough work for the 10 ms ticks of the kernel to count
MOST_REQUESTS = 200
LARGE_BYTES = 500_000
OK = 200


def bodies() -> Iterator[tuple[str, bytes]]:
    """Yield a synthetic patient as it is, and the same one in a large chart."""
    patient = max(PATIENTS.glob("*.json"), key=lambda file: file.stat().st_size)
    small = patient.read_bytes()
    bundle = msgspec.json.decode(small)
    result = next(each for each in bundle["entry"] if _is_observation(each["resource"]))
    unrelated = len(msgspec.json.encode(result))
    bundle["entry"] += [_unrelated(result, n) for n in range(LARGE_BYTES // unrelated)]
    yield patient.stem, small
    yield f"{patient.stem} in a large chart", msgspec.json.encode(bundle)


def _is_observation(resource: dict[str, Any]) -> bool:
    return bool(resource["resourceType"] == "Observation")


def _unrelated(result: dict[str, Any], number: int) -> dict[str, Any]:
    """Give a result like this one under a code that no rule uses."""
    resource = copy.deepcopy(result["resource"])
    resource["id"] = f"unrelated-{number}"
    resource["code"] = {"coding": [{"system": "urn:example", "code": "unrelated"}]}
    return {"fullUrl": f"https://example.org/Observation/{resource['id']}", "resource": resource}


def cpu_ms(server: Server, path: str, body: bytes) -> float:
    """Give the CPU milliseconds of one request, averaged over a round."""
    requests = max(1, min(MOST_REQUESTS, ROUND_BYTES // len(body)))
    before = server.cpu_seconds()
    for _ in range(requests):
        status = server.post(path, body)
        if status != OK:
            raise RuntimeError(f"{path} answered {status}")
    return (server.cpu_seconds() - before) / requests * 1000


def main() -> None:
    path = "/evaluate?validate=false"
    line = "{:<40} {:>9} {:>12} {:>12} {:>7}\n"
    sys.stdout.write(line.format("body", "bytes", "service ms", "floor ms", "ratio"))
    with (
        serve("cds.wsgi:build()", "--config", "python:cds.gunicorn_conf") as service,
        serve("benchmarks.floor:app", "--threads", "4") as floor,
    ):
        for name, body in bodies():
            cpu_ms(service, path, body), cpu_ms(floor, path, body)  # warm both
            rounds = [
                (cpu_ms(service, path, body), cpu_ms(floor, path, body)) for _ in range(ROUNDS)
            ]
            ours, least = (median(column) for column in zip(*rounds, strict=True))
            cells = (name, len(body), f"{ours:.2f}", f"{least:.2f}", f"{ours / least:.1f}")
            sys.stdout.write(line.format(*cells))


if __name__ == "__main__":
    main()
