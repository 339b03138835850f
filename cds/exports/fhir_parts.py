"""Which words do the FHIR exports share? Code systems of ours, references without a name, codings.

Resources are written as plain JSON: building the models of fhir.resources takes some milliseconds
each, which in an export of thousands would be taken from clinicians who wait for a card. Tests hold
every kind of resource against those models.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

Json = dict[str, Any]

# No part of an address of a deployment: exports of two deployments use the same codes.
_CODES = "https://trd-inflammation-cds.com/CodeSystem"
REVIEW_CLASS = f"{_CODES}/review-class"
OPEN_CRITERION = f"{_CODES}/open-criterion"
AUDITED_ACTION = f"{_CODES}/audited-action"

_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Whose identifiers they are. base: the public address of the deployment."""

    base: str

    def identifier(self, kind: str, value: str) -> Json:
        """Give an identifier of ours, such as of a decision."""
        return {"system": f"{self.base}/identifiers/{kind}", "value": value}

    def patient(self, pseudonym: str, client: str) -> Json:
        """Refer to a patient by pseudonym alone; at another client the same person is another."""
        return {
            "type": "Patient",
            "identifier": self.identifier("patient", pseudonym),
            "display": f"A patient of {client}, by pseudonym",
        }

    @property
    def device(self) -> Json:
        """Refer to the service."""
        return {"type": "Device", "display": "trd-cds", "identifier": {"value": self.base}}


def coding(system: str, code: str, display: str | None = None) -> Json:
    """Give a coding."""
    return {"system": system, "code": code} | ({} if display is None else {"display": display})


def as_lines(resources: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write resources one a line, as bulk data are; elements without a value are left out."""
    return (_ENCODER.encode(_without_gaps(each)) + b"\n" for each in resources)


def _without_gaps(content: Mapping[str, Any]) -> Json:
    """Leave out what has no value: FHIR has no null and no empty list."""
    return {name: value for name, value in content.items() if value not in (None, [], {})}
