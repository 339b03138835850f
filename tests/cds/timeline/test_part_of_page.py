"""Does the part of a page hold the pictures and, as a table, every row?"""

import re

import pytest
from flask import Flask, render_template_string

from cds.timeline import Timeline
from rules.knowledge import Knowledge
from tests.cds.pages import Page
from tests.cds.timeline import records

PART = '{% from "timeline.html" import show_timeline %}{{ show_timeline(timeline) }}'


def show(timeline: Timeline) -> str:
    with Flask("cds").app_context():
        return render_template_string(PART, timeline=timeline)


@pytest.fixture(scope="module")
def timeline(knowledge: Knowledge) -> Timeline:
    return records.timeline_of(records.eventful(), knowledge)


def test_the_part_is_well_formed_and_gives_no_id_twice(timeline: Timeline) -> None:
    page = Page(show(timeline))
    assert page.faults == []
    assert len(page.ids) == len(set(page.ids))


def test_the_table_has_a_line_for_each_row_in_the_order_of_the_rows(timeline: Timeline) -> None:
    lines = re.findall(r'<tr role="row" id="timeline-row-([^"]+)">', show(timeline))
    assert lines == [row.key for row in timeline.rows]


def test_a_line_tells_what_value_date_reading_and_sources(timeline: Timeline) -> None:
    texts = Page(show(timeline)).texts
    row = next(each for each in timeline.rows if each.key == "result-1")
    assert {row.what, row.value, row.when, row.picture, *row.sources} <= set(texts)


def test_the_table_has_a_caption_and_headings_for_columns_and_parts(timeline: Timeline) -> None:
    page = show(timeline)
    assert "<caption>" in page
    assert page.count('scope="col"') == 6
    assert page.count('scope="rowgroup"') == len(timeline.groups)


def test_the_pictures_stand_in_a_region_that_can_be_reached_and_scrolled(
    timeline: Timeline,
) -> None:
    (room,) = [each for _, each in Page(show(timeline)).attributes if each.get("role") == "region"]
    assert room["tabindex"] == "0"
    assert room["aria-label"] == timeline.title


def test_nothing_of_the_part_is_styled_or_run_inline(timeline: Timeline) -> None:
    attributes = {name for _, each in Page(show(timeline)).attributes for name in each}
    assert not {name for name in attributes if name == "style" or name.startswith("on")}


def test_notes_stand_under_the_picture_as_text(timeline: Timeline) -> None:
    assert set(timeline.notes) <= set(Page(show(timeline)).texts)


def test_the_part_can_be_included_or_called_by_its_halves(timeline: Timeline) -> None:
    with Flask("cds").app_context():
        included = render_template_string('{% include "timeline.html" %}', timeline=timeline)
        halves = render_template_string(
            '{% import "timeline.html" as parts %}'
            "{{ parts.show_picture(known) }}{{ parts.show_rows(known) }}",
            known=timeline,
        )
    assert included.split() == halves.split() == show(timeline).split()
