"""Do the commands on the pages do what the pages say, against a service that really runs?"""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.repository.tree import ROOT, read

PAGES = ("README.md", "docs/http.md", "fixtures/README.md")
BIN = Path(sys.executable).parent
ON_PAGES = "http://127.0.0.1:8000"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The start text shows each command below a comment, indented by two signs.
SHOWN_AT_START = re.compile(r"^  (?:curl|\.venv).*(?:\n    .*)*", re.MULTILINE)
SECONDS = 60

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@dataclass(frozen=True, slots=True)
class Example:
    """A block of shell, and the block of JSON or text that stands below it as its answer."""

    name: str
    script: str
    kind: str
    shown: str


@dataclass(frozen=True, slots=True)
class Service:
    base: str
    start_text: str
    process: subprocess.Popen[bytes]


def examples(page: str, text: str) -> list[Example]:
    """Give the blocks of shell of a page, without those that only call make."""
    blocks = [*BLOCK.finditer(text), None]
    found = []
    for block, below in pairwise(blocks):
        if block is None or block[1] != "sh" or is_make_only(block[2]):
            continue
        kind, shown = ("", "") if below is None or below[1] == "sh" else (below[1], below[2])
        line = text.count("\n", 0, block.start()) + 1
        found.append(Example(f"{page}:{line}", block[2], kind, shown))
    return found


def is_make_only(script: str) -> bool:
    return all(line.startswith("make ") for line in script.splitlines())


EXAMPLES = [each for page in PAGES for each in examples(page, read(page))]


def run(script: str, service: Service) -> str:
    """Run a script in the repository's root, as a reader would, and give what it writes."""
    script = script.replace(ON_PAGES, service.base).replace(".venv/bin/", f"{BIN}/")
    done = subprocess.run(  # noqa: S603 - our own pages
        ["/bin/sh", "-eu", "-c", script],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        timeout=SECONDS,
        check=False,
        encoding="utf-8",
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def environment() -> dict[str, str]:
    """Give the environment without a developer's settings, and without a way to a proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRD_CDS_")}
    return kept | {"no_proxy": "*", "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8"}


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Service]:
    """Run `trd-cds serve` on a free port of this machine until the block ends.

    settings: TRD_CDS_… variables, such as trusted_clients. The store is in the folder.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    start_text, log = folder / "stdout", folder / "stderr"
    settings = {"store_url": f"sqlite:///{folder}/store.sqlite3", **settings}
    set_up = {f"TRD_CDS_{name.upper()}": value for name, value in settings.items()}
    with start_text.open("wb") as out, log.open("wb") as err:
        command = [BIN / "trd-cds", "serve", "--port", str(port)]
        process = subprocess.Popen(  # noqa: S603 - our own server
            command, cwd=ROOT, env=environment() | set_up, stdout=out, stderr=err
        )
    try:
        wait_until_it_answers(port, process, log)
        text = start_text.read_text(encoding="utf-8")
        yield Service(f"http://127.0.0.1:{port}", text, process)
    finally:
        process.terminate()  # not kill: gunicorn would leave its workers behind
        process.wait(SECONDS)


def wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + SECONDS
    while time.monotonic() < give_up:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == http.client.OK:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    pytest.fail("the service did not answer")


def missing_from(answer: Any, shown: Any, path: str = "") -> list[str]:
    """Name what a shortened answer shows and the whole one does not hold."""
    if isinstance(shown, dict) and isinstance(answer, dict):
        return [
            fault
            for name, value in shown.items()
            for fault in missing_from(answer.get(name), value, f"{path}.{name}")
        ]
    if isinstance(shown, list) and isinstance(answer, list) and len(shown) <= len(answer):
        pairs = zip(shown, answer, strict=False)
        return [
            fault
            for place, (part, whole) in enumerate(pairs)
            for fault in missing_from(whole, part, f"{path}[{place}]")
        ]
    return [] if answer == shown else [f"{path}: {answer!r}"]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@needs_curl
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.name)
def test_an_example_gives_the_answer_that_stands_below_it(
    example: Example, service: Service
) -> None:
    written = run(example.script, service)
    if example.kind == "text":
        assert written == example.shown
    elif example.kind == "json":
        assert missing_from(json.loads(written), json.loads(example.shown)) == []
    elif "curl" in example.script:
        assert json.loads(written).get("resourceType") != "OperationOutcome"
    else:
        assert written


@needs_curl
def test_the_start_shows_one_call_for_each_kind_of_card_and_each_gets_its_card_today(
    service: Service,
) -> None:
    shown = [dedent(each) for each in SHOWN_AT_START.findall(service.start_text)]
    answers = [json.loads(run(each, service)) for each in shown]
    kinds = [
        [card["extension"]["com.trd-inflammation-cds.card"]["kind"] for card in each["cards"]]
        for each in answers
        if "services" not in each
    ]
    assert kinds == [["evidence"], ["evidence"], ["safety"], ["marker_note"]]
    assert len(answers) == 1 + len(kinds)


def test_every_page_has_examples() -> None:
    assert {each.name.partition(":")[0] for each in EXAMPLES} == set(PAGES)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "terminate"])
def test_the_service_ends_when_it_is_told_to_without_a_complaint(
    stop: signal.Signals, tmp_path: Path
) -> None:
    with serving(tmp_path) as running:
        running.process.send_signal(stop)
        assert running.process.wait(SECONDS) == 0
    assert "Traceback" not in (tmp_path / "stderr").read_text(encoding="utf-8")


def test_a_planted_wrong_answer_is_found() -> None:
    page = 'a\n```sh\nmake run\n```\n```sh\ncurl x\n```\n```json\n{"a": [{"b": 1}]}\n```\n'
    (planted,) = examples("page", page)
    assert (planted.name, planted.script, planted.kind) == ("page:5", "curl x\n", "json")
    shown = json.loads(planted.shown)
    assert missing_from({"a": [{"b": 1, "c": 2}, {}], "d": 3}, shown) == []
    assert missing_from({"a": [{"b": 2}]}, shown) == [".a[0].b: 2"]
    assert missing_from({"a": []}, shown) == [".a: []"]
