"""Does the worst body of the largest size cost a bounded amount of memory?"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fuzz.peak_memory import BODIES, SIZE
from tests.repository.tree import ROOT

# The worst that is left is a list of texts of one sign: four bytes each, for which Python takes
# fifty and a place in the list. A chart takes less than five times its size.
MOST = 20

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/clear_refs").exists(), reason="needs the memory counters of Linux"
)


@pytest.fixture(scope="module")
def costs() -> dict[str, Any]:
    """What each body costs; measured in a program of its own, so that no other test is in it."""
    measured = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.peak_memory"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(measured.stdout))


@pytest.mark.requirement("D10", "D12")
@pytest.mark.parametrize("name", BODIES)
def test_the_worst_bodies_cost_a_bounded_multiple_of_their_size(
    costs: dict[str, Any], name: str
) -> None:
    cost = costs[name]
    assert cost is not None, "the process that answered did not survive"
    assert cost["status"] < 500
    assert cost["multiple"] <= MOST


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_as_large_as_it_may_be(name: str) -> None:
    _, make = BODIES[name]
    assert 0.85 * SIZE < len(make()) <= SIZE


def test_memory_that_is_used_is_measured(costs: dict[str, Any]) -> None:
    """A text that is decoded stands there a second time at least."""
    assert costs["one text"]["multiple"] >= 1
