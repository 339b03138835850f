"""Which files make up this repository? What git tracks or would track, below its root."""

import subprocess
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@cache
def repository_files(*patterns: str) -> tuple[Path, ...]:
    """Give the files that match a git pathspec such as "rules/*.py"; all of them for none."""
    command = [
        "git",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *patterns,
    ]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout  # noqa: S603
    files = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted({file for file in files if file.is_file()}))


def name_of(file: Path) -> str:
    """Give the path of a file from the root, as a test's id and in its message."""
    return file.relative_to(ROOT).as_posix()


def read(name: str) -> str:
    """Read a text file of the repository."""
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def project() -> dict[str, Any]:
    """Give pyproject.toml as data."""
    return tomllib.loads(read("pyproject.toml"))
