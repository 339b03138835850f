"""Is this body plainly strict JSON? A fast look that never says yes where the exact look says no.

The exact look of `strict_json` calls Python for every object, which costs more than all the rest of
an evaluation. This one leaves every byte to compiled code. It decodes the entries of the Bundles
one by one, so that a large chart never stands in memory as a whole, and then what is around them.
"""

import re
from collections.abc import Sequence
from itertools import chain

import msgspec

# Lists become objects, so that one search finds both; quotes stay, because strings hold brackets.
_FOLDED = bytes.maketrans(b"[]", b"{}")
_NO_STRUCTURE = bytes(set(range(256)) - set(b'{}[]"'))
_STRING = re.compile(rb'"[^"]*"')

_ENTRIES = re.compile(rb'"entry"\s*:\s*\[\s*')
_COMMA = re.compile(rb"\s*,\s*")

# So much is written before its quotes are counted: neither little by little, nor all at once.
_WINDOW = 60_000

# A long number shows in every 50th sign of a body, marked where a number may hold the sign.
_STRIDE = 50
_MARKED = bytes(ord("1") if sign in b"0123456789+-.eE" else ord("0") for sign in range(256))


class _Listed(msgspec.Struct):
    entry: list[msgspec.Raw] | None = None


class _Body(msgspec.Struct):
    """A hook call or a Bundle: where the entries of a chart lie."""

    prefetch: dict[str, _Listed | None] | None = None
    entry: list[msgspec.Raw] | None = None


class _NotPlainError(ValueError):
    """Something is written in a way that only the exact look understands."""


_BODY = msgspec.json.Decoder(_Body)
_ANY = msgspec.json.Decoder()
_WRITE = msgspec.json.Encoder()


def has_unique_keys(body: bytes, max_number_length: int) -> bool:
    """Say whether a body is JSON without a repeated key beyond doubt; False means: look exactly.

    Then no number is longer than `max_number_length` or beyond a double either, and every string
    is UTF-8 without half of a surrogate pair.
    """
    if b"\\" in body and b"\\u0022" in body:  # a quote that is not written as one
        return False
    try:
        return not _may_hold_long_number(body, max_number_length) and _keeps_its_quotes(body)
    except (ValueError, OverflowError, RecursionError):
        return False


def brackets_of(body: bytes) -> bytes:
    """Give the brackets of a body of valid JSON in their order, lists written as objects."""
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    brackets = body.translate(_FOLDED, _NO_STRUCTURE).replace(b'""', b"")
    return _STRING.sub(b"", brackets) if b'"' in brackets else brackets


def is_within_depth(brackets: bytes, max_depth: int) -> bool:
    """Say whether the brackets of valid JSON are nested at most so deep."""
    for _ in range(max_depth):
        if not brackets:
            return True
        brackets = brackets.replace(b"{}", b"")  # one level: the innermost
    return not brackets


def _keeps_its_quotes(body: bytes) -> bool:
    """Say whether as many quotes come out of the codec as went in.

    Of two equal keys the codec keeps one, and the quotes of the other are missing then. Nothing
    else changes their number but a quote that is escaped by its number.
    """
    read = _BODY.decode(body)
    lists = [each.entry for each in (read.prefetch or {}).values() if each and each.entry]
    lists += [read.entry] if read.entry else []
    around = _without(lists, body)
    written = bytearray()
    kept = 0
    for raw in chain([around], *lists):
        _WRITE.encode_into(_ANY.decode(raw), written, -1)
        if len(written) > _WINDOW:
            kept += written.count(b'"')
            written.clear()
    return kept + written.count(b'"') == body.count(b'"')


def _without(lists: Sequence[Sequence[msgspec.Raw]], body: bytes) -> bytes:
    """Give what is left of a body without the entries of these lists, in their order."""
    parts: list[bytes] = []
    end = 0
    for entries in lists:
        start, after = _find(entries, body, end)
        parts.append(body[end:start])
        end = after
    return b"".join((*parts, body[end:]))


def _find(entries: Sequence[msgspec.Raw], body: bytes, begin: int) -> tuple[int, int]:
    """Say where in a body exactly these entries lie, one after the other in one list."""
    joined = b",".join(entries)
    for found in _ENTRIES.finditer(body, begin):
        start = found.end()
        if body.startswith(joined, start):
            return start, start + len(joined)
        end = _end_of(entries, body, start)
        if end is not None:
            return start, end
    raise _NotPlainError


def _end_of(entries: Sequence[msgspec.Raw], body: bytes, start: int) -> int | None:
    """Walk over entries that may have blanks between them; None where others stand there."""
    end = start
    for number, raw in enumerate(entries):
        comma = _COMMA.match(body, end) if number else None
        start = end if comma is None else comma.end()
        if (number and comma is None) or not body.startswith(bytes(raw), start):
            return None
        end = start + len(bytes(raw))
    return end


def _may_hold_long_number(body: bytes, length: int) -> bool:
    sampled = body[::_STRIDE].translate(_MARKED)
    number = re.compile(rb"[0-9+\-.eE]{%d}" % (length + 1))
    for run in re.finditer(rb"1{%d,}" % (length // _STRIDE), sampled):
        around = (run.start() - 1) * _STRIDE, (run.end() + 1) * _STRIDE
        if number.search(body, max(0, around[0]), around[1]):
            return True
    return False
