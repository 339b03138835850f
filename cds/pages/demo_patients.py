"""Which synthetic patients can the demo page show?"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from pydantic import BaseModel, ConfigDict

# A name that is safe in an address and on a page; other files of the folder are passed over.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
MAX_PATIENTS = 1_000


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
    """The patients of one folder. named: one for each kind of answer. files: all, by name."""

    named: tuple[DemoPatient, ...]
    files: Mapping[str, Path]

    @property
    def others(self) -> tuple[str, ...]:
        """Name the patients that stand for no kind of answer."""
        named = {patient.file for patient in self.named}
        return tuple(name for name in self.files if name not in named)

    def describe(self, name: str) -> str:
        """Give the kind of answer a patient stands for; "" for one that stands for none."""
        return next((each.answer for each in self.named if each.file == name), "")


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
    return DemoPatients(named=named, files=kept)


def _named_patients() -> tuple[DemoPatient, ...]:
    text = files("cds.pages").joinpath("demo_patients.toml").read_text(encoding="utf-8")
    return _DemoPatientFile.model_validate(tomllib.loads(text)).patients
