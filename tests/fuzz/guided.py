"""What does the coverage-guided process do? It spoils cases and keeps those that reach new code.

Started by `tests.fuzz`; its arguments are libFuzzer's, after the folder for what it finds. A broken
promise is written down there and the run goes on; a hang or too much memory ends it.
"""

import json
import re
import sys
import time
from hashlib import sha256
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["cds", "rules"]):
    from tests.fuzz.hostile_json import spoil
    from tests.fuzz.promises import find_broken_promise
    from tests.fuzz.routes import TARGETS, Case, Service, read_case


class Harness:
    """Tries cases. Keeps the first of every kind of fault, and the slowest case."""

    def __init__(self, findings: Path) -> None:
        self._service = Service(findings.parent / "store")
        self._findings = findings
        self._seen: set[str] = set()
        self._slowest = 0.0

    def try_text(self, text: bytes) -> int:
        """Try a case; -1 keeps a text that is none out of the corpus."""
        case = read_case(text)
        if case is None:
            return -1
        began = time.process_time()
        fault = find_broken_promise(self._service, case)
        self._note_time(time.process_time() - began, case)
        if fault:
            self._note_fault(fault, case)
        return 0

    def _note_fault(self, fault: str, case: Case) -> None:
        kind = re.sub(r"\d+", "0", f"{case.target} {fault}")[:200]
        if kind in self._seen:
            return
        self._seen.add(kind)
        name = sha256(case.as_text()).hexdigest()[:12]
        (self._findings / f"{name}.txt").write_bytes(case.as_text())
        (self._findings / f"{name}.why").write_text(f"{case.target}: {fault}\n", "utf-8")

    def _note_time(self, seconds: float, case: Case) -> None:
        if seconds > self._slowest:
            self._slowest = seconds
            (self._findings / "slowest.txt").write_bytes(case.as_text())
            told = {"target": case.target, "bytes": len(case.body), "cpuSecondsForTwo": seconds}
            (self._findings / "slowest.json").write_text(json.dumps(told), "utf-8")


def mutate(text: bytes, max_size: int, seed: int) -> bytes:
    """Spoil the structure of a case; a quarter of the time, and what is no JSON, its bytes."""
    chance = Random(seed)  # noqa: S311 - no secret
    case = read_case(text)
    spoilt = None if case is None or chance.randrange(4) == 0 else _spoil_case(case, chance)
    if spoilt is None or len(spoilt) > max_size:
        return bytes(atheris.Mutate(text, max_size))
    return spoilt


def _spoil_case(case: Case, chance: Random) -> bytes | None:
    target = chance.choice(list(TARGETS)) if chance.randrange(32) == 0 else case.target
    try:
        return Case(target, spoil(json.loads(case.body), chance)).as_text()
    except (ValueError, RecursionError):
        return None


def main(arguments: list[str]) -> None:
    """Run until libFuzzer's limits are reached; libFuzzer ends the process."""
    name, findings, *flags = arguments
    atheris.Setup([name, *flags], Harness(Path(findings)).try_text, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
