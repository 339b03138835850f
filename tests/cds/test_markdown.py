"""Does a value in a card stay text, whatever it is?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cds.hooks.markdown import plain

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "<http://evil.example>",
    "http://evil.example/a",
    "www.evil.example",
    "a@evil.example",
    "a | b",
    "**bold**",
    "_em_",
    "`code`",
    "~~gone~~",
    "&lt;b&gt;",
    "a\n\n# heading",
    "\u202egnp.exe",
    "a\u200bb",
    "a\x00b",
    "- item\n- item",
    "\\[x\\]",
    "mailto:a@b.example",
]


@pytest.mark.requirement("D15")
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_value_renders_as_text_only(payload: str) -> None:
    html = (
        MarkdownIt("commonmark", {"html": True}).enable("table").render(f"- CRP {plain(payload)}\n")
    )
    inner = html.removeprefix("<ul>\n<li>CRP").removesuffix("</li>\n</ul>\n")
    assert "<" not in inner


@pytest.mark.parametrize("payload", ["http://evil.example", "www.evil.example", "a@evil.example"])
def test_an_address_does_not_become_a_link_by_itself(payload: str) -> None:
    assert payload not in plain(payload)


@pytest.mark.parametrize(
    "label",
    ["hs-CRP 4.1 mg/L", "2026-06-01", "paroxetine CR", "crp_low_mg_l = 5", "≥3 mg/L", "15%"],
)
def test_our_own_labels_pass_unchanged(label: str) -> None:
    assert plain(label) == label


@given(st.text())
def test_no_value_breaks_the_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1
