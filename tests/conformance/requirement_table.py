"""Which requirements were kept in a run? Gathered while pytest runs, printed at its end."""

from collections import Counter
from collections.abc import Mapping, Sequence

import pytest

FAILED, SKIPPED, PASSED = "failed", "skipped", "passed"
COLUMNS = 6


class RequirementTable:
    """A plugin of pytest. levels: of every requirement, by id; others are of other lists."""

    def __init__(self, levels: Mapping[str, str]) -> None:
        self._levels = levels
        self._ids: dict[str, tuple[str, ...]] = {}
        self._outcomes: dict[str, Counter[str]] = {}

    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        for item in items:
            marks = item.iter_markers("requirement")
            self._ids[item.nodeid] = tuple(str(each) for mark in marks for each in mark.args)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome != PASSED:
            for identity in self._ids.get(report.nodeid, ()):
                self._outcomes.setdefault(identity, Counter())[report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        seen = f"{len(self._outcomes.keys() & self._levels.keys())} of {len(self._levels)}"
        terminalreporter.section(f"requirements seen from outside: {seen}")
        for outcome, ids in self.by_outcome().items():
            terminalreporter.write_line(f"{outcome}: {len(ids)}")
            for start in range(0, len(ids), COLUMNS):
                row = ids[start : start + COLUMNS]
                terminalreporter.write_line("  " + "".join(self._cell(each) for each in row))

    def by_outcome(self) -> dict[str, list[str]]:
        """Give the ids under the worst that came of their tests; skipped only where none ran."""
        found: dict[str, list[str]] = {FAILED: [], SKIPPED: [], PASSED: []}
        for identity in self._levels:
            if identity in self._outcomes:
                found[self._verdict(self._outcomes[identity])].append(identity)
        return found

    def _verdict(self, outcomes: Counter[str]) -> str:
        if outcomes[FAILED]:
            return FAILED
        return PASSED if outcomes[PASSED] else SKIPPED

    def _cell(self, identity: str) -> str:
        return f"{identity} ({self._levels[identity]})".ljust(24)
