"""Is everything kept that was acknowledged, when workers are killed at any moment?"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from cds.store.database import Store
from cds.store.schema import cards, cases, decisions, feedback

# More of them by hand, as TRD_TEST_KILLS=100, after a change of the store.
KILLS = int(os.environ.get("TRD_TEST_KILLS", "6"))
WRITERS = 3
MAX_LINES = 30

# Makes the writers of one run after the other. A writer says on standard output what the store had
# told it to be written; a line is one write to the pipe, so a kill cuts none in two.
NURSERY = """
import os, sys
from itertools import count
from cds.store.database import open_store
from cds.store.decisions import DecisionLog
from cds.store.feedback import FeedbackLog
from tests.cds.store.records import NOW, Entry, card, decision

def say(*words):
    os.write(1, (" ".join(map(str, words)) + "\\n").encode())

def write_feedback(store, name):
    batch = [Entry(card=name, user_comment=str(part)) for part in range(3)]
    FeedbackLog(store).add("north", "service", batch, NOW)

def write_decision(store, name):
    DecisionLog(store).record(decision(id=name, cards=(card(), card()), facts=b"{}"))

def write_on(name):
    store = open_store(sys.argv[1], wait_s=60)
    for number in count():
        write = (write_feedback, write_decision)[number % 2]
        write(store, f"{name}-{number}")
        say("kept", write.__name__, f"{name}-{number}")

for line in sys.stdin:
    pids = []
    for number in range(int(sys.argv[2])):
        pids.append(os.fork())
        if pids[-1] == 0:
            write_on(f"{line.strip()}-{number}")
    say("writers", *pids)
    for pid in pids:
        os.waitpid(pid, 0)
    say("gone")
"""

Run = Callable[[int], list[list[str]]]


@pytest.fixture
def run_and_kill(url: str) -> Iterator[Run]:
    """Let writers write, kill them after so many lines, and give what all of them said."""
    nursery = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", NURSERY, url, str(WRITERS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    words, ask = nursery.stdout, nursery.stdin

    def run(lines: int) -> list[list[str]]:
        ask.write(f"run-{lines}-{random.random()}\n")  # noqa: S311
        ask.flush()
        said: list[list[str]] = []
        while len(said) < lines or not any(each[0] == "writers" for each in said):
            said.append(words.readline().split())
        pids = next(each for each in said if each[0] == "writers")[1:]
        for pid in pids:
            os.kill(int(pid), signal.SIGKILL)
        while said[-1] != ["gone"]:
            said.append(words.readline().split())
        return [each[1:] for each in said if each[0] == "kept"]

    with nursery:
        yield run
        ask.close()


@pytest.mark.requirement("E13")
def test_what_was_acknowledged_is_kept_and_nothing_in_part_when_workers_are_killed(
    run_and_kill: Run, store: Store
) -> None:
    draw = random.Random(5)  # noqa: S311
    said = [each for _ in range(KILLS) for each in run_and_kill(draw.randint(1, MAX_LINES))]
    with store.reading() as connection:
        entries = list(connection.scalars(select(feedback.c.card)))
        kept = list(connection.scalars(select(decisions.c.id)))
        of_cards = list(connection.scalars(select(cards.c.decision)))
        of_cases = list(connection.scalars(select(cases.c.decision)))
    assert {name for kind, name in said if kind == "write_feedback"} <= set(entries)
    assert {name for kind, name in said if kind == "write_decision"} <= set(kept)
    assert sorted(entries) == sorted(list(set(entries)) * 3)
    assert sorted(of_cards) == sorted(kept * 2)
    assert sorted(of_cases) == sorted(kept)


@pytest.mark.requirement("E13")
def test_a_killed_writer_leaves_no_lock_behind(run_and_kill: Run, store: Store) -> None:
    run_and_kill(1)
    assert store.is_ready()
