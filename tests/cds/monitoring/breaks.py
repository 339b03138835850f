"""In which ways does a test break a code list, as an edit gone wrong would?"""

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path

DRUG = "sertraline"


def drop_the_codes_of_an_antidepressant(knowledge: Path) -> None:
    """Its products and its own codes go, its row and its names stay."""
    products = knowledge / "drugs" / "antidepressant_products.csv"
    _rewrite(products, lambda row: None if row["drug"] == DRUG else row)
    bare = {"atc": "", "rxcui_ingredient": ""}
    antidepressants = knowledge / "drugs" / "antidepressants.csv"
    _rewrite(antidepressants, lambda row: {**row, **bare} if row["name"] == DRUG else row)


def drop_an_antidepressant(knowledge: Path) -> None:
    """All of it goes, with its names: to the reader it is then one more drug of no interest."""
    for table in sorted((knowledge / "drugs").glob("*.csv")):
        _rewrite(table, lambda row: None if DRUG in {row.get("drug"), row.get("name")} else row)


def drop_the_code_of_crp(knowledge: Path) -> None:
    _drop_table(knowledge / "parameters" / "markers.toml", '[codes."30522-7"]')


def empty_the_depression_list_of_its_main_code(knowledge: Path) -> None:
    file = knowledge / "value_sets" / "depression-mdd.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    includes = content["compose"]["include"]
    content["compose"]["include"] = [
        each
        for each in includes
        if not any(part["value"] == "F33" for part in each.get("filter", ()))
    ]
    assert len(content["compose"]["include"]) < len(includes)
    file.write_text(json.dumps(content), encoding="utf-8")


def lose_a_unit(knowledge: Path) -> None:
    file = knowledge / "parameters" / "markers.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    lost = {'"mg/L" = 1', '"mg/l" = "mg/L"', '"MG/L" = "mg/L"'}
    lost |= {'"mg/liter" = "mg/L"', '"mg/litre" = "mg/L"'}
    kept = [line for line in lines if line not in lost]
    assert len(lines) - len(kept) == len(lost)
    text = "\n".join(kept).replace('usual_units = ["mg/L", ', "usual_units = [")
    file.write_text(text, encoding="utf-8")


BREAKS: Mapping[str, Callable[[Path], None]] = {
    "an antidepressant without its codes": drop_the_codes_of_an_antidepressant,
    "no such antidepressant at all": drop_an_antidepressant,
    "CRP without its commonest code": drop_the_code_of_crp,
    "depression without its main code": empty_the_depression_list_of_its_main_code,
    "CRP without its commonest unit": lose_a_unit,
}


def _rewrite(file: Path, change: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    changed = [new for row in rows if (new := change(row)) is not None]
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(changed)


def _drop_table(file: Path, header: str) -> None:
    before, found, after = file.read_text(encoding="utf-8").partition(f"{header}\n")
    assert found
    _, _, rest = after.partition("\n[")
    file.write_text(f"{before}[{rest}", encoding="utf-8")
