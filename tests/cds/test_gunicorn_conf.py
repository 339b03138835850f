"""What does a worker leave to the garbage collector?"""

import gc
from typing import Any

import pytest

from cds import gunicorn_conf


def test_what_was_loaded_at_the_start_is_never_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(gc, "collect", lambda: done.append("collect"))
    monkeypatch.setattr(gc, "freeze", lambda: done.append("freeze"))
    monkeypatch.setattr(gc, "set_threshold", lambda *each: done.append(each[0]))
    gunicorn_conf.when_ready(None)
    assert done == ["collect", "freeze", gunicorn_conf.OBJECTS_BEFORE_COLLECTING]
