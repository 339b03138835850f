"""Which laboratory codes are read, what for, and what is each unit worth?"""

import re
from collections.abc import Mapping
from decimal import Decimal

from pydantic import BaseModel, ConfigDict, Field

from rules.codes import LOINC, Code
from rules.knowledge.files import (
    KnowledgeError,
    KnowledgeFile,
    Verification,
    check,
    parse_toml,
)
from rules.knowledge.model import MarkerCode, MarkerUse

_WORD = re.compile(r"[^\W_]+")


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Code(_Entry):
    display: str = Field(min_length=1)
    marker: str = Field(min_length=1)
    name: str = Field(min_length=1)
    use: MarkerUse
    units: tuple[str, ...] = ()
    source: str = Field(min_length=1)
    verification: Verification


class _MarkerTable(_Entry):
    mass_units: dict[str, Decimal]
    molar_units: tuple[str, ...]
    usual_units: tuple[str, ...]
    words: tuple[str, ...]
    aliases: dict[str, str]
    codes: dict[str, _Code]


def read_markers(file: KnowledgeFile, crp_nmol_per_mg: Decimal) -> dict[Code, MarkerCode]:
    """Read the marker table.

    Units: the factors lead to mg/L; a molar unit is worth 1 / crp_nmol_per_mg. A unit that is no
    key of a code is refused, so a mass unit under a molar code never converts, nor the reverse.
    Errors: KnowledgeError for a unit or an alias that the table does not define.
    """
    table = check(_MarkerTable, parse_toml(file), file.name, "")
    known = {*table.mass_units, *table.molar_units}
    known |= {unit for entry in table.codes.values() for unit in entry.units}
    for alias, unit in table.aliases.items():
        if unit not in known:
            raise KnowledgeError(file.name, alias, f"the alias stands for the unknown unit {unit}")
    factors = {
        "mass": table.mass_units,
        "molar": dict.fromkeys(table.molar_units, 1 / crp_nmol_per_mg),
    }
    return {
        Code(LOINC, loinc): _marker_code(file.name, loinc, entry, factors, table)
        for loinc, entry in table.codes.items()
    }


def read_marker_words(file: KnowledgeFile) -> frozenset[frozenset[str]]:
    """Read the words of each name that a marker has in free text, in small letters.

    Errors: KnowledgeError for a table that is not as expected.
    """
    table = check(_MarkerTable, parse_toml(file), file.name, "")
    return frozenset(frozenset(_WORD.findall(name.casefold())) for name in table.words)


def _marker_code(
    file: str,
    loinc: str,
    entry: _Code,
    factors: Mapping[str, Mapping[str, Decimal]],
    table: _MarkerTable,
) -> MarkerCode:
    aliases = table.aliases
    to_mg_per_l: dict[str, Decimal] = {}
    display_units: frozenset[str] = frozenset()
    if entry.use is MarkerUse.ANALYTE:
        for kind in entry.units:
            if kind not in factors:
                raise KnowledgeError(file, loinc, f"the kind of unit {kind} is unknown")
            to_mg_per_l |= factors[kind]
        to_mg_per_l |= {
            alias: to_mg_per_l[unit] for alias, unit in aliases.items() if unit in to_mg_per_l
        }
    else:
        known = frozenset(entry.units)
        display_units = known | {alias for alias, unit in aliases.items() if unit in known}
    if (entry.use in (MarkerUse.ANALYTE, MarkerUse.DISPLAY)) != bool(entry.units):
        raise KnowledgeError(file, loinc, "units belong to codes that are compared or shown")
    return MarkerCode(
        code=Code(LOINC, loinc),
        marker=entry.marker,
        name=entry.name,
        use=entry.use,
        to_mg_per_l=to_mg_per_l,
        reported_in=tuple(unit for unit in table.usual_units if unit in to_mg_per_l),
        display_units=display_units,
    )
