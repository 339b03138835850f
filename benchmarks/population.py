"""How many patients a second? Bulk data, read, assessed and carded without HTTP, on one core."""

import gzip
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec

from benchmarks.charts import NoChartsError
from benchmarks.results import Population
from cds.app import build_evaluator
from cds.errors import ServiceError
from cds.evaluation import open_bundle
from cds.settings import Settings
from rules.knowledge import load_knowledge

DATA = Path(__file__).parents[2] / "shared" / "data" / "ndjson"

# Each data set, and the day on which its records end.
DATA_SETS = {
    "clinosim-us-seed7-dev": date(2026, 1, 1),
    "smart-bulk-10-patients": date(2023, 2, 5),
    "synthea-r4-2019": date(2021, 3, 31),
}


class _Reference(msgspec.Struct, frozen=True):
    reference: str | None = None


class _Owned(msgspec.Struct, frozen=True, rename="camel"):
    resource_type: str
    id: str | None = None
    subject: _Reference | None = None
    patient: _Reference | None = None


def judge_populations(most_patients: int) -> list[Population]:
    """Judge the patients of every data set. Errors: NoChartsError where the data is missing.

    Counted for each set: opening each patient's Bundle, reading, assessing and writing cards. Not
    counted: unpacking the files and sorting their lines by patient.
    """
    evaluator = build_evaluator(load_knowledge(), Settings())
    populations = []
    for name, as_of in DATA_SETS.items():
        bundles = dict(list(_bundles(DATA / name))[:most_patients])
        start, evidence = time.process_time(), 0
        for patient_id, bundle in bundles.items():
            try:
                judged = evaluator.evaluate(open_bundle(bundle), patient_id, as_of)
            except ServiceError as error:
                raise RuntimeError(f"a patient of {name} was refused: {error}") from error
            evidence += any(card.extension.card.kind == "evidence" for card in judged.cards)
        seconds = time.process_time() - start
        populations.append(
            Population(
                name=name,
                patients=len(bundles),
                evidence_cards=evidence,
                megabytes=sum(map(len, bundles.values())) / 1e6,
                patients_per_second=len(bundles) / seconds,
            )
        )
    return populations


def _bundles(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Give each patient's resources as one Bundle."""
    owned: dict[str, list[bytes]] = {}
    for line in _lines(folder):
        owner = _owner(line)
        if owner is not None:
            owned.setdefault(owner, []).append(b'{"resource":' + line.strip() + b"}")
    for patient_id, entries in owned.items():
        head = b'{"resourceType":"Bundle","type":"collection","entry":['
        yield patient_id, head + b",".join(entries) + b"]}"


def _lines(folder: Path) -> Iterator[bytes]:
    files = sorted(folder.glob("*.ndjson.gz"), key=lambda file: "Patient" not in file.name)
    if not files:
        raise NoChartsError(f"the bulk data {folder.name} was not found; put it in {DATA}")
    for file in files:
        with gzip.open(file) as lines:
            yield from lines


def _owner(line: bytes) -> str | None:
    """Say whose a resource is; None for what belongs to nobody, such as an Organization."""
    try:
        owned = msgspec.json.decode(line, type=_Owned)
    except msgspec.ValidationError:  # the log of an export
        return None
    if owned.resource_type == "Patient":
        return owned.id
    whose = owned.subject or owned.patient
    reference = whose.reference if whose else None
    return reference.removeprefix("Patient/") if reference else None
