"""What do real charts hold that the service asks for? Resources of public R4 sample patients.

Each resource is given as one patient's: its subject is replaced, and its id is made distinct, so
that charts of different people can be put together.
"""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

Resource = dict[str, Any]

BUNDLES = Path(__file__).parents[2] / "shared" / "data" / "bundles"

# The parts of public file names that tell the R4 charts of one patient from the rest.
CHARTS = (
    "Chanell45_Ratke343",
    "Melinda114_Thiel172",
    "Johnnie679_Hermiston71",
    "cfhir",
    "Alva958_Dickinson688",
    "Lean294_Davis923",
    "Darron_Feeney",
    "Donnell_Torphy",
    "Donnette_Streich",
    "Fletcher_Hyatt",
    "Gilberto_Orosco",
    "Milan_Beatty",
    "Minna_Skiles",
    "Norma_Pagan",
)


class NoChartsError(Exception):
    """The real charts do not stand beside the checkout. The message is one sentence."""


def resources_of(patient_id: str, types: frozenset[str]) -> Iterator[Resource]:
    """Give the resources of these types as those of one patient, without end.

    The charts are read side by side, one resource of each in turn, so that a small body and a
    large one hold the same mix. When all are through, they begin again under new ids.

    Errors: NoChartsError where a chart is missing.
    """
    turns = _in_turn(types)
    number = 0
    while True:
        for resource in turns:
            number += 1
            yield _own(resource, f"{resource['resourceType'].lower()}-{number}", patient_id)


@cache
def _in_turn(types: frozenset[str]) -> tuple[Resource, ...]:
    charts = [_read_chart(name, types) for name in CHARTS]
    return tuple(each for turn in zip_longest(*charts) for each in turn if each is not None)


def _read_chart(name: str, types: frozenset[str]) -> list[Resource]:
    """Read what one chart holds of these types.

    A chart is sorted by type or by visit; spread evenly, any beginning of it has the whole's mix.
    """
    found = sorted(BUNDLES.glob(f"*--*{name}*.json"))
    if len(found) != 1:
        raise NoChartsError(
            f"the real chart {name} was not found; put the sample data in {BUNDLES}"
        )
    entries = msgspec.json.decode(found[0].read_bytes())["entry"]
    resources = [each["resource"] for each in entries]
    kept = [each for each in resources if each["resourceType"] in types]
    return _spread(kept)


def _spread(resources: list[Resource]) -> list[Resource]:
    """Put every type's resources at even distances over the whole."""
    places: list[tuple[float, str, Resource]] = []
    for kind in sorted({each["resourceType"] for each in resources}):
        same = [each for each in resources if each["resourceType"] == kind]
        places += [((n + 0.5) / len(same), kind, each) for n, each in enumerate(same)]
    return [each for _, _, each in sorted(places, key=lambda place: place[:2])]


def _own(resource: Resource, new_id: str, patient_id: str) -> Resource:
    """Make a resource that patient's, under a new id."""
    owned = deepcopy(resource)
    owned["id"] = new_id
    owned["subject"] = {"reference": f"Patient/{patient_id}"}
    return owned
