"""Is there a test or a vignette for every settled point, answered question and exclusion?

The table is settled_points.toml; a reviewer goes from a point to what holds it.
"""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.support.vignette import vignettes

TESTS = Path(__file__).parents[1]
SPECIFICATION = Path(__file__).parents[3] / "shared" / "clinical"
TABLE = tomllib.loads((Path(__file__).parent / "settled_points.toml").read_text(encoding="utf-8"))
ROWS = [
    (f"{table} {point}", holder)
    for table, points in TABLE.items()
    for point, holders in points.items()
    for holder in holders
]
POINTS = [*map(str, range(1, 33)), "33a", "33b"]
# What the clinical safety officer wants to see left out, each beside a twin who is not.
EXCLUSIONS = {
    "age", "bipolar", "psychosis", "psychotic_depression", "dementia", "pregnancy", "postpartum",
    "breastfeeding", "delirium", "palliative_care", "other_cause", "biologic", "serious_infection",
    "item_on_suicidal_thoughts", "self_harm", "attempt", "deceased",
}  # fmt: skip


def own_vignettes(point: str) -> set[str]:
    """Give the ids of a point's vignettes: P07.1 and P07.2 of point 7, P33a.1 of point 33a."""
    number = point.rstrip("ab")
    prefix = f"P{int(number):02}{point.removeprefix(number)}."
    return {each.id for each in vignettes() if each.id.startswith(prefix)}


def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.fixture(scope="module")
def known() -> set[str]:
    tests = {name for path in TESTS.rglob("test_*.py") for name in functions_of(path)}
    return tests | {vignette.id for vignette in vignettes()}


@pytest.mark.parametrize(("point", "holder"), ROWS, ids=[f"{p}-{h}" for p, h in ROWS])
def test_what_is_said_to_hold_a_point_exists(point: str, holder: str, known: set[str]) -> None:
    assert holder in known, point


def test_no_exclusion_is_without_its_pair() -> None:
    assert set(TABLE["twins"]) >= EXCLUSIONS


@pytest.mark.parametrize("point", POINTS)
def test_each_settled_point_names_a_vignette_of_its_own(point: str) -> None:
    assert [holder for holder in TABLE["points"][point] if holder in own_vignettes(point)]


@pytest.mark.parametrize("point", POINTS)
def test_each_settled_point_names_all_its_vignettes(point: str) -> None:
    assert own_vignettes(point) - set(TABLE["points"][point]) == set()


def test_no_vignette_of_a_settled_point_is_without_its_point() -> None:
    known = {vignette_id for point in POINTS for vignette_id in own_vignettes(point)}
    assert {each.id for each in vignettes() if each.id.startswith("P")} == known


@pytest.mark.skipif(not SPECIFICATION.is_dir(), reason="the specification is not beside this")
def test_no_settled_point_of_the_specification_is_missing() -> None:
    rule = (SPECIFICATION / "rule.md").read_text(encoding="utf-8").partition("## 12. ")[2]
    stated = set(re.findall(r"(?:^|[.*;:] |\) )(\d{1,2}[ab]?) (?=[A-Z*\"`<])", rule, re.MULTILINE))
    assert len(stated) > 30
    assert stated - set(TABLE["points"]) == set()


@pytest.mark.skipif(not SPECIFICATION.is_dir(), reason="the specification is not beside this")
def test_no_answered_question_of_the_specification_is_missing() -> None:
    text = (SPECIFICATION / "vignettes.md").read_text(encoding="utf-8")
    stated = set(re.findall(r"^\| (Q\d+) \|", text, re.MULTILINE)) - {"Q14"}  # a sign-off list
    assert stated == set(TABLE["questions"])
