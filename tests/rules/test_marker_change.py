"""Is what would change the marker status named, and nothing asked for?"""

import pytest

from rules.facts import Incomplete
from rules.findings import InflammationStatus
from rules.knowledge import Knowledge
from rules.marker_change import explain_marker_change
from tests.support.build import unread
from tests.support.verdict import assess_vignette
from tests.support.vignette import vignette_named

UNREAD = unread("Observation", "the server answered 403")


@pytest.mark.parametrize(
    ("status", "notes", "named"),
    [
        (
            "raised_once",
            (),
            ("a second raised CRP at least 14 days apart, with no normal one between",),
        ),
        ("possible_acute", ("confounded",), ("a CRP apart from an acute illness",)),
        ("unknown", ("il6_blockade",), ("a CRP more than 60 days after the IL-6 blocker",)),
        ("unknown", ("no_unit",), ("a CRP with its unit within 180 days",)),
        ("unknown", (), ("a CRP within 180 days",)),
        ("stale", (), ("a CRP within 180 days",)),
        ("raised_persistent", (), ()),
        ("normal", (), ()),
    ],
)
def test_what_is_missing_is_named(
    status: str, notes: tuple[str, ...], named: tuple[str, ...], knowledge: Knowledge
) -> None:
    assert explain_marker_change(InflammationStatus(status), notes, None, knowledge) == named


@pytest.mark.parametrize("status", list(InflammationStatus))
def test_results_that_did_not_arrive_are_named_first(
    status: InflammationStatus, knowledge: Knowledge
) -> None:
    assert isinstance(UNREAD, Incomplete)
    named = explain_marker_change(status, (), UNREAD, knowledge)
    assert named[0] == "the observations of the record"


def test_an_assessment_carries_it(knowledge: Knowledge) -> None:
    told = assess_vignette(vignette_named("M06"), knowledge).inflammation
    assert told.would_change == (
        "a second raised CRP at least 14 days apart, with no normal one between",
    )
