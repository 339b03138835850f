"""Do picture and table tell the same, and nothing less than the assessment?"""

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given

from cds.timeline import Timeline, draw
from rules.assessment import assess
from rules.facts import Facts
from rules.findings import Assessment
from rules.knowledge import Knowledge, load_knowledge
from tests.cds.timeline import records
from tests.cds.timeline.drawn import Drawn
from tests.rules.random_facts import CANARY
from tests.rules.random_facts import records as random_records
from tests.support import build
from tests.support.as_facts import facts_of
from tests.support.variants import with_parameters
from tests.support.verdict import knowledge_of_site
from tests.support.vignette import Vignette, vignettes

ALL = vignettes()
SHEETS = ("svg", "svg_medium", "svg_compact", "document")


@cache
def shipped() -> Knowledge:
    return load_knowledge()


def picture_of(vignette: Vignette) -> tuple[Assessment, Timeline]:
    known = knowledge_of_site(vignette, shipped())
    facts = facts_of(vignette, known)
    assessment = assess(facts, vignette.as_of, known)
    return assessment, draw(facts, assessment, known)


def unequal(timeline: Timeline, svg: str) -> list[str]:
    """Name what differs between the marks of a picture and the rows of its table."""
    marks = Drawn(svg).marks
    told = {
        row.key: "; ".join(part for part in (row.what, row.value, row.when, row.reading) if part)
        for row in timeline.rows
        if not row.picture.startswith("not drawn")
    }
    faults = [key for key, _ in marks if [k for k, _ in marks].count(key) > 1]
    faults += [f"{key}: {words}" for key, words in marks if told.get(key) != words]
    return faults + sorted(told.keys() - {key for key, _ in marks})


def untold(assessment: Assessment, timeline: Timeline) -> list[object]:
    """Name what the assessment holds and no row tells, by its resources."""
    by_sources = {(row.sources, row.what) for row in timeline.rows}
    sources = {each for row in timeline.rows for each in row.sources}
    resistance = assessment.treatment_resistance
    wanted: list[tuple[tuple[str, ...], str]] = [
        *((each.finding.sources, each.ingredient) for each in resistance.trials),
        *((each.finding.sources, each.treatment) for each in resistance.supporting),
        *((each.sources, each.marker_name) for each in assessment.inflammation.results),
    ]
    missing: list[object] = [each for each in wanted if each not in by_sources]
    others = [each.finding.sources for each in assessment.confounders]
    others += [each.finding.sources for each in assessment.suicide_signals]
    return missing + [each for each in others if not sources.issuperset(each)]


@pytest.mark.parametrize("vignette", ALL, ids=lambda each: each.id)
def test_every_mark_has_one_row_that_says_the_same(vignette: Vignette) -> None:
    _, timeline = picture_of(vignette)
    assert unequal(timeline, timeline.svg) == []


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("record", [records.eventful, records.vague, records.crowded])
def test_pictures_of_every_width_show_the_data_of_the_table(
    record: records.Record, sheet: str, knowledge: Knowledge
) -> None:
    timeline = records.timeline_of(record(), knowledge)
    assert unequal(timeline, getattr(timeline, sheet)) == []


@pytest.mark.parametrize("vignette", ALL, ids=lambda each: each.id)
def test_whatever_the_assessment_names_has_a_row(vignette: Vignette) -> None:
    assert untold(*picture_of(vignette)) == []


@given(random_records())
def test_any_record_is_drawn_as_its_table_says(facts: Facts) -> None:
    assessment = assess(facts, build.AS_OF, shipped())
    timeline = draw(facts, assessment, shipped())
    assert unequal(timeline, timeline.svg_medium) == []
    assert untold(assessment, timeline) == []


@given(random_records())
def test_no_text_of_the_record_reaches_picture_or_table(facts: Facts) -> None:
    timeline = records.timeline_of(facts, shipped())
    assert CANARY not in timeline.document
    assert CANARY not in repr(timeline.rows)


@given(random_records())
def test_the_order_of_the_record_changes_nothing(facts: Facts) -> None:
    turned = replace(
        facts,
        diagnoses=facts.diagnoses[::-1],
        exposures=facts.exposures[::-1],
        markers=facts.markers[::-1],
        scores=facts.scores[::-1],
        measurements=facts.measurements[::-1],
        procedures=facts.procedures[::-1],
        vaccinations=facts.vaccinations[::-1],
    )
    assert records.timeline_of(turned, shipped()) == records.timeline_of(facts, shipped())


def test_a_row_that_is_not_drawn_says_why(knowledge: Knowledge) -> None:
    facts = build.facts(build.crp("9", "2026-06-01", unit="furlong"))
    row = next(r for r in records.timeline_of(facts, knowledge).rows if r.what == "hs-CRP")
    assert (row.picture, row.because) == (
        "not drawn: it could not be read",
        "the unit does not fit the test",
    )


