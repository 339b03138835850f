"""Does the document a psychiatrist signs say everything once, and what the service does today?"""

import csv
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from rules.knowledge import Knowledge
from rules.knowledge.parameters import ParameterEntry
from tests.repository.tree import ROOT, name_of, read, repository_files
from tests.support.vignette import Expectation, Vignette, vignette_named, vignettes
from tools.specification.applied import is_applied
from tools.specification.markdown import SIGNATURE
from tools.specification.parameters import PlacedParameters, SpecificationError
from tools.specification.stories import stories
from tools.write_clinical_specification import DOCUMENT, TEMPLATES, render_specification

CLINICAL = ROOT.parent / "shared" / "clinical"
OPEN_QUESTION = re.compile(r"^\| (Q\d+) \|", re.MULTILINE)
SIGN_OFF = re.compile(r"^\| (\d+) \| [^|]+\| (?:C|P|legal)", re.MULTILINE)

# Names that hold a digit and are no numbers of the rule.
NAMES_WITH_DIGITS = re.compile(
    r"PHQ-9|PHQ-2|GAD-7|HAM-D17|QIDS-SR16|IL-6|SHA-256|HL7|[Cc]hapter \d+|adr/\d+"
    r"|^## \d+\.|^### [BC]\.\d|^\| [SQPD]\d+ \||\bS\d+\b|^ *\d\. ",
    re.MULTILINE,
)
SLOT = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@pytest.fixture(scope="module")
def document() -> str:
    return DOCUMENT.read_text(encoding="utf-8")


def entry(value: int = 1) -> ParameterEntry:
    return ParameterEntry(value=value, unit="days", meaning="m", source="s", verification="primary")


def typed_numbers(template: str) -> list[str]:
    """Give the numbers that stand in a template itself instead of coming from the knowledge."""
    return re.findall(r"\d+(?:\.\d+)?", NAMES_WITH_DIGITS.sub("", SLOT.sub("", template)))


def ragged_rows(text: str) -> Iterator[str]:
    """Yield the table rows that have another number of cells than the head of their table."""
    cells = 0
    for line in text.splitlines():
        counted = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        if counted and cells and counted != cells:
            yield line
        cells = counted


