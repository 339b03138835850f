"""Where do the peers live? In environments of their own below .bench, made when first needed.

An environment is made anew when what it is made from has changed.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PEERS = Path(__file__).parent / "peers"
BENCH = ROOT / ".bench"
UV = ROOT / ".tools" / "bin" / "uv"
_STAMP = ".made-from"
_INSTALL_SECONDS = 300


class NotInstalledError(Exception):
    """A peer cannot be installed here. The message is the reason, in one line."""


def python_with(name: str) -> Path:
    """Give the Python of an environment with the packages of peers/NAME.txt.

    Errors: NotInstalledError.
    """
    pinned = PEERS / f"{name}.txt"
    home = BENCH / name
    python = home / "bin" / "python"
    if _is_made_from(home, pinned):
        return python
    shutil.rmtree(home, ignore_errors=True)
    _run(str(UV), "venv", "--quiet", "--python", sys.executable, str(home))
    _run(str(UV), "pip", "install", "--quiet", "--python", str(python), "-r", str(pinned))
    _stamp(home, pinned)
    return python


def folder_with(name: str) -> Path:
    """Give a folder with the packages of peers/NAME.txt, to be put on this Python's path.

    Errors: NotInstalledError.
    """
    pinned = PEERS / f"{name}.txt"
    home = BENCH / name
    if not _is_made_from(home, pinned):
        shutil.rmtree(home, ignore_errors=True)
        install = (str(UV), "pip", "install", "--quiet", "--python", sys.executable)
        _run(*install, "--target", str(home), "-r", str(pinned))
        _stamp(home, pinned)
    return home


def node_modules() -> Path:
    """Give the folder of the packages of peers/package-lock.json. Errors: NotInstalledError."""
    locked = PEERS / "package-lock.json"
    home = BENCH / "node"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise NotInstalledError("Node.js and npm are not on this machine")
    if not _is_made_from(home, locked):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(PEERS / name, home)
        _run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", str(home))
        _stamp(home, locked)
    return home / "node_modules"


def _is_made_from(home: Path, pinned: Path) -> bool:
    stamp = home / _STAMP
    return stamp.is_file() and stamp.read_bytes() == _made_from(pinned)


def _stamp(home: Path, pinned: Path) -> None:
    (home / _STAMP).write_bytes(_made_from(pinned))


def _made_from(pinned: Path) -> bytes:
    return f"Python {sys.version}\n".encode() + pinned.read_bytes()


def _run(*command: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        done = subprocess.run(  # noqa: S603 - fixed commands
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=_INSTALL_SECONDS,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalledError(f"{Path(command[0]).name}: {type(error).__name__}") from None
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise NotInstalledError(f"{Path(command[0]).name} could not install it: {lines[-1]}")
