"""What does a psychiatrist read, check and sign? Writes docs/clinical-specification.md.

The text of the chapters stands in tools/templates/clinical_specification; every number, drug, code
and verdict comes from rules/ and tests/vignettes, so that none is typed twice.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from rules.knowledge import Knowledge, KnowledgeError, load_knowledge
from rules.trial_gaps import TrialGap, describe_gap
from tests.support.vignette import Vignette, vignettes
from tools.specification import cards, code_tables, drug_tables, order_tables, stories
from tools.specification.applied import is_applied
from tools.specification.markdown import code, plain, sign, table
from tools.specification.parameters import PlacedParameters, SpecificationError

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "clinical-specification.md"
TEMPLATES = Path(__file__).parent / "templates" / "clinical_specification"
_REVIEWED_TABLES = (
    "antidepressants.csv",
    "augmenters.csv",
    "experimental.csv",
    "other_uses.csv",
)


@dataclass(frozen=True, slots=True)
class _Chapter:
    """One chapter as rendered; its first line is its heading."""

    anchor: str
    text: str

    @property
    def title(self) -> str:
        return self.text.partition("\n")[0].removeprefix("## ")


def render_specification(knowledge: Knowledge, patients: Sequence[Vignette]) -> str:
    """Give the whole document.

    Errors: SpecificationError where a parameter stands in no chapter or in two, or where a chapter
    names something that does not exist.
    """
    placed = PlacedParameters(knowledge.parameters)
    templates = _environment()
    templates.globals.update(_tables(knowledge, patients), **_places(knowledge, placed))
    chapters = [_render(templates, file) for file in sorted(TEMPLATES.glob("[0-9]*.md.j2"))]
    placed.check_each_is_shown_once()
    head = templates.get_template("head.md.j2").render(
        chapters=chapters, knowledge=knowledge, **_counts(knowledge, patients)
    )
    anchored = [f'<a id="{each.anchor}"></a>\n\n{each.text}' for each in chapters]
    return "\n\n".join([head.strip(), *anchored]) + "\n"


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - Markdown; what is not ours to write is escaped in markdown.py
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render(templates: Environment, file: Path) -> _Chapter:
    text = templates.get_template(file.name).render().strip()
    return _Chapter(anchor=file.name.removesuffix(".md.j2").partition("-")[2], text=text)


def _tables(knowledge: Knowledge, patients: Sequence[Vignette]) -> dict[str, Callable[..., object]]:
    """Give what a chapter can ask for by name."""

    def vignettes_of(letters: str) -> list[Vignette]:
        return [each for each in patients if each.id[0] in letters]

    return {
        "applied": is_applied,
        "augmenter_table": drug_tables.augmenter_table,
        "card_matrix": lambda: cards.card_matrix(knowledge),
        "dose_table": drug_tables.dose_table,
        "drugs_without_floor": drug_tables.drugs_without_floor,
        "equivalence_groups": drug_tables.equivalence_groups,
        "exclusion_table": lambda: cards.exclusion_table(knowledge),
        "experimental_table": lambda: order_tables.experimental_table(knowledge),
        "gap_name": lambda name: plain(describe_gap(TrialGap(name))),
        "marker_table": lambda *uses: code_tables.marker_table(knowledge, *uses),
        "misused_codes": code_tables.misused_codes,
        "other_uses_table": lambda: drug_tables.other_uses_table(knowledge),
        "scale_table": code_tables.scale_table,
        "sentence_table": lambda: cards.sentence_table(knowledge),
        "stories": lambda letters: stories.stories(vignettes_of(letters), knowledge),
        "story_index": lambda letters: stories.index(vignettes_of(letters)),
        "table": lambda head, *rows: table(head, rows),
        "unit_table": lambda: code_tables.unit_table(knowledge),
        "value_set_table": lambda: code_tables.value_set_table(knowledge),
    }


def _places(knowledge: Knowledge, placed: PlacedParameters) -> dict[str, object]:
    """Give what a chapter names: values in the text, and the places where answers would go."""

    def value_set(name: str) -> str:
        if name not in knowledge.value_sets:
            raise SpecificationError(f"a template names the value set {name}: there is none")
        return f"list {code(name)}"

    def file(name: str) -> str:
        if not (ROOT / name).is_file():
            raise SpecificationError(f"a template names the file {name}, which does not exist")
        return code(name)

    return {
        "file": file,
        "parameter": placed.name,
        "parameters": placed.show,
        "percent": placed.percent,
        "scales": knowledge.scales,
        "sign": sign,
        "v": placed.value,
        "value_set": value_set,
    }


def _counts(knowledge: Knowledge, patients: Sequence[Vignette]) -> dict[str, int]:
    rows_pending, rows = drug_tables.awaiting_signature(_REVIEWED_TABLES)
    return {
        "parameters_pending": sum(bool(e.review) for e in knowledge.parameters.values()),
        "parameters_all": len(knowledge.parameters),
        "drug_rows_pending": rows_pending,
        "drug_rows_all": rows,
        "vignettes_all": len(patients),
    }


def main() -> None:
    try:
        text = render_specification(load_knowledge(), vignettes())
    except (KnowledgeError, SpecificationError, TemplateError) as error:
        sys.exit(f"docs: {error}")
    DOCUMENT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
