"""Does a type that did not arrive as a whole ever pass for one that did?

For every vignette and every type in its record some or all resources of the type are left out, and
the Bundle says in one of FHIR's ways that it is not the whole. What the full record shows is the
truth: the answer to the rest of it may be "cannot tell", and never the opposite in plain words.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.support.as_bundle import bundle_of, resources_of
from tests.support.fhir_parts import Resource
from tests.support.vignette import Vignette, vignettes

DEFAULT_SITE = [each for each in vignettes() if not (each.parameters or each.codes or each.unread)]
BASE = "https://ehr.example/fhir"

Way = Callable[[str, Sequence[Resource]], Resource]


def page(name: str, held: Sequence[Resource], **members: Any) -> Resource:
    """Give the answer to a search for one type."""
    own = {"relation": "self", "url": f"{BASE}/{name}?patient=p"}
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": [own, *members.pop("link", [])],
        "entry": [{"resource": each, "search": {"mode": "match"}} for each in held],
        **members,
    }


def further_page(name: str, held: Sequence[Resource]) -> Resource:
    return page(name, held, link=[{"relation": "next", "url": f"{BASE}?page=2"}])


def larger_total(name: str, held: Sequence[Resource]) -> Resource:
    return page(name, held, total=len(held) + 1)


def total_of_included(name: str, held: Sequence[Resource]) -> Resource:
    """A total that is reached only if what was included is counted as a match."""
    found = page(name, held, total=len(held) + 1)
    included = {"resourceType": "Practitioner", "id": "x"}
    found["entry"].append({"resource": included, "search": {"mode": "include"}})
    return found


def problem(severity: str) -> Way:
    def answer(name: str, held: Sequence[Resource]) -> Resource:
        found = page(name, held)
        issue = {"severity": severity, "code": "forbidden"}
        outcome = {"resourceType": "OperationOutcome", "issue": [issue]}
        found["entry"].append({"resource": outcome, "search": {"mode": "outcome"}})
        return found

    return answer


def problem_alone(name: str, held: Sequence[Resource]) -> Resource:
    """An answer without a self link: what was asked for cannot be told where nothing is held."""
    return {**problem("error")(name, held), "link": []}


def entry_refused(name: str, held: Sequence[Resource]) -> Resource:
    found = page(name, held)
    found["entry"].append({"fullUrl": f"{BASE}/{name}/x", "response": {"status": "403"}})
    return found


WAYS: list[Way] = [
    further_page,
    larger_total,
    total_of_included,
    problem("warning"),
    problem("error"),
    problem("fatal"),
    problem_alone,
    entry_refused,
]


def types_of(vignette: Vignette) -> list[str]:
    return sorted({each["resourceType"] for each in resources_of(vignette)} - {"Patient"})


def parts_of(held: Sequence[Resource]) -> Iterator[list[Resource]]:
    """Give what may be left of the resources of a type: none, and all but each one of them."""
    yield []
    if len(held) > 1:
        for number in range(len(held)):
            yield [*held[:number], *held[number + 1 :]]


def assessed(client: FlaskClient, bundle: Resource) -> dict[str, Any]:
    response = client.post("/evaluate?validate=false", json=bundle)
    assert response.status_code == 200, response.text
    told: dict[str, Any] = response.get_json()["assessment"]
    return told


def contradictions(name: str, told: dict[str, Any], truth: dict[str, Any]) -> Iterator[str]:
    """Name what the answer to a part of the record says against the whole of it.

    A confounder that is no longer found must be one that could not be looked for: "none found"
    is told beside the types that are missing.
    """
    status, true = (each["treatmentResistance"]["status"] for each in (told, truth))
    if status == "not_met" != true:
        yield f"not_met in place of {true}"
    if status == "out_of_scope" != true:
        yield f"out_of_scope in place of {true}"
    status, true = (each["inflammation"]["status"] for each in (told, truth))
    if status == "normal" != true:
        yield f"normal in place of {true}"
    if name.lower() not in {gap["what"].lower() for gap in told.get("gaps", [])}:
        yield "the type is not named as missing"


@pytest.mark.parametrize("vignette", DEFAULT_SITE, ids=lambda each: each.id)
def test_a_part_of_a_type_never_says_the_opposite_of_the_whole(
    vignette: Vignette, client: FlaskClient
) -> None:
    whole = bundle_of(vignette)
    resources = [entry["resource"] for entry in whole["entry"]]
    truth = assessed(client, whole)
    ways = cycle(WAYS)
    found = []
    for name in types_of(vignette):
        others = [each for each in resources if each["resourceType"] != name]
        for left in parts_of([each for each in resources if each["resourceType"] == name]):
            way = next(ways)
            held = [*others, way(name, left)]
            told = assessed(client, whole | {"entry": [{"resource": each} for each in held]})
            found += [
                (name, len(left), way.__name__, each) for each in contradictions(name, told, truth)
            ]
    assert found == []