def test_the_days_of_marks_are_the_days_of_their_rows(knowledge: Knowledge) -> None:
    days = [date(2025, 9, 12), date(2026, 1, 20), date(2026, 6, 15)]
    facts = build.facts(*(build.phq9(17, day.isoformat()) for day in days))
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    places = [
        float(drawn.shapes(f"score-{number}", "circle")[0].attrib["cx"]) for number in (1, 2, 3)
    ]
    half_a_day = 0.5
    assert [drawn.days_before_the_end(place) for place in places] == pytest.approx(
        [(build.AS_OF - day).days + half_a_day for day in days], abs=0.1
    )


def test_a_bar_begins_and_ends_on_the_days_of_its_row(knowledge: Knowledge) -> None:
    facts = build.facts(
        build.diagnosis(recorded="2025-04-01"),
        build.dispense(build.SERTRALINE, "2026-02-01", 60, mg="100"),
    )
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    (bar,) = drawn.shapes("trial-1", "rect")
    left = float(bar.attrib["x"])
    right = left + float(bar.attrib["width"])
    first, after = date(2026, 2, 1), date(2026, 4, 2)
    end = build.AS_OF + timedelta(days=1)
    places = [drawn.days_before_the_end(left), drawn.days_before_the_end(right)]
    assert places == pytest.approx([(end - first).days, (end - after).days], abs=0.5)
    assert "2026-02-01 to 2026-04-01" in dict(drawn.marks)["trial-1"]


def test_what_is_higher_stands_higher(knowledge: Knowledge) -> None:
    values = ["0.4", "2.9", "3", "9.9", "10.1", "250"]
    facts = build.facts(
        *(build.crp(value, f"2026-0{month}-02") for month, value in enumerate(values, start=1))
    )
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    limits = [
        float(drawn.shapes(key, "line")[0].attrib["y1"])
        for key in ("limit-marker.crp_low_mg_l", "limit-marker.crp_acute_above_mg_l")
    ]
    rings = [float(drawn.shapes(f"result-{n}", "circle")[0].attrib["cy"]) for n in (1, 2, 3, 4)]
    assert rings == sorted(rings, reverse=True)
    assert rings[1] > limits[0] == rings[2]
    assert rings[3] > limits[1]


def test_limits_and_windows_follow_the_parameters(knowledge: Knowledge) -> None:
    changed = with_parameters(
        knowledge,
        {"marker.crp_low_mg_l": 5, "marker.recency_days": 90, "trd.severity_max_age_days": 30},
    )
    rows = {row.key: row for row in records.timeline_of(records.eventful(), changed).rows}
    assert rows["limit-marker.crp_low_mg_l"].value == "5 mg/L"
    assert rows["window-crp"].when == "2026-04-01 to 2026-06-30"
    assert rows["window-phq9"].value == "30 days"


def test_what_a_verdict_rests_on_is_never_thinned_out(knowledge: Knowledge) -> None:
    facts = records.crowded()
    assessment = assess(facts, build.AS_OF, knowledge)
    bearing = {
        *assessment.inflammation.finding.sources,
        *assessment.treatment_resistance.finding.sources,
    }
    rows = draw(facts, assessment, knowledge).rows
    assert [r.key for r in rows if bearing & set(r.sources) and r.picture.startswith("not")] == []


def test_what_is_left_out_for_space_is_counted_in_words(knowledge: Knowledge) -> None:
    timeline = records.timeline_of(records.crowded(), knowledge)
    left = [row for row in timeline.rows if row.picture.endswith("for space")]
    trials = sum(row.group == "Antidepressant trials" for row in left)
    assert f"{trials} further trials are in the table only" in " ".join(timeline.notes)


def test_types_that_did_not_arrive_are_named_under_the_picture(knowledge: Knowledge) -> None:
    notes = " ".join(records.timeline_of(records.vague(), knowledge).notes)
    assert "diagnoses (the server answered 403)" in notes
    assert "vaccinations (the server answered 403)" in notes


def test_nothing_found_is_told_as_not_received_and_not_as_none(knowledge: Knowledge) -> None:
    (note,) = records.timeline_of(records.empty(), knowledge).notes
    assert note.endswith("That does not show that there is none.")


def test_a_trial_without_a_date_stands_in_words_beside_the_axis(knowledge: Knowledge) -> None:
    facts = build.facts(build.statement(build.BUPROPION, None, mg="300"))
    row = records.timeline_of(facts, knowledge).rows[0]
    assert row.picture == "in words: no usable date in the record"


def test_what_lies_before_the_days_shown_is_told_and_not_squeezed_in(
    knowledge: Knowledge,
) -> None:
    facts = build.facts(
        build.dispense(build.SERTRALINE, "2015-02-01", 60, mg="100"), build.crp("4", "2015-03-01")
    )
    rows = {row.what: row for row in records.timeline_of(facts, knowledge).rows}
    assert rows["sertraline"].picture == "in words: before the days shown: 2015-02-01 to 2015-04-01"
    assert rows["hs-CRP"].picture == "not drawn: dated before the days shown"
