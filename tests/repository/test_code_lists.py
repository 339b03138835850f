"""Does any list of codes hold fewer, more or other codes than when somebody last looked?"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cds.monitoring.breaks import BREAKS
from tests.repository.code_lists import COLUMNS, differences, pin, read_lists
from tests.support.knowledge_copy import copy_knowledge

LISTS = read_lists()


@pytest.mark.requirement("B9")
def test_every_list_is_as_it_was_pinned() -> None:
    hint = "if that is meant: python -m tests.repository.code_lists, and say it in the changelog"
    assert differences() == [], hint


@pytest.mark.parametrize("name", sorted(LISTS))
def test_a_list_without_any_one_of_its_entries_has_another_pin(name: str) -> None:
    whole = pin(LISTS[name])
    shortened = (pin(LISTS[name] - {entry}) for entry in sorted(LISTS[name])[:50])
    assert whole not in list(shortened)


@pytest.mark.requirement("B9")
@pytest.mark.parametrize("spoil", BREAKS.values(), ids=BREAKS)
def test_a_broken_list_differs_from_its_pin(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    files = copy_knowledge(tmp_path)
    spoil(files)
    assert differences(files)


def test_every_drug_table_is_among_the_lists() -> None:
    assert {f"drugs/{name}" for name in COLUMNS} == {n for n in LISTS if n.startswith("drugs/")}
