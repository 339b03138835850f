"""Can a cell do anything when a spreadsheet opens it, and does it come back as it was?"""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.exports.cells import neutralise, restore, write_table
from tests.cds.exports.readers import read_table
from tests.cds.exports.records import FORMULA

BEGINNINGS = [
    FORMULA,
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    '"=1',
    "'=1",
    "''=1",
    " =1",
    "\u00a0=1",
    "\uff1d1",
    "\tx",
    "-",
]
HARMLESS = ["", "a", "a=b", "3 - 1", "2026-06-30", "≥3", "'quoted'", "it's", "a, b", "x;y"]
SPLIT = ["a;=1", "a,=1", "a\n=1", "a\t+1", "a|@x", 'a;"=1', "a; -1", "a\r\n=1"]


def cell_of(text: str) -> str:
    """Give a cell as a reader of CSV sees it, before any apostrophe is taken away."""
    (chunk,) = write_table(["x", "y"], [{"x": text, "y": "last"}])
    _, row = csv.reader(io.StringIO(chunk.decode(), newline=""), strict=True)
    assert row[1] == "last"
    return row[0]


@pytest.mark.requirement("C8")
@pytest.mark.parametrize("text", BEGINNINGS)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell_of(text)[0] == "'"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert cell_of(text) == text


@pytest.mark.parametrize("text", SPLIT)
def test_no_formula_comes_out_where_another_program_would_split_the_cell(text: str) -> None:
    parts = [text]
    for sign in ",;|\t\r\n":
        parts = [part for each in map(neutralise, parts) for part in each.split(sign)]
    assert not [part for part in parts if part.lstrip(' "').startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", [*BEGINNINGS, *HARMLESS, *SPLIT])
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert restore(cell_of(text)) == text


@given(st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n ,;|a1\uff1d"), max_size=12))
def test_whatever_the_text_it_comes_back_as_it_was(text: str) -> None:
    assert restore(neutralise(text)) == text


@given(st.text(alphabet=st.sampled_from("=+-@'\"\t\r\n ,;|a1\uff1d"), max_size=12))
def test_whatever_the_text_no_cell_begins_a_formula(text: str) -> None:
    assert not cell_of(text).lstrip(' "').startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))


def test_a_number_of_ours_stays_a_number() -> None:
    written = b"".join(write_table(["n"], [{"n": -1}, {"n": "-1"}]))
    assert written == b"n\r\n-1\r\n'-1\r\n"


def test_what_has_no_value_is_empty() -> None:
    assert read_table(write_table(["x", "y"], [{"x": None}])) == [{"x": "", "y": ""}]


def test_a_column_that_is_not_named_is_an_error() -> None:
    with pytest.raises(ValueError, match="fields not in fieldnames"):
        b"".join(write_table(["x"], [{"z": "1"}]))
