"""Which bodies are refused before anybody looks for a patient in them?"""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds.errors import MalformedBody
from cds.strict_json import MAX_DEPTH, MAX_NUMBER_LENGTH, check_json


def nested(objects: int) -> bytes:
    return b'{"a":' * objects + b"1" + b"}" * objects


def refused(body: bytes) -> str:
    with pytest.raises(MalformedBody) as caught:
        check_json(body)
    return caught.value.message


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"{", "not valid JSON"),
        (b'{"a": 1} x', "not valid JSON"),
        (b"{'a': 1}", "not valid JSON"),
        (b'{"a": 1,}', "not valid JSON"),
        (b'{"a": "\x01"}', "not valid JSON"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b'"text"', "not an object"),
        (b"7", "not an object"),
        (b'{"a": "\xff"}', "UTF-8"),
        ('{"a": "é"}'.encode("utf-16"), "UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "UTF-8"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "NaN"),
        (b'{"a": 1e400}', "number"),
        (b'{"a": -1e400}', "number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "number"),
        (b'{"a": 0.' + b"1" * 5000 + b"}", "number"),
        (b'{"a": "\\ud800"}', "surrogate"),
        (b'{"\\udc00": 1}', "surrogate"),
        (b'{"a": "\\ud800\\u0041"}', "surrogate"),
        (nested(MAX_DEPTH + 1), "nested"),
        (b'{"a":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", "nested"),
        (nested(100_000), "nested"),
        (b"[" * 100_000, "nested"),
    ],
)
@pytest.mark.requirement("D12")
def test_a_body_with_two_readings_is_refused(body: bytes, words: str) -> None:
    assert words in refused(body)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'\n{"a": [1, 2.50, -3e-4, true, null]}',
        '{"a": "é 😀"}'.encode(),
        b'{"a": "\\ud83d\\ude00"}',
        b'{"a": "\\\\ud800"}',
        b'{"a": "\\u0000"}',
        b'{"__proto__": {"a": 1}, "a": 1}',
        nested(MAX_DEPTH),
        b'{"a":' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}",
        b'{"a": ' + b"9" * MAX_NUMBER_LENGTH + b"}",
    ],
)
def test_a_strict_object_passes_unchanged(body: bytes) -> None:
    assert check_json(body) == body


def test_a_byte_order_mark_is_taken_off() -> None:
    assert check_json(b'\xef\xbb\xbf{"a": 1}') == b'{"a": 1}'


def test_a_repeated_key_is_named_when_it_is_an_element_of_fhir() -> None:
    assert '"status"' in refused(b'{"entry": [{"status": "final", "status": "final"}]}')


def test_a_repeated_key_that_nobody_knows_is_not_repeated_to_the_caller() -> None:
    assert "Jane" not in refused(b'{"Jane Doe": 1, "Jane Doe": 2}')


def test_a_key_repeated_in_another_spelling_is_found() -> None:
    assert "twice" in refused(b'{"status": 1, "st\\u0061tus": 2}')


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), VALUES, max_size=5))
def test_whatever_the_codec_writes_passes(value: dict[str, object]) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", errors="replace")
    assert check_json(body) == body


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_in_words(body: bytes) -> None:
    try:
        checked = check_json(body)
    except MalformedBody as error:
        outcome: object = error.message
    else:
        outcome = msgspec.json.decode(checked)
    assert isinstance(outcome, dict) or str(outcome).endswith(".")
