"""Is the picture sound? Valid, small, legible at every width, in grey, and without a script."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given

from cds.timeline import Timeline
from cds.timeline.ink import INKS, PAPER, QUIET, SHADE, SHADE_EDGE, TEXT, TODAY
from cds.timeline.lettering import SIZE
from cds.timeline.sheet import COMPACT, MEDIUM, WIDE
from rules.facts import Drug, Facts
from rules.knowledge import Knowledge
from tests.cds.timeline import records
from tests.cds.timeline.drawn import Drawn
from tests.cds.timeline.test_drawn_data import ALL, SHEETS, picture_of, shipped
from tests.rules.random_facts import records as random_records
from tests.support import build
from tests.support.vignette import Vignette

LARGEST = 100_000
TRIED = [records.eventful, records.vague, records.crowded, records.empty]
REFERENCE = re.compile(r"url\(#([\w-]+)\)")


def pictures(timeline: Timeline) -> Iterator[str]:
    return (getattr(timeline, sheet) for sheet in SHEETS)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def without_colour(element: Element) -> list[tuple[str, str, str]]:
    """The shapes of a mark in grey: their kind, their course, and how they are filled."""
    return [
        (each.tag, re.sub(r"[\d.]+", "", each.get("d", "")), _filled(each.get("fill", "")))
        for each in element
        if each.tag.endswith(("rect", "circle", "path", "line"))
    ]


def _filled(fill: str) -> str:
    return "paper" if fill == PAPER else "pattern" if fill.startswith("url(") else "ink"


@pytest.mark.parametrize("vignette", ALL, ids=lambda each: each.id)
def test_no_text_of_a_picture_covers_another_or_leaves_the_paper(vignette: Vignette) -> None:
    _, timeline = picture_of(vignette)
    drawn = [Drawn(svg) for svg in pictures(timeline)]
    assert [each.collisions() for each in drawn] == [[]] * len(drawn)
    assert [each.outside() for each in drawn] == [[]] * len(drawn)


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("record", TRIED)
def test_labels_keep_apart_where_much_happens(
    record: records.Record, sheet: str, knowledge: Knowledge
) -> None:
    drawn = Drawn(getattr(records.timeline_of(record(), knowledge), sheet))
    assert (drawn.collisions(), drawn.outside()) == ([], [])


@given(random_records())
def test_labels_keep_apart_for_any_record(facts: Facts) -> None:
    drawn = Drawn(records.timeline_of(facts, shipped()).svg_compact)
    assert (drawn.collisions(), drawn.outside()) == ([], [])


@pytest.mark.parametrize("record", TRIED)
def test_a_picture_stays_under_100_kilobytes(record: records.Record, knowledge: Knowledge) -> None:
    timeline = records.timeline_of(record(), knowledge)
    assert max(len(svg.encode()) for svg in pictures(timeline)) <= LARGEST


def test_the_pictures_of_a_vignette_together_stay_under_100_kilobytes() -> None:
    sizes = [sum(len(svg.encode()) for svg in pictures(picture_of(each)[1])) for each in ALL]
    assert max(sizes) <= LARGEST


def test_the_same_assessment_gives_the_same_picture_sign_for_sign(knowledge: Knowledge) -> None:
    first, second = (records.timeline_of(records.eventful(), knowledge) for _ in range(2))
    assert list(pictures(first)) == list(pictures(second))


def test_a_picture_has_a_name_and_a_description(knowledge: Knowledge) -> None:
    for svg in pictures(records.timeline_of(records.vague(), knowledge)):
        drawn = Drawn(svg)
        named = drawn.root.attrib["aria-labelledby"].split()
        words = {each.get("id"): each.text for each in drawn.elements if each.get("id")}
        assert drawn.root.attrib["role"] == "img"
        assert words[named[0]] == "Timeline of treatment, symptoms and CRP"
        assert "diagnoses (the server answered 403)" in (words[named[1]] or "")


def test_a_picture_holds_no_script_no_style_and_no_reference_to_elsewhere(
    knowledge: Knowledge,
) -> None:
    for svg in pictures(records.timeline_of(records.eventful(), knowledge)):
        drawn = Drawn(svg)
        names = {each.tag.rpartition("}")[2] for each in drawn.elements}
        attributes = {name for each in drawn.elements for name in each.attrib}
        ids = {each.get("id") for each in drawn.elements}
        allowed = {
            "svg", "title", "desc", "g", "rect", "line", "path", "text", "circle", "polyline",
            "pattern",
        }  # fmt: skip
        assert names <= allowed
        assert not {each for each in attributes if each == "style" or each.startswith("on")}
        assert not {each for each in attributes if "href" in each}
        assert set(REFERENCE.findall(svg)) <= ids


def test_pictures_on_one_page_share_no_id(knowledge: Knowledge) -> None:
    timeline = records.timeline_of(records.eventful(), knowledge)
    ids = [each.get("id") for svg in pictures(timeline) for each in Drawn(svg).elements]
    known = [each for each in ids if each]
    assert len(known) == len(set(known))


def test_hostile_names_are_escaped_and_what_xml_cannot_hold_is_left_out(
    knowledge: Knowledge,
) -> None:
    name = "<script>alert('1')</script>&\x00\x1b\ud7ff\ufffe"
    drug = Drug(name=name, roles=frozenset({"antidepressant"}), dose_row="sertraline")
    facts = build.facts(build.dispense(drug, "2026-01-05", 60, mg="100"))
    for svg in pictures(records.timeline_of(facts, knowledge)):
        assert "<script" not in svg
        assert any("alert" in (text.text or "") for text in Drawn(svg).texts)


def test_no_text_is_smaller_than_12_pixels_at_320_pixels(knowledge: Knowledge) -> None:
    drawn = Drawn(records.timeline_of(records.eventful(), knowledge).svg_compact)
    margins = 2 * 16  # of the page, at each side
    left, _, right, _ = drawn.size
    sizes = {float(each.get("font-size", drawn.root.attrib["font-size"])) for each in drawn.texts}
    assert right - left == COMPACT.width == 320 - margins
    assert min(sizes) == SIZE >= 12


@pytest.mark.parametrize("ink", sorted({*INKS.values(), TEXT, QUIET, TODAY}))
@pytest.mark.parametrize("ground", [PAPER, SHADE])
def test_texts_and_marks_have_contrast_on_paper_and_on_shade(ink: str, ground: str) -> None:
    assert contrast(ink, ground) >= 4.5


def test_the_edge_of_a_window_can_be_seen() -> None:
    assert contrast(SHADE_EDGE, SHADE) >= 3


def test_grades_of_treatment_differ_in_grey_too(knowledge: Knowledge) -> None:
    drawn = Drawn(records.timeline_of(records.eventful(), knowledge).svg)
    full, slanting, outline = "trial-4", "support-1", "trial-1"
    looks = [repr(without_colour(drawn.mark(key))) for key in (full, slanting, outline)]
    assert len(set(looks)) == len(looks)


def test_labels_of_results_differ_in_grey_too(knowledge: Knowledge) -> None:
    facts = build.facts(
        build.diagnosis("J18.9", onset="2026-05-20", abatement="2026-05-30"),
        build.crp("1", "2026-01-02"),
        build.crp("4", "2026-02-02"),
        build.crp("22", "2026-03-02"),
        build.crp("5", "2026-04-02", comparator="<"),
        build.crp("4", "2026-06-02"),
    )
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    looks = [repr(without_colour(drawn.mark(f"result-{number}"))) for number in range(1, 6)]
    assert len(set(looks)) == len(looks)


def test_each_look_of_a_picture_is_explained_below_it(knowledge: Knowledge) -> None:
    drawn = Drawn(records.timeline_of(records.eventful(), knowledge).svg)
    words = {each.text for each in drawn.texts}
    assert words >= {
        "Adequate, not enough response", "Not settled", "Not counted",
        "CRP: raised", "CRP: acute range", "CRP: below the cut-off",
        "CRP: raised, near a possible acute cause", "CRP: a bound, the value lies beyond",
    }  # fmt: skip


def test_a_bound_is_drawn_as_a_bar_with_an_arrow_and_not_as_a_point(knowledge: Knowledge) -> None:
    facts = build.facts(build.crp("5", "2026-06-01", comparator="<"))
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    assert drawn.shapes("result-1", "circle") == []
    arrow = drawn.shapes("result-1", "path")[0].attrib["d"]
    bar = float(drawn.shapes("result-1", "line")[0].attrib["y1"])
    assert min(float(y) for y in re.findall(r" ([\d.]+)", arrow)) > bar


def test_a_date_known_to_the_month_is_drawn_as_long_as_the_month(knowledge: Knowledge) -> None:
    facts = build.facts(build.crp("4", "2026-05"), build.crp("4", "2026-04-01"))
    drawn = Drawn(records.timeline_of(facts, knowledge).svg)
    assert drawn.shapes("result-1", "path") == []
    (bracket,) = drawn.shapes("result-2", "path")
    left, right = (float(each) for each in re.findall(r"M([\d.]+) ", bracket.attrib["d"])[::2])
    day = float(drawn.shapes("window-crp", "rect")[0].attrib["width"]) / 181
    assert right - left == pytest.approx(31 * day, abs=0.5)


def test_a_higher_dose_is_a_higher_step(knowledge: Knowledge) -> None:
    drawn = Drawn(records.timeline_of(records.eventful(), knowledge).svg)
    heights = [float(each.attrib["height"]) for each in drawn.shapes("trial-3", "rect")]
    assert len(heights) == 3
    assert heights == sorted(set(heights))


def test_the_document_is_whole_by_itself(knowledge: Knowledge) -> None:
    document = records.timeline_of(records.vague(), knowledge).document
    told = " ".join(each.text or "" for each in Drawn(document).texts)
    assert document.startswith("<?xml ")
    assert "Missing in part or whole: diagnoses" in told
    assert "Not a medical device" in told


def test_the_stylesheet_changes_pictures_where_the_next_one_fits() -> None:
    css = (Path(__file__).parents[3] / "cds" / "static" / "timeline.css").read_text("utf-8")
    changes = re.findall(r"@container \(min-width: (\d+)px\)", css)
    assert [float(each) for each in changes] == [MEDIUM.width, WIDE.width]
