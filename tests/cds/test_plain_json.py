"""Does the fast look at a body ever say yes where the exact one says no, and is it ever used?"""

import json
import tracemalloc
from typing import Any, NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds import strict_json
from cds.errors import BodyTooLarge, MalformedBody
from cds.plain_json import brackets_of, has_unique_keys, is_within_depth
from cds.strict_json import MAX_DEPTH, MAX_NUMBER_LENGTH, OBJECTS_IN_ANY_BODY, check_json
from tests.cds.charts import bundle, hook_request

ENTRIES = 3_000


def vouches_for(body: bytes) -> bool:
    return has_unique_keys(body, MAX_NUMBER_LENGTH) and is_within_depth(
        brackets_of(body), MAX_DEPTH
    )


def is_strict(body: bytes) -> bool:
    try:
        strict_json._look_exactly(body)
    except MalformedBody:
        return False
    return True


def compact(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def spaced(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()


PLAIN = [
    compact(bundle()),
    spaced(bundle()),
    compact(hook_request()),
    spaced(hook_request()),
    b'{"entry":[ {"a":1} , {"b":2}\n,{"c":3} ],"entry2":[{"a":1}]}',
    b'{"x":{"entry":[{"a":1}]},"entry":[{"a":1},{"a":1}]}',
    b'{"prefetch":{"a":null,"b":{"entry":null},"c":{"entry":[]}},"entry":null}',
    b'{"text":"{[ \\" \\\\","a":"}","b":1.5e3,"c":"\\u00e9"}',
    b'{"a":' + b"9" * MAX_NUMBER_LENGTH + b"}",
]


@pytest.mark.parametrize("body", PLAIN)
def test_what_servers_send_needs_no_exact_look(body: bytes) -> None:
    assert vouches_for(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"entry":[{"a":1,"a":1}]}',
        b'{"entry":[{"a":{"b":[{"c":1,"c":2}]}}]}',
        b'{"entry":[{"a":1}],"entry":[{"a":1}]}',
        b'{"prefetch":{"x":{"entry":[{"a":1}]},"x":{"entry":[{"a":1}]}}}',
        b'{"prefetch":{"x":{"entry":[{"a":1}],"entry":[{"a":1}]}}}',
        b'{"prefetch":{},"prefetch":{}}',
        b'{"a":1,"\\u0061":2}',
        b'{"a\\u0022":1,"b":{"c":1,"c":2}}',
        b'{"a":1e400}',
        b'{"entry":[{"a":1e400}]}',
        b'{"entry":[{"a":"\\ud800"}]}',
        b'{"entry":[{"a":"\xff"}]}',
        b'{"entry":[{"a":' + b"9" * 301 + b"}]}",
        b'{"entry":[{"a":0.' + b"9" * 301 + b"}]}",
        b'{"entry":[' + b"[" * 62 + b'{"a":1}' + b"]" * 62 + b"]}",
        b'{"a":"]]]]",' + b'"b":[' * 70 + b"]" * 70 + b"}",
        b'{"a":' + b'["}}}}",' * 70 + b"1" + b"]" * 70 + b"}",
    ],
)
def test_nothing_that_must_be_refused_is_vouched_for(body: bytes) -> None:
    assert not vouches_for(body)
    assert not is_strict(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":"' + b"1" * 5_000 + b'"}',
        b'{"a":"\\u0022"}',
        b'{"prefetch":"words"}',
        b'{"entry":{"a":1}}',
    ],
)
def test_what_it_does_not_vouch_for_may_still_be_strict(body: bytes) -> None:
    assert not vouches_for(body)
    assert check_json(body) == body


KEYS = st.sampled_from(["a", "b", "entry", "prefetch", 'q"', "é", "\\", "{"])
LEAVES = st.sampled_from(
    ["1", "-0", "2.50", "1e5", "1e400", "null", "true", '"x"', '"{["', '"\\""', '"\\u0022"',
     '"\\\\"', '"é"', '"\\ud800"', '"\\ud83d\\ude00"', "", "01", '"entry"', '"\\"entry\\":["']
)  # fmt: skip
BLANKS = st.sampled_from(["", "", "", " ", "\n"])


@st.composite
def written(draw: st.DrawFn, depth: int = 3) -> str:
    """Write a value as foreign software may: keys twice, odd blanks, and sometimes no JSON."""
    kind = draw(st.sampled_from(["leaf", "list", "object", "object"])) if depth else "leaf"
    if kind == "leaf":
        return draw(LEAVES)
    blank = draw(BLANKS)
    values = draw(st.lists(written(depth - 1), max_size=3))
    if kind == "list":
        return "[" + f"{blank},{blank}".join(values) + "]"
    names = (json.dumps(draw(KEYS), ensure_ascii=draw(st.booleans())) for _ in values)
    members = (f"{name}{blank}:{value}" for name, value in zip(names, values, strict=True))
    return "{" + f",{blank}".join(members) + "}"


@given(written(depth=5))
def test_a_body_that_is_vouched_for_is_strict(text: str) -> None:
    body = text.encode()
    assert not (body.startswith(b"{") and vouches_for(body)) or is_strict(body)


@given(st.sampled_from(PLAIN), st.data())
def test_a_damaged_body_that_is_vouched_for_is_strict(body: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(1, len(body) - 1))
    damage = data.draw(st.sampled_from([b"", b'"', b"{", b"]", b",", b'"a":1,', b"\\", b"\xff"]))
    damaged = body[:place] + damage + body[place + data.draw(st.integers(0, 3)) :]
    assert not vouches_for(damaged) or is_strict(damaged)


@pytest.fixture
def exact_look_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: bytes) -> NoReturn:
        raise AssertionError("looked at object by object")

    monkeypatch.setattr(strict_json, "_look_exactly", fail)


@pytest.mark.usefixtures("exact_look_fails")
@pytest.mark.parametrize("item", [b"{}", b"[]", b'{"a":{}}'])
def test_more_objects_than_a_chart_has_are_refused_unread(item: bytes) -> None:
    body = b'{"entry":[' + b",".join([item] * (OBJECTS_IN_ANY_BODY + 1)) + b"]}"
    with pytest.raises(BodyTooLarge):
        check_json(body)


@pytest.mark.usefixtures("exact_look_fails")
def test_a_large_chart_is_checked_without_standing_in_memory() -> None:
    result = bundle()["entry"][-1]
    body = compact(bundle() | {"entry": [result] * ENTRIES})
    tracemalloc.start()
    check_json(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(body)
