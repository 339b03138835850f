"""What does a worker leave to the garbage collector?"""

import gc
import subprocess
import sys
from typing import Any

import pytest

from cds import gunicorn_conf


def test_what_was_loaded_at_the_start_is_never_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    gunicorn_conf.when_ready(None)
    assert done == ["collect", "freeze"]


def test_little_is_collected_from_the_first_line_on() -> None:
    program = "import gc, cds.gunicorn_conf as conf; print(gc.get_threshold()[0], "
    program += "conf.OBJECTS_BEFORE_COLLECTING)"
    told = subprocess.run((sys.executable, "-c", program), capture_output=True, check=True)  # noqa: S603 - our own program
    assert told.stdout.split() == [b"50000", b"50000"]
