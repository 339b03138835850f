"""How does a test spoil a copy of the knowledge files, and what is said about it?"""

import shutil
from pathlib import Path

import pytest

from rules.knowledge import KnowledgeError, load_knowledge
from rules.knowledge.files import FOLDERS
from rules.knowledge.loading import PACKAGED

LACK_OF_EFFECT = "value_sets/stop-lack-of-effect.json"


def copy_knowledge(directory: Path) -> Path:
    """Copy the packaged files into a directory that a test may spoil."""
    for folder in FOLDERS:
        shutil.copytree(PACKAGED / folder, directory / folder)
    return directory


def replace_in(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence; the old text must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def fault(directory: Path | None, site: Path | None = None) -> str:
    """Give the sentence with which loading fails."""
    with pytest.raises(KnowledgeError) as raised:
        load_knowledge(directory, site)
    return str(raised.value)
