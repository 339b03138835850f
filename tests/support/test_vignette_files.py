"""Are the vignettes all there, and does their loader refuse what would be misread?"""

import re
from pathlib import Path

import pytest
import yaml
from pydantic import TypeAdapter, ValidationError

from tests.support.chart import Phq9
from tests.support.stated_dose import read_dose
from tests.support.strict_yaml import read_yaml
from tests.support.vignette import Entries, Vignette, vignettes

SPECIFICATION = Path(__file__).parents[3] / "shared" / "clinical" / "vignettes.md"
ROW = re.compile(r"^\| ([TMC]\d\d[a-d]?) \|", re.MULTILINE)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "vignette.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="the specification is not beside this")
def test_every_row_of_the_specification_has_a_vignette() -> None:
    rows = ROW.findall(SPECIFICATION.read_text(encoding="utf-8"))
    known = {vignette.id for vignette in vignettes()}
    parts = {vignette_id[:3] for vignette_id in known if len(vignette_id) == 4}
    assert len(rows) == 112
    assert [row for row in rows if row not in known | parts] == []


def test_every_vignette_makes_a_claim_of_its_own() -> None:
    titles = [vignette.title for vignette in vignettes()]
    assert sorted({title for title in titles if titles.count(title) > 1}) == []


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(yaml.YAMLError, match="key stands twice: id"):
        read_yaml(written(tmp_path, "id: T01\nid: T02\n"))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("no", "no"),
        ("off", "off"),
        ("1:30", "1:30"),
        ("010", "010"),
        ("1e3", "1e3"),
        ("2026-06", "2026-06"),
        ("30522-7", "30522-7"),
        ("true", True),
        ("null", None),
        ("17", 17),
    ],
)
def test_a_word_stays_a_word(tmp_path: Path, text: str, read: object) -> None:
    assert read_yaml(written(tmp_path, f"value: {text}\n")) == {"value": read}


def test_a_number_keeps_its_digits(tmp_path: Path) -> None:
    assert str(read_yaml(written(tmp_path, "value: 3.00\n"))["value"]) == "3.00"


def test_a_member_no_vignette_has_is_refused() -> None:
    text = {"id": "T01", "title": "A claim.", "story": "A story of two lines.", "expects": {}}
    with pytest.raises(ValidationError, match="expects"):
        Vignette.model_validate(text)


@pytest.mark.parametrize("line", [{"phq-9": {"total": 3}}, {"phq9": {}, "bmi": {}}])
def test_a_line_of_a_record_that_is_no_known_kind_is_refused(line: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Entries).validate_python([line])


def test_the_same_line_in_two_blocks_is_one_thing() -> None:
    vignette = next(vignette for vignette in vignettes() if vignette.id == "T01")
    scores = [entry for entry in vignette.entries if isinstance(entry, Phq9)]
    assert [(entry.total, entry.on) for entry in scores if entry.total == 15] == [
        (15, "2025-11-20")
    ]


@pytest.mark.parametrize("text", ["100 daily", "100 mg", "a hundred mg daily", "100 mg hourly"])
def test_a_dose_in_other_words_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no dose"):
        read_dose(text)
