"""Does every requirement of the service have its test, or a reason why it has none?"""

from pathlib import Path

import pytest

from tests.conformance.requirement_marks import (
    LIST,
    REASONS,
    family_of,
    marked_tests,
    marks_in,
    read_levels,
    reasons,
    requirement_levels,
)

SPECIFICATION = Path(__file__).parents[3] / "shared" / "integration" / "requirements.csv"


def test_every_requirement_has_a_test_or_a_reason() -> None:
    missing = requirement_levels().keys() - marked_tests().keys() - reasons().keys()
    assert sorted(missing) == [], f"mark the test that proves it, or say why in {REASONS.name}"


def test_no_reason_is_left_where_there_is_a_test() -> None:
    stale = reasons().keys() & marked_tests().keys()
    assert {identity: marked_tests()[identity] for identity in stale} == {}


def test_a_reason_is_a_sentence_about_a_requirement_that_exists() -> None:
    assert reasons().keys() - requirement_levels().keys() == set()
    assert [each for each in reasons().values() if len(each) < 20 or each[-1] != "."] == []


def test_no_test_names_a_requirement_that_does_not_exist() -> None:
    """Ids of other families are of other lists."""
    families = {family_of(identity) for identity in requirement_levels()}
    unknown = marked_tests().keys() - requirement_levels().keys()
    assert [identity for identity in sorted(unknown) if family_of(identity) in families] == []


@pytest.mark.skipif(not SPECIFICATION.is_file(), reason="the specification is not beside this")
def test_the_list_is_that_of_the_specification() -> None:
    assert read_levels(LIST) == read_levels(SPECIFICATION)


def test_a_planted_mark_is_found() -> None:
    planted = '@pytest.mark.requirement("CARD-2", "I@83")\ndef test_x():\n    pass\n'
    assert list(marks_in(planted)) == ["CARD-2", "I@83"]
