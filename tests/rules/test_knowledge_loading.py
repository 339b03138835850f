"""Do the packaged knowledge files load, and is a missing or foreign file named?"""

from decimal import Decimal
from pathlib import Path

import pytest

from rules.knowledge import Knowledge, load_knowledge
from tests.support.knowledge_copy import copy_knowledge, fault, replace_in


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return copy_knowledge(tmp_path / "knowledge")


def test_the_packaged_files_load_as_the_default_rule(knowledge: Knowledge) -> None:
    assert (knowledge.rule_id, knowledge.rule_version, knowledge.changed) == (
        "trd-default",
        "1",
        (),
    )


def test_a_parameter_is_an_exact_decimal(knowledge: Knowledge) -> None:
    assert knowledge.marker.tolerance == Decimal("0.000001")


def test_a_parameter_keeps_its_entry(knowledge: Knowledge) -> None:
    assert knowledge.parameters["trd.min_days_adequate"].unit == "days"


def test_an_entry_gives_the_same_value_as_the_table(knowledge: Knowledge) -> None:
    for key, entry in knowledge.parameters.items():
        table, name = key.split(".")
        value = getattr(getattr(knowledge, table), name)
        assert value == (frozenset(entry.value) if isinstance(entry.value, tuple) else entry.value)


def test_the_hash_is_the_same_at_every_load(knowledge: Knowledge) -> None:
    assert load_knowledge().sha256 == knowledge.sha256


def test_the_hash_changes_with_a_single_byte(copied: Path, knowledge: Knowledge) -> None:
    replace_in(copied / "evidence/ledger.toml", "# The evidence", "# the evidence")
    assert load_knowledge(copied).sha256 != knowledge.sha256


def test_a_copy_of_the_files_has_the_hash_of_the_package(
    copied: Path, knowledge: Knowledge
) -> None:
    assert load_knowledge(copied).sha256 == knowledge.sha256


def test_a_hidden_file_is_left_alone(copied: Path, knowledge: Knowledge) -> None:
    (copied / "drugs/.keep").touch()
    assert load_knowledge(copied).sha256 == knowledge.sha256


def test_what_python_leaves_behind_is_left_alone(copied: Path, knowledge: Knowledge) -> None:
    (copied / "drugs/__pycache__").mkdir()
    assert load_knowledge(copied).sha256 == knowledge.sha256


def test_a_missing_file_is_named(copied: Path) -> None:
    (copied / "parameters/safety.toml").unlink()
    assert fault(copied) == "parameters/safety.toml: the file is missing."


def test_a_file_that_nothing_reads_is_named(copied: Path) -> None:
    (copied / "drugs/more.csv").touch()
    assert fault(copied) == "drugs/more.csv: nothing reads a file of this name."


def test_a_file_of_another_kind_is_named(copied: Path) -> None:
    (copied / "parameters/trd.toml").rename(copied / "parameters/trd.tml")
    assert fault(copied) == "parameters/trd.tml: only .toml files belong in parameters."


def test_a_file_that_is_not_utf_8_is_named(copied: Path) -> None:
    (copied / "parameters/trd.toml").write_bytes(b"# \xff")
    assert fault(copied) == "parameters/trd.toml, byte 2: is not UTF-8."


def test_an_empty_table_file_has_no_columns(copied: Path) -> None:
    (copied / "drugs/atc.csv").write_bytes(b"")
    assert fault(copied).startswith("drugs/atc.csv, line 1: the columns must be prefix, drug")
