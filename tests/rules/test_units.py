"""Is a unit converted by table, and refused where the table is silent?"""

from decimal import Decimal

import pytest

from rules.knowledge import Knowledge
from rules.units import to_mg_per_l
from tests.support.build import loinc

HS_CRP, HS_CRP_MOLAR, ANY_CRP = "30522-7", "76486-0", "111006-3"


@pytest.mark.parametrize(
    ("code", "value", "unit", "mg_per_l"),
    [
        (HS_CRP, "4.2", "mg/L", "4.2"),
        (HS_CRP, "0.42", "mg/dL", "4.2"),
        (HS_CRP, "0.42", "mg/100 mL", "4.2"),
        (HS_CRP, "4.2", "ug/mL", "4.2"),
        (HS_CRP, "4.2", "µg/mL", "4.2"),
        (HS_CRP, "4.2", "μg/mL", "4.2"),
        (HS_CRP, "4200", "ug/L", "4.2"),
        (HS_CRP, "4200", "ng/mL", "4.2"),
        (HS_CRP, "0.0042", "g/L", "4.2"),
        (HS_CRP_MOLAR, "28.572", "nmol/L", "3"),
        (ANY_CRP, "28.572", "nmol/L", "3"),
        (ANY_CRP, "3", "mg/L", "3"),
    ],
)
def test_a_unit_of_the_table_is_converted(
    code: str, value: str, unit: str, mg_per_l: str, knowledge: Knowledge
) -> None:
    converted = to_mg_per_l(Decimal(value), unit, knowledge.markers[loinc(code)])
    assert converted is not None
    assert abs(converted - Decimal(mg_per_l)) <= knowledge.marker.tolerance


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        (HS_CRP, None),
        (HS_CRP, ""),
        (HS_CRP, "nmol/L"),
        (HS_CRP, "pg/mL"),
        (HS_CRP, "ng/L"),
        (HS_CRP, "mm/h"),
        (HS_CRP, "mg"),
        (HS_CRP, "%"),
        (HS_CRP_MOLAR, "mg/L"),
        (HS_CRP_MOLAR, "mmol/L"),
    ],
)
def test_a_unit_that_does_not_fit_the_test_is_refused(
    code: str, unit: str | None, knowledge: Knowledge
) -> None:
    assert to_mg_per_l(Decimal(4), unit, knowledge.markers[loinc(code)]) is None
