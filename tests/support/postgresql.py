"""How does a test get a real PostgreSQL? A private cluster of Debian's server, for one run.

The server refuses to run as root, so root starts it as the user its package made, or as nobody.
Its clock is in a zone far from UTC, so that a time stored without its zone is noticed.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

HOST = "127.0.0.1"
OWNER = "tests"
START_S = 60
NOT_FOUND = (
    "There is no PostgreSQL server to test the store with: run sh tools/postgresql.sh as root, or "
    "install the package postgresql."
)
# Nothing here outlives the run, so nothing waits for a disk.
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "timezone": "Asia/Kathmandu",
}


class Cluster:
    """A running server. A database is made in it by copying another."""

    def __init__(self, folder: Path, programs: Path) -> None:
        self._folder = folder
        self._programs = programs
        self._as_user = _unprivileged()
        self._server: subprocess.Popen[bytes] | None = None
        self.port = _free_port()

    def make(self) -> None:
        """Make the files of the cluster."""
        if self._as_user:
            os.chown(self._folder, self._as_user["user"], self._as_user["group"])
        subprocess.run(  # noqa: S603
            [
                self._programs / "initdb",
                "--pgdata=data",
                f"--username={OWNER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            cwd=self._folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **self._as_user,
        )

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(  # noqa: S603
                [self._programs / "postgres", "-D", "data", f"--port={self.port}", *settings],
                cwd=self._folder,
                stdout=log,
                stderr=log,
                **self._as_user,
            )
        deadline = time.monotonic() + START_S
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self._folder / "log").read_text(encoding="utf-8"))
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server at once, whoever is connected."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
            self._server = None

    def url(self, database: str = "postgres") -> str:
        """Give the address of a database, as the settings of the service name it."""
        return f"postgresql://{OWNER}@{HOST}:{self.port}/{database}"

    def run(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run one statement outside the service, and give its rows."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def _answers(self) -> bool:
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Run a cluster in a folder of its own, which is gone afterwards."""
    programs = find_programs()
    # Not below pytest's folder, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory(prefix="trd-cds-postgresql-") as folder:
        cluster = Cluster(Path(folder), programs)
        cluster.make()
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()


def find_programs() -> Path:
    """Say where the programs of the newest server are; Debian keeps them off the PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: float(file.parts[-3])
    )
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise RuntimeError(NOT_FOUND)
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def _unprivileged() -> dict[str, Any]:
    """Say as whom root runs the server, in the words of subprocess; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])
