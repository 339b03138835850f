"""Which synthetic patients can the demo page show?"""

import csv
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

# A name that is safe in an address and on a page; other files of the folder are passed over.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
MAX_PATIENTS = 1_000
# Beside the Bundles: what each of them is there to show, one line each.
_TITLES = "titles.csv"


class DemoPatient(BaseModel):
    """One patient the page names: the kind of answer, and what is in the record, in our words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    answer: str
    record: str


class _DemoPatientFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    patients: tuple[DemoPatient, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPatients:
    """The patients of one folder.

    named: one for each kind of answer. files: all, by name. titles: what they are there to show,
    of those that say it.
    """

    named: tuple[DemoPatient, ...]
    files: Mapping[str, Path]
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def others(self) -> tuple[str, ...]:
        """Name the patients that stand for no kind of answer."""
        named = {patient.file for patient in self.named}
        return tuple(name for name in self.files if name not in named)

    def describe(self, name: str) -> str:
        """Say what a patient is there to show: the kind of answer, or its title, or nothing."""
        answer = next((each.answer for each in self.named if each.file == name), "")
        return answer or self.titles.get(name, "").rstrip(".")


def find_demo_patients(folder: Path) -> DemoPatients:
    """Look once which Bundles stand in a folder, by the names of its JSON files.

    A folder that is not there, or cannot be looked into, holds no patients. The files are not
    opened; at most MAX_PATIENTS are taken.
    """
    try:
        found = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError:
        found = []
    paths = {path.stem: path for path in found if _NAME.fullmatch(path.stem)}
    kept = dict(list(paths.items())[:MAX_PATIENTS])
    named = tuple(patient for patient in _named_patients() if patient.file in kept)
    return DemoPatients(named=named, files=kept, titles=_read_titles(folder / _TITLES))


def _read_titles(path: Path) -> Mapping[str, str]:
    """Read the columns patient and title; a table that is not there, or none, gives no titles."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}
    return {row["patient"]: row["title"] for row in rows if row.get("patient") and row.get("title")}


def _named_patients() -> tuple[DemoPatient, ...]:
    text = files("cds.pages").joinpath("demo_patients.toml").read_text(encoding="utf-8")
    return _DemoPatientFile.model_validate(tomllib.loads(text)).patients
