"""What becomes of what records really hold? Ranges, repeats, long ago, the edges of time."""

from datetime import date

import pytest

from cds.timeline import Timeline
from cds.timeline.rows import Row
from rules.facts import Drug
from rules.knowledge import Knowledge
from tests.cds.timeline import records
from tests.cds.timeline.drawn import Drawn
from tests.support import build

DEPRESSED = build.diagnosis(recorded="2025-04-01")
IL_6, ESR, LITHIUM_LEVEL = "26881-3", "4537-7", "14334-7"
LITHIUM = Drug(name="lithium", roles=frozenset({"augmentation"}))


def row(timeline: Timeline, what: str) -> Row:
    return next(each for each in timeline.rows if each.what == what)


def test_a_range_of_doses_is_told_with_both_ends(knowledge: Knowledge) -> None:
    facts = build.facts(DEPRESSED, build.dispense(build.SERTRALINE, "2026-01-05", 60, mg="50-100"))
    assert row(records.timeline_of(facts, knowledge), "sertraline").value == "50 to 100 mg/day"


def test_a_dose_that_is_not_recorded_is_told_as_not_known(knowledge: Knowledge) -> None:
    facts = build.facts(DEPRESSED, build.dispense(build.SERTRALINE, "2026-01-05", 60, mg=None))
    assert row(records.timeline_of(facts, knowledge), "sertraline").value == "dose not known"


def test_changes_of_dose_are_told_in_their_order(knowledge: Knowledge) -> None:
    facts = build.facts(
        DEPRESSED,
        build.dispense(build.SERTRALINE, "2026-01-01", 30, mg="50"),
        build.dispense(build.SERTRALINE, "2026-01-31", 30, mg="100"),
        build.dispense(build.SERTRALINE, "2026-03-02", 30, mg="50"),
    )
    assert row(records.timeline_of(facts, knowledge), "sertraline").value == (
        "50 → 100 → 50 mg/day"
    )


def test_a_trial_that_goes_on_has_an_open_end(knowledge: Knowledge) -> None:
    facts = build.facts(DEPRESSED, build.refills(build.SERTRALINE, "2026-03-01", 150, mg="100"))
    timeline = records.timeline_of(facts, knowledge)
    arrows = Drawn(timeline.svg).shapes("trial-1", "path")
    assert len(arrows) == 1
    assert "or later" in row(timeline, "sertraline").when


def test_a_bar_that_began_before_the_days_shown_has_an_arrow_at_the_left(
    knowledge: Knowledge,
) -> None:
    facts = build.facts(
        DEPRESSED, build.statement(build.SERTRALINE, "2020-01-01", "2026-01-31", mg="100")
    )
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    (bar,) = drawn.shapes("trial-1", "rect")
    (arrow,) = drawn.shapes("trial-1", "path")
    assert float(arrow.attrib["d"][1:].split()[0]) < float(bar.attrib["x"])


def test_further_intake_of_a_drug_stands_behind_its_trial(knowledge: Knowledge) -> None:
    timeline = records.timeline_of(records.eventful(), knowledge)
    assert row(timeline, "sertraline, further intake").when == "2024-09-01 to 2024-10-30"


def test_an_order_and_its_supply_are_one_bar(knowledge: Knowledge) -> None:
    facts = build.facts(
        DEPRESSED,
        build.refills(build.SERTRALINE, "2026-01-01", 150, mg="100"),
        build.order(build.ARIPIPRAZOLE, "2026-02-01", 60, mg="5"),
        build.dispense(build.ARIPIPRAZOLE, "2026-02-03", 60, mg="5"),
    )
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    assert len(drawn.shapes("support-1", "rect")) == 1


def test_an_augmentation_with_a_blood_level_keeps_its_bar(knowledge: Knowledge) -> None:
    facts = build.facts(
        DEPRESSED,
        build.refills(build.SERTRALINE, "2026-01-01", 150, mg="100"),
        build.dispense(LITHIUM, "2026-02-01", 60, mg="900"),
        build.measurement(LITHIUM_LEVEL, "0.7", "2026-03-01", unit="mmol/L"),
    )
    timeline = records.timeline_of(facts, knowledge)
    assert row(timeline, "lithium").when == "2026-02-01 to 2026-04-01"


