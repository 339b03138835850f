"""Are the generated documents what their sources say today?"""

from rules.knowledge import load_knowledge
from rules.knowledge.parameters import ParameterEntry
from tools.write_parameter_table import DOCUMENT, render_parameters


def test_the_parameter_table_is_current() -> None:
    current = render_parameters(load_knowledge().parameters)
    assert DOCUMENT.read_text(encoding="utf-8") == current, "run `make docs`"


def test_every_parameter_has_its_row_with_value_source_and_pending_mark() -> None:
    entry = ParameterEntry(
        value=42,
        unit="days",
        meaning="a | b",
        source="S",
        verification="judgement",
        review="pending",
    )
    row = "| `min_days` | 42 | days | a \\| b | S | judgement, pending |  |"
    assert render_parameters({"trd.min_days": entry}).endswith(f"\n{row}\n")
