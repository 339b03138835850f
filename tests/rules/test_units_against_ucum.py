"""Does the unit table agree with UCUM itself, as an independent library reads it?"""

import warnings
from decimal import Decimal
from typing import Any

import pytest

from rules.knowledge import Knowledge, load_knowledge
from rules.knowledge.model import MarkerUse

MASS = ("mg/L", "mg/dL", "ug/mL", "ug/L", "ng/mL", "g/L")
MOLAR = ("nmol/L",)


@pytest.fixture(scope="module")
def ucum() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own parser, at import
        from ucumvert import PintUcumRegistry  # noqa: PLC0415 - heavy, and only needed here

        return PintUcumRegistry()


# Every pair of a CRP code and a UCUM unit that the table converts.
ANALYTES = [
    (code.code, unit)
    for code, marker in load_knowledge().markers.items()
    if marker.use is MarkerUse.ANALYTE
    for unit in (*MASS, *MOLAR)
    if unit in marker.to_mg_per_l
]


def factor(knowledge: Knowledge, loinc: str, unit: str) -> Decimal:
    (marker,) = (each for code, each in knowledge.markers.items() if code.code == loinc)
    return marker.to_mg_per_l[unit]


@pytest.mark.parametrize(("loinc", "unit"), [each for each in ANALYTES if each[1] in MASS])
def test_a_mass_unit_is_worth_what_ucum_says(
    knowledge: Knowledge, ucum: Any, loinc: str, unit: str
) -> None:
    expected = ucum.from_ucum(unit).to("mg/L").magnitude
    assert float(factor(knowledge, loinc, unit)) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("loinc", "unit"), [each for each in ANALYTES if each[1] in MOLAR])
def test_a_molar_unit_is_an_amount_and_is_divided_by_the_parameter(
    knowledge: Knowledge, ucum: Any, loinc: str, unit: str
) -> None:
    assert ucum.from_ucum(unit).dimensionality == ucum.parse_units("mol/L").dimensionality
    expected = 1 / knowledge.marker.crp_nmol_per_mg_l
    assert factor(knowledge, loinc, unit) == expected


def test_every_crp_code_takes_units_of_one_or_both_kinds_and_no_other() -> None:
    kinds = {loinc: {unit for code, unit in ANALYTES if code == loinc} for loinc, _ in ANALYTES}
    assert set(map(frozenset, kinds.values())) == {
        frozenset(MASS),
        frozenset(MOLAR),
        frozenset((*MASS, *MOLAR)),
    }