def test_results_of_one_marker_share_one_strip(knowledge: Knowledge) -> None:
    facts = build.facts(
        *(
            build.crp("4", f"2026-0{month}-02", code=code, unit=unit)
            for month in (1, 3, 5)
            for code, unit in ((IL_6, "pg/mL"), (ESR, "mm/h"))
        )
    )
    texts = [each.text for each in Drawn(records.timeline_of(facts, knowledge).svg).texts]
    assert (texts.count("IL-6"), texts.count("ESR")) == (1, 1)


def test_standard_and_high_sensitivity_results_are_told_apart(knowledge: Knowledge) -> None:
    facts = build.facts(build.crp("4", "2026-03-02"), build.crp("6", "2026-05-02", code="1988-5"))
    texts = {each.text for each in Drawn(records.timeline_of(facts, knowledge).svg).texts}
    assert {"hs 4", "6", "mg/L, hs: high-sensitivity assay"} <= texts


def test_a_blockade_of_long_ago_has_a_row_and_no_shade(knowledge: Knowledge) -> None:
    facts = build.facts(build.administration(build.TOCILIZUMAB, "2019-02-01"))
    blocked = row(records.timeline_of(facts, knowledge), "Days on which CRP cannot be read")
    assert blocked.picture == "not drawn: dated before the days shown"


def test_a_result_under_a_blockade_is_crossed_out_and_told_as_not_read(
    knowledge: Knowledge,
) -> None:
    result = row(records.timeline_of(records.vague(), knowledge), "hs-CRP")
    assert result.reading.startswith("Not read: under or soon after a drug that blocks IL-6")


def test_a_score_dated_to_the_month_is_drawn_as_not_used(knowledge: Knowledge) -> None:
    facts = build.facts(build.phq9(12, "2026-04"))
    score = row(records.timeline_of(facts, knowledge), "PHQ-9")
    assert (score.picture, score.reading, score.because) == (
        "drawn",
        "Not used",
        "a score dated only 2026-04",
    )


def test_a_score_made_in_error_is_not_drawn(knowledge: Knowledge) -> None:
    facts = build.facts(build.phq9(12, "2026-04-02", status="entered-in-error"))
    score = row(records.timeline_of(facts, knowledge), "PHQ-9")
    assert score.picture == "not drawn: status entered-in-error"


def test_each_scale_has_a_strip_of_its_own(knowledge: Knowledge) -> None:
    facts = build.facts(
        build.phq9(12, "2026-04-02"),
        build.score("89209-1", 31, "2026-04-02"),
        build.score("70274-6", 15, "2026-04-02"),
    )
    timeline = records.timeline_of(facts, knowledge)
    assert [panel.lane for panel in timeline.scene.panels] == ["PHQ-9", "BDI-II", "GAD-7", "CRP"]
    assert row(timeline, "GAD-7").reading == "Shown only, never compared"


def test_a_safety_entry_without_a_date_stands_in_words(knowledge: Knowledge) -> None:
    facts = build.facts(build.diagnosis("R45.851"))
    entry = row(records.timeline_of(facts, knowledge), "Entry about suicidal thoughts or self-harm")
    assert entry.picture == "in words: no date in the record"


@pytest.mark.parametrize("as_of", [date(1, 1, 1), date(1900, 2, 28), date(9999, 12, 31)])
@pytest.mark.parametrize("record", [records.eventful, records.empty])
def test_the_edges_of_the_calendar_are_drawn_too(
    record: records.Record, as_of: date, knowledge: Knowledge
) -> None:
    timeline = records.timeline_of(record(), knowledge, as_of)
    drawn = Drawn(timeline.svg)
    assert (drawn.collisions(), drawn.outside()) == ([], [])
