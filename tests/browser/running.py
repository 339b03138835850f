"""How is the whole service run for a browser? In profile demo, in a thread, on a new store.

In this process and not in one of its own: the tests hold the review of the ledger in time, so that
they pass on any day.
"""

import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from werkzeug.serving import make_server

from cds import clock
from cds.app import create_app
from cds.review.demo_people import tell_demo_links
from cds.settings import Settings
from tests.cds.pages import DEMO_PATIENTS

LEAD, OFFICER = "demo-lead", "demo-safety-officer"
REVIEWERS = ("demo-reviewer-1", "demo-reviewer-2")
_LINK = re.compile(r"^  (demo-[\w-]+) +(http://\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that answers. links: what its start printed, by account; each works once."""

    base: str
    links: Mapping[str, str]
    settings: Settings


@contextmanager
def running_service(folder: Path, migrated: Path) -> Iterator[Service]:
    """Run the service on a free port. migrated: a store without a row, which is copied."""
    shutil.copy(migrated, folder / "store.sqlite3")
    server = make_server("127.0.0.1", 0, _nothing, threaded=True)
    base = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(
        store_url=f"sqlite:///{folder / 'store.sqlite3'}",
        public_url=base,
        demo_patients=DEMO_PATIENTS,
    )
    server.app = create_app(settings)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        links = dict(_LINK.findall(tell_demo_links(settings, clock.now)))
        yield Service(base=base, links=links, settings=settings)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _nothing(*_: object) -> list[bytes]:
    """Stand where the service is put once the port is known."""
    raise AssertionError("called before the service was put here")
