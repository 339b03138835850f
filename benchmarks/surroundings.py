"""What does a started process find around it? No setting of a deployment, and a store of its own.

The service writes every decision down, so it is given a database to fill that goes with the run.
The folder lies in the checkout: on the disk where the service would keep its own.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.installations import BENCH
from cds.settings import PREFIX


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give a folder for the length of the block."""
    BENCH.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=BENCH, prefix="run-") as folder:
        yield Path(folder)


def surroundings(folder: Path) -> dict[str, str]:
    """Give the environment of a process that keeps its store in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return kept | {f"{PREFIX}STORE_URL": f"sqlite:///{folder / 'store.sqlite3'}"}
