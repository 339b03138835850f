"""What is sent, and what comes back? The fixtures, called on the day they were written for."""

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask.testing import FlaskClient
from pydantic import SecretStr

from cds.app import create_app
from cds.settings import MIN_SECRET_LENGTH, Settings
from tools.openapi.responses import CORRELATION_ID

FIXTURES = Path(__file__).parents[2] / "fixtures"
_SHA256 = "0" * 64
_CORRELATION = re.compile(r"correlation id [0-9a-f-]{36}")
_FIXTURE = "com.trd-inflammation-cds.fixture"


def request_example(name: str) -> dict[str, Any]:
    """Give a hook call of the fixtures. Its dates are those of the day it was written for."""
    return _read(FIXTURES / "requests" / f"{name}.json")


def bundle_example(name: str) -> dict[str, Any]:
    return _read(FIXTURES / "patients" / f"{name}.json")


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def day_of(call: dict[str, Any]) -> date:
    """Give the day a hook call of the fixtures was written for."""
    return date.fromisoformat(call["extension"][_FIXTURE]["asOf"])


def answer_example(path: str, body: dict[str, Any], day: date) -> Any:
    """Give what the service answers on this day, with ids that are the same each time."""
    with _service(day) as client:
        sha256 = client.get("/version").get_json()["knowledge"]["sha256"]
        return _with_fixed_ids(client.post(path, json=body).get_json(), sha256)


def told_example(path: str, day: date) -> Any:
    """Give what the service tells at this address."""
    with _service(day) as client:
        return client.get(path).get_json()


@contextmanager
def _service(day: date) -> Iterator[FlaskClient]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            store_url=f"sqlite:///{folder}/store.sqlite3",
            pseudonym_key=SecretStr("e" * MIN_SECRET_LENGTH),
            public_url="http://127.0.0.1:8000",
        )
        app = create_app(
            settings,
            today=lambda: day,
            now=lambda: datetime.combine(day, time(12), UTC),
            new_uuid=_numbered_uuids(),
        )
        yield app.test_client()


def _numbered_uuids() -> Callable[[], UUID]:
    numbers = map(str, count())
    name = partial(uuid5, NAMESPACE_URL)
    return lambda: name(f"https://trd-inflammation-cds.com/example/{next(numbers)}")


def _with_fixed_ids(answer: Any, sha256: str) -> Any:
    """Give an answer the ids of every example: each call and each edit of a rule has others."""
    told = json.dumps(answer).replace(sha256, _SHA256).replace(sha256[:12], _SHA256[:12])
    return json.loads(_CORRELATION.sub(f"correlation id {CORRELATION_ID}", told))
