"""Does a plot stand where its numbers are, and does it flatter nobody?"""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient

from cds.pages.effect_plot import draw_panels, read_effect, without_a_number, write_effect
from rules.knowledge import Knowledge
from rules.knowledge.ledger import Estimate, Study
from tests.cds.pages import Page

MINUS = "\N{MINUS SIGN}"


def estimate(value: str, low: str | None = None, high: str | None = None, **more: Any) -> Estimate:
    given = {
        "outcome": "symptoms",
        "measure": "standardised_difference",
        "better": "higher",
        "role": "main",
        "verification": "primary",
        "value": value,
        **({} if low is None else {"low": low, "high": high}),
        **more,
    }
    return Estimate.model_validate(given)


def study(*estimates: Estimate, **more: Any) -> Study:
    given = {
        "key": "s",
        "name": "S 2020",
        "participants": "30",
        "question": "q",
        "direction": "mixed",
        "result": "r",
        "verification": "primary",
        "references": ("ref",),
        "role": "ledger",
        "kind": "trial",
        "design": "d",
        "outcome": "o",
        "estimates": estimates,
        **more,
    }
    return Study.model_validate(given)


def per_cent(text: str | None) -> float:
    assert text is not None
    return float(text.removesuffix("%"))


@pytest.mark.parametrize(
    ("published", "better", "favours_drug"),
    [("0.5", "higher", True), ("-0.5", "lower", True), ("0.5", "lower", False)],
)
def test_right_of_the_line_is_always_better_with_the_drug(
    published: str, better: str, favours_drug: bool
) -> None:
    (panel,) = draw_panels([study(estimate(published, better=better))])
    (row,) = panel.rows
    assert (per_cent(row.at) > per_cent(panel.none_at)) is favours_drug
    assert row.reading.startswith("favours the drug" if favours_drug else "favours no drug")


@pytest.mark.parametrize("better", ["higher", "lower"])
def test_the_bar_holds_its_mark_and_stays_inside(better: str) -> None:
    (panel,) = draw_panels([study(estimate("0.4", "-0.1", "0.9", better=better))])
    (row,) = panel.rows
    assert 0 < per_cent(row.low) < per_cent(row.at) < per_cent(row.high) < 100


def test_both_sides_of_no_difference_can_always_be_seen() -> None:
    (panel,) = draw_panels([study(estimate("1.21"), estimate("0.4", "0.2", "0.6"))])
    assert per_cent(panel.ticks[0].at) < per_cent(panel.none_at) < per_cent(panel.ticks[-1].at)


def test_a_ratio_of_one_stands_on_the_line_and_doublings_are_alike() -> None:
    ratios = [estimate(value, measure="risk_ratio") for value in ("1", "2", "4", "0.5")]
    (panel,) = draw_panels([study(*ratios)])
    one, two, four, half = (per_cent(row.at) for row in panel.rows)
    assert one == pytest.approx(per_cent(panel.none_at))
    assert two - one == pytest.approx(four - two, abs=0.02)
    assert one - half == pytest.approx(two - one, abs=0.02)
    assert {"0.5", "1", "2", "4"} <= {tick.label for tick in panel.ticks}


def test_effects_of_different_kinds_share_no_scale() -> None:
    two = study(estimate("0.4"), estimate("27", measure="percentage_points"))
    assert [panel.measure for panel in draw_panels([two])] == [
        "standardised_difference",
        "percentage_points",
    ]


@pytest.mark.parametrize(
    ("given", "written", "read"),
    [
        (
            estimate("0.35", "0.05", "0.64"),
            "0.35 (0.05 to 0.64)",
            "favours the drug; the interval leaves out no difference",
        ),
        (
            estimate("23", "-12", "51", measure="percentage_points"),
            f"23 percentage points ({MINUS}12 to 51)",
            "favours the drug; the interval includes no difference",
        ),
        (
            estimate("1.28", "0.997", "1.64", measure="risk_ratio"),
            "1.28 (0.997 to 1.64)",
            "favours the drug; the interval includes no difference",
        ),
        (
            estimate("5.74", "0.75", "10.73", measure="score_points", better="lower"),
            "5.74 points (0.75 to 10.73)",
            "favours no drug; the interval leaves out no difference",
        ),
        (
            estimate("-1.21", better="lower"),
            f"{MINUS}1.21 (interval not known)",
            "favours the drug; how certain, is not known",
        ),
    ],
)
def test_an_effect_is_written_as_published_and_read_out(
    given: Estimate, written: str, read: str
) -> None:
    assert (write_effect(given), read_effect(given)) == (written, read)


def test_a_finished_trial_whose_main_outcome_has_no_number_is_named() -> None:
    shown = study(estimate("0.4"))
    words_only = study(estimate("20", role="subgroup", measure="percentage_points"), key="w")
    running = study(key="p", direction="pending", role="pending")
    pooled = study(key="m", kind="meta_analysis")
    assert without_a_number([shown, words_only, running, pooled]) == (words_only,)


def test_every_trial_without_benefit_stands_beside_the_plots(
    client: FlaskClient, knowledge: Knowledge
) -> None:
    """A reader of the plots alone would see the studies that happen to have numbers."""
    page = Page(client.get("/evidence").text).text
    block = page.partition("Main outcomes that are known in words only")[2]
    block = block.partition("In each plot")[0]
    missing = [
        each.name
        for each in knowledge.evidence.studies
        if each.kind == "trial"
        and each.direction in {"contrary", "null"}
        and not any(estimate.role == "main" for estimate in each.estimates)
        and each.name not in block
    ]
    assert missing == []


def test_the_intervals_of_the_pilot_are_those_worked_out_from_its_percentages(
    knowledge: Knowledge,
) -> None:
    """Newcombe's interval of two shares, 7 of 13 and 5 of 16, 6 of 13 and 3 of 16."""
    (pilot,) = [each for each in knowledge.evidence.studies if each.role == "pilot"]
    told = {each.outcome: (each.value, each.low, each.high) for each in pilot.estimates}
    assert told == {
        "response at 4 weeks": newcombe(6, 13, 3, 16),
        "remission at 4 weeks": newcombe(7, 13, 5, 16),
    }
    assert [each.excludes_no_effect for each in pilot.estimates] == [False, False]


def newcombe(first: int, of_first: int, second: int, of_second: int) -> tuple[Decimal, ...]:
    """Give difference and 95 % interval of two shares in whole percentage points."""
    share, low, high = wilson(first, of_first)
    other, other_low, other_high = wilson(second, of_second)
    difference = share - other
    down = ((share - low) ** 2 + (other_high - other) ** 2) ** 0.5
    up = ((high - share) ** 2 + (other - other_low) ** 2) ** 0.5
    ends = (difference, difference - down, difference + up)
    return tuple(Decimal(round(100 * each)) for each in ends)


def wilson(count: int, of: int, z: float = 1.959964) -> tuple[float, float, float]:
    share = count / of
    middle = share + z * z / (2 * of)
    half = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    whole = 1 + z * z / of
    return share, (middle - half) / whole, (middle + half) / whole