def rows_outside_tables(text: str) -> list[str]:
    """Give the lines that were meant as table rows and are shown as text, bars and all."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    taken = {
        row
        for token in tokens
        if token.type in {"table_open", "fence", "code_block"} and token.map is not None
        for row in range(*token.map)
    }
    return [
        line
        for number, line in enumerate(text.splitlines())
        if line.lstrip(" >").startswith("|") and number not in taken
    ]


def column(table: str, name: str) -> list[str]:
    with (ROOT / "rules" / "drugs" / table).open(encoding="utf-8", newline="") as lines:
        return [row[name] for row in csv.DictReader(lines)]


def test_the_document_is_current(document: str, knowledge: Knowledge) -> None:
    assert document == render_specification(knowledge, vignettes()), "run `make docs`"


def test_it_opens_with_its_status_and_the_fingerprint_of_the_knowledge(
    document: str, knowledge: Knowledge
) -> None:
    opening = document.partition("## Contents")[0]
    assert "draft: not reviewed by a clinician" in opening
    assert "research prototype" in opening
    assert f"`{knowledge.rule_id}`, version {knowledge.rule_version}" in opening
    assert knowledge.sha256 in opening


def test_every_parameter_has_one_row(document: str, knowledge: Knowledge) -> None:
    rows = re.findall(r"^\| .*\(`([a-z_]+\.[a-z0-9_]+)`\)[^|]*\| \*\*", document, re.MULTILINE)
    assert sorted(rows) == sorted(knowledge.parameters)


def test_every_parameter_that_awaits_a_signature_says_so(
    document: str, knowledge: Knowledge
) -> None:
    pending = {key for key, each in knowledge.parameters.items() if each.review}
    rows = {
        key: row
        for row in document.splitlines()
        for key in pending
        if f"(`{key}`)" in row and "☐" in row
    }
    assert [key for key in pending if "**awaits a signature**" not in rows[key]] == []


@pytest.mark.parametrize("vignette", vignettes(), ids=lambda each: each.id)
def test_every_vignette_is_a_story_with_a_signature_line(vignette: Vignette, document: str) -> None:
    heading = f"\n#### {vignette.id}: "
    assert document.count(heading) == 1
    story = re.split(r"\n#{2,4} |<a id=", document.partition(heading)[2])[0]
    for part in ("**Record**", "**Expected**", "**Answer today**", SIGNATURE):
        assert part in story


def test_no_answer_differs_from_what_is_expected(document: str) -> None:
    assert "differs from what is expected" not in document


@pytest.mark.parametrize(
    ("table", "name"), [("antidepressants.csv", "row"), ("augmenters.csv", "name")]
)
def test_every_drug_of_the_dose_tables_is_shown(table: str, name: str, document: str) -> None:
    shown = re.findall(r"^\| (.+?)(?: \([^)]*\))? \|", document, re.MULTILINE)
    assert [drug for drug in column(table, name) if drug not in shown] == []


def test_every_laboratory_code_and_value_set_is_shown(document: str, knowledge: Knowledge) -> None:
    assert [c.code for c in knowledge.markers if f"({c.code}) |" not in document] == []
    assert [name for name in knowledge.value_sets if f"(`{name}`) |" not in document] == []


def test_every_fixed_sentence_of_the_cards_is_shown(document: str, knowledge: Knowledge) -> None:
    assert [key for key in knowledge.evidence.statements if f"| `{key}` |" not in document] == []


@pytest.mark.skipif(not CLINICAL.is_dir(), reason="the specification is not beside this checkout")
def test_every_open_question_of_the_specification_is_listed(document: str) -> None:
    questions = OPEN_QUESTION.findall((CLINICAL / "vignettes.md").read_text(encoding="utf-8"))
    sign_off = SIGN_OFF.findall((CLINICAL / "README.md").read_text(encoding="utf-8"))
    wanted = [*questions, *(f"S{number}" for number in sign_off)]
    assert len(questions) == 14
    assert len(sign_off) == 11
    assert [each for each in wanted if f"\n| {each} | " not in document] == []


def test_every_link_inside_leads_to_a_place(document: str) -> None:
    targets = set(re.findall(r"\]\(#([^)]+)\)", document))
    assert targets
    assert targets - set(re.findall(r'<a id="([^"]+)">', document)) == set()


def test_every_table_is_read_as_a_table(document: str) -> None:
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render(document)
    assert list(ragged_rows(document)) == []
    assert html.count("<table>") == len(re.findall(r"^\|(?: ?-+ ?\|)+$", document, re.MULTILINE))


@pytest.mark.parametrize("page", repository_files("*.md"), ids=name_of)
def test_no_row_of_a_table_stands_outside_of_one(page: Path) -> None:
    assert rows_outside_tables(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.j2")), ids=name_of)
def test_no_number_of_the_rule_is_typed_a_second_time(template: Path) -> None:
    assert typed_numbers(template.read_text(encoding="utf-8")) == []


def test_make_docs_writes_it() -> None:
    recipe = re.search(r"^docs:.*\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)
    assert recipe is not None
    assert "tools.write_clinical_specification" in recipe[1]


@pytest.mark.parametrize(
    ("shown", "fault"),
    [
        ({"a.b": 1}, "in no chapter: a.c"),
        ({"a.b": 2, "a.c": 1}, "in more than one: a.b"),
    ],
)
def test_a_parameter_that_stands_nowhere_or_twice_is_refused(
    shown: Mapping[str, int], fault: str
) -> None:
    placed = PlacedParameters({"a.b": entry(), "a.c": entry()})
    for key, times in shown.items():
        for _ in range(times):
            placed.show(key)
    with pytest.raises(SpecificationError, match=fault):
        placed.check_each_is_shown_once()


def test_a_template_that_names_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(SpecificationError, match=r"a\.d, which does not exist"):
        PlacedParameters({"a.b": entry()}).value("a.d")


def test_a_parameter_that_nothing_reads_is_called_so() -> None:
    assert is_applied("trd.min_failed_trials")
    assert is_applied("records.statuses_named")  # read by the table itself, to answer
    assert not is_applied("trd.no_rule_reads_this")
    row = PlacedParameters({"trd.no_rule_reads_this": entry()}).show("trd.no_rule_reads_this")
    assert "**Not applied by the service today**" in row


def test_an_answer_that_differs_is_marked_where_it_is_signed(knowledge: Knowledge) -> None:
    claimed = Expectation(resistance="not_met", inflammation="unknown")
    planted = vignette_named("T01").model_copy(update={"expect": claimed})
    text = stories([planted], knowledge)
    assert "**differs from what is expected: treatment resistance**" in text


def test_a_planted_row_outside_of_a_table_is_found() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    fenced = "```\n| in code |\n```\n"
    planted = f"{table}\ntext\n\n| 3 | 4 |\n\n{fenced}"
    assert rows_outside_tables(table) == []
    assert rows_outside_tables(planted) == ["| 3 | 4 |"]


def test_a_planted_number_and_a_planted_ragged_row_are_found() -> None:
    assert typed_numbers('At least 42 days on the PHQ-9, {{ v("trd.x28") }} more.') == ["42"]
    assert list(ragged_rows("| a | b |\n|---|---|\n| 1 | 2 \\| 3 |\n| 4 |\n")) == ["| 4 |"]
