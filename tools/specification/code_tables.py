"""How do scales, laboratory codes and value sets read to someone who does not look codes up?"""

import json
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from rules.knowledge.model import Knowledge, MarkerCode, MarkerUse
from rules.plain_words import counted, listed, number
from tools.specification.applied import is_applied
from tools.specification.markdown import NOTHING, certainty, code, plain, table

_RULES = Path(__file__).parents[2] / "rules"
_USES = {
    MarkerUse.ANALYTE: "compared with the cut-offs",
    MarkerUse.DISPLAY: "shown only, with the laboratory's own range",
    MarkerUse.QUALITATIVE: "recognised, never used: not a quantity",
    MarkerUse.WRONG_SPECIMEN: "recognised, never used: other specimen",
}
_SYSTEMS = {
    "http://hl7.org/fhir/sid/icd-10-cm": "ICD-10-CM",
    "http://hl7.org/fhir/sid/icd-10": "ICD-10",
    "http://hl7.org/fhir/sid/icd-9-cm": "ICD-9-CM",
    "http://www.cms.gov/Medicare/Coding/ICD10": "ICD-10-PCS",
    "http://snomed.info/sct": "SNOMED CT",
    "http://loinc.org": "LOINC",
    "http://terminology.hl7.org/CodeSystem/medicationrequest-status-reason": "HL7 stop reasons",
}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((_RULES / "parameters" / name).read_text(encoding="utf-8"))


def scale_table() -> str:
    """Give every scale with its codes and cut-offs in points."""
    rows = (_scale_row(each) for each in _toml("scales.toml").values())
    head = (
        "Scale", "Range", "Moderate from", "Remission up to", "Change read from a baseline of",
        "Codes", "Source",
    )  # fmt: skip
    return table(head, rows)


def _scale_row(scale: Mapping[str, Any]) -> tuple[str, ...]:
    codes = ", ".join(scale.get("totals", ())) or "none: waits for codes of the site"
    context = ", shown only" if scale["purpose"] == "context" else ""
    origin = plain(scale["source"])
    origin += f"; {certainty(scale['verification'], pending=bool(scale.get('review')))}"
    if scale.get("alternatives"):
        origin += f". Alternatives: {plain(scale['alternatives'])}"
    return (
        scale["name"] + context,
        f"{scale['minimum']} to {scale['maximum']}",
        f"**{scale['moderate']}**",
        f"**{scale['remission_max']}**",
        f"**{scale['min_baseline']}**",
        codes,
        origin,
    )


def misused_codes() -> str:
    """Name the codes that public data misuses as totals, and what they really are."""
    return "; ".join(
        f"{loinc} ({plain(why)})"
        for scale in _toml("scales.toml").values()
        for loinc, why in scale.get("not_totals", {}).items()
    )


def marker_table(knowledge: Knowledge, *uses: str) -> str:
    """Give the laboratory codes of some uses, with the units each is read in."""
    written = _toml("markers.toml")["codes"]
    rows = (
        (
            f"{plain(each.name)} ({each.code.code})",
            plain(written[each.code.code]["display"]),
            _units(each),
            f"{plain(written[each.code.code]['source'])}; "
            + certainty(written[each.code.code]["verification"], pending=False),
        )
        for each in knowledge.markers.values()
        if each.use.value in uses
    )
    return table(("Marker (LOINC)", "Name of the code", "Units and use", "Source"), rows)


def _units(marker: MarkerCode) -> str:
    if marker.use is MarkerUse.ANALYTE:
        return f"{_USES[marker.use]}, in {listed(_official(marker.to_mg_per_l))}"
    if marker.display_units:
        return f"{_USES[marker.use]}, in {listed(_official(marker.display_units))}"
    return _USES[marker.use]


def _official(units: Iterable[str]) -> list[str]:
    """Leave out the other spellings of a unit."""
    return sorted(set(units) - set(_toml("markers.toml")["aliases"]))


def unit_table(knowledge: Knowledge) -> str:
    """Give what one of each unit is worth in mg/L."""
    factors: dict[str, str] = {}
    for marker in knowledge.markers.values():
        for unit in _official(marker.to_mg_per_l):
            factors[unit] = number(round(marker.to_mg_per_l[unit], 6))
    aliases = _toml("markers.toml")["aliases"]
    rows = (
        (unit, f"{worth} mg/L", ", ".join(a for a, of in aliases.items() if of == unit) or NOTHING)
        for unit, worth in sorted(factors.items())
    )
    return table(("Unit", "One of it is worth", "Also accepted as"), rows)


def value_set_table(knowledge: Knowledge) -> str:
    """Give every value set in words, with its size and where its codes come from."""
    rows = []
    for name in sorted(knowledge.value_sets):
        written = json.loads((_RULES / "value_sets" / f"{name}.json").read_text(encoding="utf-8"))
        meaning = plain(written["description"].partition(" Source: ")[0])
        if not is_applied(name):
            meaning += " **Not used by the service today.**"
        rows.append((f"{plain(written['title'])} ({code(name)})", meaning, *_content(written)))
    return table(("Set", "What it holds", "Size", "Source"), rows)


def _content(written: Mapping[str, Any]) -> tuple[str, str]:
    compose = written.get("compose", {})
    sizes: dict[str, list[int]] = {}
    sources: dict[str, None] = {}
    for include in compose.get("include", ()):
        system = _SYSTEMS.get(include["system"], include["system"])
        codes, families = sizes.setdefault(system, [0, 0]), include.get("filter", ())
        codes[0] += len(include.get("concept", ()))
        codes[1] += len(families)
        sources[_origin(include)] = None
    size = "; ".join(f"{system}: {_size(*counts)}" for system, counts in sizes.items())
    left_out = sum(
        len(part.get("concept", ())) + len(part.get("filter", ()))
        for part in compose.get("exclude", ())
    )
    if left_out:
        size += f"; {left_out} left out"
    return size or "**empty**: waits for codes of the site", "; ".join(sources) or NOTHING


def _size(codes: int, families: int) -> str:
    parts = [counted(codes, "code", "codes")] if codes else []
    if families:
        parts.append(counted(families, "family", "families"))
    return " and ".join(parts)


def _origin(include: Mapping[str, Any]) -> str:
    """Give the source that the codes of one system state, with its certainty."""
    stated = {
        part["url"]: part["valueString"]
        for extension in include["extension"]
        for part in extension.get("extension", ())
    }
    sure = certainty(stated["verification"], pending=bool(stated.get("review")))
    # The reader has this document, not the file the project worked from.
    source = stated["source"].replace("rule.md", "the clinical rule,")
    return f"{plain(source)}, {sure}"
