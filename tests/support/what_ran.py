"""Which tests ran in this session, and did it run them all? A plugin, and the notes it takes.

A test that asks is marked `runs_last` and moved to the end, so that what it finds is an ordinary
failure of an ordinary test. Where the tests are spread over several workers no worker knows what
the others did: then --write-outcomes leaves the notes of all of them in a file, and a second run of
the tests that ask reads them with --read-outcomes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

import pytest

Outcome = Literal["passed", "skipped", "failed"]

_LAST = "runs_last"
_WRITE, _READ = "--write-outcomes", "--read-outcomes"
# Options that leave tests out before anything is deselected.
_NARROWING = ("ignore", "ignore_glob", "lf", "stepwise")


class WhatRan:
    """The outcome of each test of a session.

    whole: the session was asked for the whole suite and left nothing out.
    """

    def __init__(self, *, whole: bool) -> None:
        self.whole = whole
        self._outcomes: dict[str, Outcome] = {}
        self._cases: defaultdict[str, list[str]] = defaultdict(list)

    def take(self, report: pytest.TestReport) -> None:
        """Note one phase of a test: preparing it, running it, or clearing up after it."""
        identity = report.nodeid
        if identity not in self._outcomes:
            self._cases[identity.partition("[")[0]].append(identity)
        if report.failed:
            self._outcomes[identity] = "failed"
        elif report.skipped:  # an expected failure is reported so too
            self._outcomes[identity] = "skipped"
        elif report.when == "call":
            self._outcomes[identity] = "passed"

    def write(self, file: Path) -> None:
        """Leave the notes for another run."""
        file.write_text(
            json.dumps({"whole": self.whole, "outcomes": self._outcomes}), encoding="utf-8"
        )

    @classmethod
    def read(cls, file: Path) -> Self:
        """Take up the notes that another run left."""
        left = json.loads(file.read_text(encoding="utf-8"))
        notes = cls(whole=left["whole"])
        notes._outcomes = left["outcomes"]
        for identity in notes._outcomes:
            notes._cases[identity.partition("[")[0]].append(identity)
        return notes

    def faults_of(self, identities: Iterable[str]) -> dict[str, str]:
        """Say of each test what is wrong with it; it is left out where nothing is.

        identities: as pytest names them. Without parameters every case is meant: none may have
        failed, and one at least must have passed.
        """
        found = {each: self._fault_of(each) for each in identities}
        return {each: fault for each, fault in found.items() if fault}

    def _fault_of(self, identity: str) -> str | None:
        cases = self._cases.get(identity, [identity])
        outcomes = {self._outcomes[each] for each in cases if each in self._outcomes}
        if "failed" in outcomes:
            return "failed"
        if "passed" in outcomes:
            return None
        return "was skipped" if outcomes else "did not run"


class _Notes:
    def __init__(self, what_ran: WhatRan) -> None:
        self.what_ran = what_ran

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        if any(item.get_closest_marker(_LAST) is None for item in items):
            self.what_ran.whole = False

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: item.get_closest_marker(_LAST) is not None)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.what_ran.take(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        file = session.config.getoption(_WRITE)
        if file is not None and not hasattr(session.config, "workerinput"):
            self.what_ran.write(Path(file))


_KEY = pytest.StashKey[WhatRan]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the two options that hand notes from one run to the next."""
    parser.addoption(_WRITE, metavar="FILE", help="leave what every test came to in this file")
    parser.addoption(_READ, metavar="FILE", help="take what every test came to from this file")


def pytest_configure(config: pytest.Config) -> None:
    """Begin to take notes, or take up those of another run."""
    config.addinivalue_line("markers", f"{_LAST}: runs after all others, and asks what they did")
    left = config.getoption(_READ)
    if left is not None:
        config.stash[_KEY] = WhatRan.read(Path(left))
        return
    config.stash[_KEY] = WhatRan(whole=_is_asked_for_all(config))
    config.pluginmanager.register(_Notes(config.stash[_KEY]), "what-ran")


@pytest.fixture(scope="session")
def what_ran(pytestconfig: pytest.Config) -> WhatRan:
    """The notes of this session, up to the test that asks."""
    return pytestconfig.stash[_KEY]


def _is_asked_for_all(config: pytest.Config) -> bool:
    """Tell whether the command line names the folders of the suite, or one that holds them."""
    if any(config.getoption(name, None) for name in _NARROWING):
        return False
    suite = [config.rootpath / name for name in config.getini("testpaths")]
    asked = [Path(config.invocation_params.dir, each) for each in config.args]
    return all(any(part.is_relative_to(each) for each in asked) for part in suite)
