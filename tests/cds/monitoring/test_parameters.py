"""Are the numbers of the charts data that says where it comes from?"""

from pathlib import Path

import pytest

from cds.monitoring.parameters import PACKAGED, ChartParameters, load_chart_parameters, read_entries
from rules.knowledge import KnowledgeError
from tests.support.knowledge_copy import replace_in

DOCUMENT = Path(__file__).parents[3] / "docs" / "monitoring.md"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    file = tmp_path / "monitoring.toml"
    file.write_bytes(PACKAGED.read_bytes())
    return file


def test_every_number_says_what_it_means_and_where_it_comes_from() -> None:
    entries = read_entries()
    assert entries.keys() == ChartParameters.model_fields.keys()
    assert all(each.unit and each.meaning and each.source for each in entries.values())


def test_the_limit_is_as_improbable_as_its_distance_says(chart: ChartParameters) -> None:
    assert chart.tail_probability == pytest.approx(0.000233, rel=0.01)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[monitoring.quiet_days]", "[monitoring.loud_days]", "quiet_days is missing"),
        ("value = 14\n", "value = 0\n", "baseline_days: Input should be greater than"),
        ("value = 14\n", "value = true\n", "baseline_days: Input should be a valid integer"),
        ("value = 0.001", "value = 1.5", "zero_fire_probability: Input should be less than 1"),
        ("value = 7\n", 'value = 7\nwhy = "x"\n', "why is unknown"),
        ("[monitoring.baseline_days]", "[other]\n[monitoring.baseline_days]", "nothing else"),
        ("[monitoring.baseline_days]", "[monitoring.baseline_days", "is not valid TOML"),
    ],
)
def test_a_spoilt_file_is_refused_in_one_sentence(
    copied: Path, old: str, new: str, sentence: str
) -> None:
    replace_in(copied, old, new)
    with pytest.raises(KnowledgeError, match=r"^monitoring\.toml") as raised:
        load_chart_parameters(copied)
    assert sentence in str(raised.value)


def test_the_document_states_every_number_with_its_source() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    missing = [
        key
        for key, entry in read_entries().items()
        if f"| `{key}` | {entry.value} | {entry.unit} | {entry.meaning} | {entry.source} ("
        not in document
    ]
    assert missing == []
