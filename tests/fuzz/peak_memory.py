"""How much memory does a body cost at its worst moment, in multiples of its own size?

Run as a program it prints one JSON object with a measurement for each of `BODIES`. Each body is
sent in a process of its own, forked from a service that has answered before, so that neither what
is loaded once nor what another body left behind is counted. Linux only: it reads /proc.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.fuzz.hostile_json import write
from tests.fuzz.routes import Case, Service
from tests.fuzz.seeds import small_bodies

SIZE = 16 * 2**20  # the default limit of a body
MOST_MEMORY = 3 * 2**30  # where a process is ended, so that a fault here does not take the machine
# About as many objects as a body of this size may hold; beyond that it is refused at a glance.
MANY_OBJECTS = 800_000

_PATIENT = b'{"resource":{"resourceType":"Patient","id":"pat-1"}}'
_BUNDLE = b'{"resourceType":"Bundle","type":"collection","entry":[' + _PATIENT + b","
_OBSERVATION = b'{"resourceType":"Observation","id":"o","subject":{"reference":"Patient/pat-1"},'


def full_of(item: bytes, head: bytes = b'{"a":[', tail: bytes = b"]}") -> bytes:
    """Give a body of SIZE bytes: an item again and again, with commas, between head and tail."""
    times = (SIZE - len(head) - len(tail) + 1) // (len(item) + 1)
    return head + b",".join([item] * times) + tail


def many(item: bytes, head: bytes = b'{"a":[', tail: bytes = b"]}", times: int = 0) -> bytes:
    """Give a body of SIZE bytes that holds MANY_OBJECTS, the rest being space."""
    times = times or MANY_OBJECTS // (item.count(b"{") + item.count(b"["))
    text = head + b",".join([item] * times) + tail
    return text + b" " * (SIZE - len(text))


def run_of(signs: bytes, head: bytes = b'{"a":"', tail: bytes = b'"}') -> bytes:
    return head + signs * ((SIZE - len(head) - len(tail)) // len(signs)) + tail


def in_observation(member: str) -> dict[str, bytes]:
    """Give head and tail of a Bundle with one Observation that has a list to fill."""
    head = _BUNDLE + b'{"resource":' + _OBSERVATION + f'"{member}":['.encode()
    return {"head": head, "tail": b"]}}]}"}


def in_prefetch(start: bytes, end: bytes) -> dict[str, bytes]:
    """Give head and tail of a hook call with one prefetch value to fill."""
    call = small_bodies()["hook"]
    del call["prefetch"]["markers"]
    return {"head": write(call)[:-2] + b',"markers":' + start, "tail": end + b"}}"}


def many_keys() -> bytes:
    names = (b'"%d":0' % number for number in range(SIZE // 12))
    return b'{"a":{' + b",".join(names) + b"}}"


def many_faults() -> bytes:
    """Give resources that each have as many faults as are listed."""
    observation = b'{"resource":' + _OBSERVATION + b'"component":[' + b"0," * 480 + b"0]}}"
    return full_of(observation, _BUNDLE, b"]}")


def json_in_a_text() -> bytes:
    return run_of(b"0,", _BUNDLE + b'{"resource":' + _OBSERVATION + b'"code":"{\\"coding\\":[',
                  b'0]}"}}]}')  # fmt: skip


_SEARCHSET = (b'{"resourceType":"Bundle","type":"searchset","entry":[', b"]}")
BODIES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "empty objects": ("unvalidated", lambda: full_of(b"{}")),
    "as many empty objects as may be": ("unvalidated", lambda: many(b"{}")),
    "as many empty lists as may be": ("unvalidated", lambda: many(b"[]")),
    "as many members as may be": ("unvalidated", lambda: many(b'{"a":0}')),
    "nulls": ("unvalidated", lambda: full_of(b"null")),
    "digits": ("unvalidated", lambda: full_of(b"0")),
    "whole numbers": ("unvalidated", lambda: full_of(b"9999")),
    "fractions": ("unvalidated", lambda: full_of(b"0.5")),
    "texts of one sign": ("unvalidated", lambda: full_of(b'"x"')),
    "one text": ("unvalidated", lambda: run_of(b"x")),
    "one text of wide signs": ("unvalidated", lambda: run_of("\U0001f600".encode())),
    "one text with a wide sign": (
        "unvalidated", lambda: run_of(b"x", '{"a":"\U0001f600'.encode())),
    "escapes": ("unvalidated", lambda: run_of(b"\\u0041")),
    "space": ("unvalidated", lambda: run_of(b" ", b'{"a":', b"1}")),
    "many keys": ("unvalidated", many_keys),
    "lists in lists": ("unvalidated", lambda: many(b"[" * 60 + b"]" * 60)),
    "objects in objects": ("unvalidated", lambda: many(b'{"a":' * 60 + b"0" + b"}" * 60)),
    "lists without an end": ("unvalidated", lambda: run_of(b"[", b'{"a":', b"")),
    "entries": ("unvalidated", lambda: many(b"{}", _BUNDLE, b"]}")),
    "components": ("unvalidated", lambda: many(b"{}", **in_observation("component"))),
    "numbers for components": (
        "unvalidated", lambda: full_of(b"0", **in_observation("component"))),
    "components validated": ("evaluate", lambda: many(b"{}", **in_observation("component"))),
    "numbers for components validated": (
        "evaluate", lambda: full_of(b"0", **in_observation("component"))),
    "unknown members validated": ("evaluate", lambda: full_of(b"0", **in_observation("x"))),
    "many faults validated": ("evaluate", many_faults),
    "numbers for tags of the Bundle validated": (
        "evaluate", lambda: full_of(b"0", _BUNDLE[:-1] + b'],"meta":{"tag":[', b"]}}")),
    "JSON in a text validated": ("evaluate", json_in_a_text),
    "prefetch entries": ("hook", lambda: many(b"{}", **in_prefetch(*_SEARCHSET))),
    "a prefetch list": ("hook", lambda: full_of(b"0", **in_prefetch(b"[", b"]"))),
    "prefetch components": (
        "hook", lambda: many(b"{}", **in_prefetch(_OBSERVATION + b'"component":[', b"]}"))),
    "pasted numbers": ("form", lambda: run_of(b"0,", b"bundle=%7B%22a%22:[", b"0]%7D")),
    "pasted escapes": ("form", lambda: run_of(b"%20", b"bundle=", b"")),
    "fields": ("form", lambda: run_of(b"a=&", b"", b"")),
}  # fmt: skip


def main(names: list[str]) -> None:
    """Print what the named bodies cost, or all."""
    with TemporaryDirectory() as folder:
        print(json.dumps(_costs(Service(Path(folder)), names)))  # noqa: T201 - a program


def _costs(service: Service, names: list[str]) -> dict[str, Any]:
    for target, body in small_bodies().items():
        service.send(Case(target, write(body)))
    costs = {}
    for name in names or BODIES:
        target, make = BODIES[name]
        costs[name] = measure(service, Case(target, make()))
        print(f"{name}: {costs[name]}", file=sys.stderr, flush=True)  # noqa: T201 - a program
    return costs


def measure(service: Service, case: Case) -> dict[str, float] | None:
    """Send a case in a process of its own; None where that process did not survive.

    multiple: the highest extra memory while it is answered, over its size.
    """
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writable, json.dumps(_send(service, case)).encode())
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else None


def _send(service: Service, case: Case) -> dict[str, float]:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # sets the high-water mark back
    before, began = _high_water_mark(), time.process_time()
    status = service.send(case).status
    seconds = time.process_time() - began
    multiple = (_high_water_mark() - before) / len(case.body)
    return {"multiple": round(multiple, 2), "status": status, "cpuSeconds": round(seconds, 2)}


def _high_water_mark() -> int:
    """Give the most memory this process has held at once, in bytes."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
