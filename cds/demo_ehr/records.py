"""What does the demo FHIR server hold? Every demo patient, moved to today, each id once."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from cds.date_shift import DateShiftError, move_dates

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """Resources by type and id. A patient's own ids are made distinct by the patient's name."""

    by_type: Mapping[str, Mapping[str, Resource]] = field(default_factory=dict)

    def read(self, resource_type: str, identity: str) -> Resource | None:
        """Give one resource, or None."""
        return self.by_type.get(resource_type, {}).get(identity)

    def all_of(self, resource_type: str) -> Iterable[Resource]:
        """Give every resource of a type, in one order."""
        return self.by_type.get(resource_type, {}).values()


class DemoRecords:
    """Reads the files once a day, on first use: nobody waits for them at the start."""

    def __init__(self, files: Mapping[str, Path], today: Callable[[], date]) -> None:
        self._files = files
        self._today = today
        self._lock = Lock()
        self._day: date | None = None
        self._records = Records()

    def now(self) -> Records:
        """Give the records with all dates moved so that their day of evaluation is today."""
        today = self._today()
        with self._lock:
            if self._day != today:
                self._records = read_records(self._files, today)
                self._day = today
            return self._records


def read_records(files: Mapping[str, Path], today: date) -> Records:
    """Read demo patients by name. A file that is no Bundle with a day of its own is passed over."""
    by_type: dict[str, dict[str, Resource]] = {}
    for name, path in files.items():
        for resource in _read_patient(name, path, today):
            by_type.setdefault(resource["resourceType"], {})[resource["id"]] = resource
    return Records(by_type)


def _read_patient(name: str, path: Path, today: date) -> list[Resource]:
    try:
        bundle = json.loads(move_dates(path.read_text("utf-8"), today))
    except (DateShiftError, OSError, ValueError):
        return []
    entries = bundle.get("entry") if bundle.get("resourceType") == "Bundle" else None
    resources = [entry["resource"] for entry in entries or () if "resource" in entry]
    named = [each for each in resources if "id" in each and "resourceType" in each]
    new_ids = {_address(each): _new_id(name, each) for each in named}
    return [
        {**_with_references(each, new_ids), "id": new_ids[_address(each)].partition("/")[2]}
        for each in named
    ]


def _address(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def _new_id(name: str, resource: Resource) -> str:
    if resource["resourceType"] == "Patient":
        return f"Patient/{name}"
    return f"{resource['resourceType']}/{name}-{resource['id']}"


def _with_references(value: Any, new_ids: Mapping[str, str]) -> Any:
    """Give a resource with the references to its neighbours changed as their ids were."""
    if isinstance(value, dict):
        return {
            key: new_ids.get(member, member)
            if key == "reference" and isinstance(member, str)
            else _with_references(member, new_ids)
            for key, member in value.items()
        }
    if isinstance(value, list):
        return [_with_references(each, new_ids) for each in value]
    return value
